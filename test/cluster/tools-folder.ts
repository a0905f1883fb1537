import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const BUILD = join(import.meta.dirname, 'build-tools.sh');

const where = spawnSync('bash', [BUILD, '--where'], { encoding: 'utf8' });

const [tools = '', kinds = ''] = (where.stdout ?? '').split('\n');

/** The folder with the commands of a cluster, built or not: `build-tools.sh` knows it. */
export const toolsFolder = tools;

/** The definitions of the kinds of others that the manifests have. */
export const foreignKindsFile = join(kinds, 'kinds.yaml');

/** Whether `build-tools.sh` has built all of it. */
export const toolsAreBuilt = where.status === 0;

/** The path of one of the commands, or of a file that is kept beside them. */
export function tool(name: string): string {
  return join(toolsFolder, name);
}
