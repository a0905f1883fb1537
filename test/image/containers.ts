import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

import { type Ended, run } from '../process.ts';

/** What makes the image from which ours is made, and with that the name of the place where it is kept. */
export const BASE_RECIPE = ['--variant=minbase', '--include=ca-certificates', 'bookworm'] as const;

const KEY = createHash('sha256').update(BASE_RECIPE.join(' ')).digest('hex').slice(0, 12);

/** Images are kept here from one run to the next. The folder may be deleted at any time. */
const CACHE = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'modelgraph');

const STORAGE = ['--root', join(CACHE, `containers-${KEY}`), '--runroot', `/run/modelgraph-containers-${KEY}`] as const;

/** To build and to install packages on a loaded machine. */
const PATIENCE_MS = 540_000;

/** Runs buildah with its images in a place of ours; throws what it said where it fails. Its stdout. */
export async function buildah(args: readonly string[]): Promise<string> {
  mkdirSync(CACHE, { recursive: true });
  return outputOf(await run(args, { command: ['nice', 'buildah', ...STORAGE], patienceMs: PATIENCE_MS }));
}

/** Runs podman on the same images, to its end. */
export function podman(args: readonly string[]): Promise<Ended> {
  return run(args, { command: ['podman', ...STORAGE, '--runtime', 'runc', '--cgroup-manager', 'cgroupfs'] });
}

/** Stdout of what ended well; throws what it said otherwise. */
export function outputOf({ code, stdout, stderr }: Ended): string {
  if (code !== 0) throw new Error(`ended with ${code}\n${stdout}\n${stderr}`);
  return stdout.trim();
}
