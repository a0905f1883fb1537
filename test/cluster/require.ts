import { toolsAreBuilt, toolsFolder } from './tools-folder.ts';

/**
 * Why tests on a real Kubernetes cannot run here, for a `describe.skipIf`; undefined where they can. Throws instead where
 * MODELGRAPH_TEST_REQUIRE=all: there, a skip would hide a broken set-up.
 */
export function requireCluster(): string | undefined {
  if (process.platform === 'linux' && toolsAreBuilt) return undefined;
  const cause =
    process.platform === 'linux' ? `no ${toolsFolder}, run test/cluster/build-tools.sh` : 'this is no Linux';
  const reason = `skipped: ${cause}`;
  if (process.env.MODELGRAPH_TEST_REQUIRE === 'all') throw new Error(`MODELGRAPH_TEST_REQUIRE=all, but ${reason}`);
  return reason;
}
