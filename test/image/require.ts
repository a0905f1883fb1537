import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Debian's packages that build and run an image; each brings a command of its name. */
const TOOLS = ['buildah', 'podman', 'runc', 'mmdebstrap'] as const;

/**
 * Why the image cannot be built and run here, for a `describe.skipIf`; undefined where it can. Throws instead where
 * MODELGRAPH_TEST_REQUIRE=all: there, a skip would hide a broken set-up.
 */
export function requireContainers(): string | undefined {
  const path = (process.env.PATH ?? '').split(delimiter);
  const missing = TOOLS.filter((tool) => !path.some((folder) => existsSync(join(folder, tool))));
  if (missing.length === 0 && process.getuid?.() === 0) return undefined;
  const reason = `skipped: ${missing.length > 0 ? `no ${missing.join(', no ')}` : 'only root can do it without an engine'}`;
  if (process.env.MODELGRAPH_TEST_REQUIRE === 'all') throw new Error(`MODELGRAPH_TEST_REQUIRE=all, but ${reason}`);
  return reason;
}
