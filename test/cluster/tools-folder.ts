import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const BUILD = join(import.meta.dirname, 'build-tools.sh');

const where = spawnSync('bash', [BUILD, '--where'], { encoding: 'utf8' });

/** The folder with the commands of a cluster, built or not: `build-tools.sh` knows it. */
export const toolsFolder = (where.stdout ?? '').trim();

/** Whether `build-tools.sh` has built them. */
export const toolsAreBuilt = where.status === 0;

/** The path of one of the commands, or of a file that is kept beside them. */
export function tool(name: string): string {
  return join(toolsFolder, name);
}
