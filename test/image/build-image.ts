import { realpathSync } from 'node:fs';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { projectNode, run } from '../process.ts';
import { BASE_RECIPE, buildah, outputOf, podman } from './containers.ts';

const DEBIAN = 'docker.io/library/debian:bookworm-slim';
const FILES = 'nofile=8192:8192';
const NODE = 'docker.io/library/node:24-bookworm-slim';

/**
 * Builds the image with the unchanged Dockerfile, as `tag` and with these options besides, from bases that are made here:
 * there is nothing to pull from.
 */
export async function buildImage(tag: string, options: readonly string[]): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'modelgraph-image-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  if (!(await exists(DEBIAN))) await makeDebian(folder);
  if (!(await exists(NODE))) await makeNode();
  const mounts = (await mountsForNpm(folder)).flatMap((mount) => ['--volume', mount]);
  // npm opens more files at once than the 1024 that buildah would allow.
  const how = ['--format', 'docker', '--isolation', 'chroot', '--pull-never', '--network', 'host', '--ulimit', FILES];
  await buildah(['bud', ...how, ...mounts, ...options, '--tag', tag, resolve(import.meta.dirname, '../..')]);
}

async function exists(image: string): Promise<boolean> {
  return (await podman(['image', 'exists', image])).code === 0;
}

async function makeDebian(folder: string): Promise<void> {
  const tar = join(folder, 'debian.tar');
  outputOf(await run([...BASE_RECIPE, tar], { command: ['nice', 'mmdebstrap'], patienceMs: 300_000 }));
  await changed('scratch', DEBIAN, (container) => buildah(['add', container, tar, '/']));
}

/** Node's image has Node and npm; these are the project's own Node and this machine's npm. */
async function makeNode(): Promise<void> {
  const npm = outputOf(await run(['-c', 'command -v npm'], { command: ['sh'] }));
  await changed(DEBIAN, NODE, async (container) => {
    await buildah(['copy', container, realpathSync(projectNode), '/usr/local/bin/node']);
    await buildah(['copy', container, resolve(realpathSync(npm), '../..'), '/usr/local/lib/node_modules/npm']);
    const link = ['ln', '-s', '../lib/node_modules/npm/bin/npm-cli.js', '/usr/local/bin/npm'];
    await buildah(['run', '--isolation', 'chroot', container, ...link]);
  });
}

async function changed(from: string, to: string, change: (container: string) => Promise<unknown>): Promise<void> {
  const container = await buildah(['from', '--pull-never', from]);
  try {
    await change(container);
    await buildah(['commit', container, to]);
  } finally {
    await buildah(['rm', container]);
  }
}

/** The packages come from where this machine has them from: its settings and its cache are lent, and not kept. */
async function mountsForNpm(folder: string): Promise<string[]> {
  const setting = async (name: string) => outputOf(await run(['config', 'get', name], { command: ['npm'] }));
  const [registry, cache, cafile] = await Promise.all(['registry', 'cache', 'cafile'].map(setting));
  const authorities = cafile === 'null' || cafile === '' ? process.env.NODE_EXTRA_CA_CERTS : cafile;
  const lines = [`registry=${registry}`, 'prefer-offline=true', 'update-notifier=false'];
  const mounts = [`${cache}:/root/.npm`, `${folder}/npmrc:/root/.npmrc:ro`];
  if (authorities !== undefined) {
    await copyFile(authorities, join(folder, 'authorities.pem'));
    mounts.push(`${folder}/authorities.pem:/run/authorities.pem:ro`);
    lines.push('cafile=/run/authorities.pem');
  }
  const users = await readFile(join(homedir(), '.npmrc'), 'utf8').catch(() => '');
  await writeFile(join(folder, 'npmrc'), [users, ...lines, ''].join('\n'), { mode: 0o600 });
  return mounts;
}
