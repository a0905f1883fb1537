import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, globSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { buildStage, parseDockerfile, parseDockerignore } from './docker-build.ts';
import { post } from './harness.ts';
import { run } from './process.ts';
import { cachedTool, requireTools } from './require-tool.ts';

const stages = parseDockerfile(readFileSync('Dockerfile', 'utf8'));
const [image] = stages.slice(-1);
const packageJson = JSON.parse(readFileSync('package.json', 'utf8'));
const locked = JSON.parse(readFileSync('package-lock.json', 'utf8')).packages as Record<string, { dev?: boolean }>;

test('the image runs as a user who is not root, and serves nobody unless told to', () => {
  expect(theOne('USER')).toMatch(/^[1-9]\d*:[1-9]\d*$/);
  expect(theOne('CMD')).not.toContain('allow-unauthenticated');
  expect(theOne('LABEL')).toContain(`image.version="${packageJson.version}"`);
  expect(theOne('LABEL')).toContain(`image.licenses="${packageJson.license}"`);
});

const hadolint = cachedTool('hadolint-venv/bin/hadolint');
const missing = requireTools([hadolint]);
test.skipIf(missing)(`hadolint finds nothing in the Dockerfile ${missing ?? ''}`, async () => {
  expect(await run(['Dockerfile'], { command: [hadolint] })).toMatchObject({ code: 0, stdout: '' });
});

test.each([
  ['test/harness.ts', false],
  ['node_modules/graphql/index.js', false],
  ['.git/config', false],
  ['src/main.ts', true],
  ['src/generated/graphql.ts', false],
  ['package.json', true],
  ['package.json.orig', false],
])('.dockerignore lets %s in: %s', (file, isIn) => {
  expect(parseDockerignore(readFileSync('.dockerignore', 'utf8'))(file)).toBe(isIn);
});

// The image has Node for Linux only.
describe.skipIf(process.platform !== 'linux')('the steps of the Dockerfile, carried out in a folder', () => {
  const { env } = cleanEnvironment();
  let folder: string;
  let root: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'modelgraph-image-'));
    root = join(folder, image?.name ?? '');
    const instead = { [INSTALL_ALL]: `ln -s '${resolve('node_modules')}' node_modules` };
    await Promise.all(stages.slice(0, -1).map((stage) => buildStage(stage, { folder, instead, env })));
    if (image) await buildStage(image, { folder, instead, env });
    letUserIn(folder, root);
  }, 300_000); // it installs packages
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('give what runs and nothing else', () => {
    expect(readdirSync(root).sort()).toEqual(['app', 'data', 'tmp']);
    expect(readdirSync(join(root, 'data'))).toEqual([]);
    expect(readdirSync(join(root, 'app')).sort()).toEqual(IN_APP);
    expect(
      globSync('app/src/**/*.*', { cwd: root }).filter((file) => !/\.(ts|js|sql|peggy|binpb|graphql)$/.test(file)),
    ).toEqual([]);
    expect(existsSync(join(root, 'app/src/generated/graphql.ts'))).toBe(true);
    expect(existsSync(join(root, 'app/dist/playground/index.html'))).toBe(true);
  });

  test('give the packages that run and none that build', () => {
    const packages = globSync('node_modules/{*,@*/*}/package.json', { cwd: join(root, 'app') }).map((file) =>
      file.replace('/package.json', ''),
    );
    expect(packages).toContain('node_modules/fastify');
    expect(packages.filter((name) => locked[name]?.dev !== undefined || !(name in locked))).toEqual([]);
  });

  test('give a gateway that answers, on a file system that it cannot write to', async () => {
    await using gateway = await start(['demo', '--port', '0']);
    const { data, errors } = await post(gateway.url, { query: '{ contexts { nodes { name } } }' });
    expect(errors).toBeUndefined();
    expect(data.contexts.nodes.length).toBeGreaterThan(0);
    expect((await fetch(`${gateway.url}/graphiql`)).status).toBe(200);
    await expect(healthcheck(gateway.url)).resolves.toBeDefined();
  });

  test('give a store in the volume', async () => {
    await using gateway = await start(['serve', '--port', '0']);
    expect((await fetch(`${gateway.url}/readyz`)).status).toBe(200);
    expect(readdirSync(join(root, 'data'))).toContain('modelgraph.db');
  });

  test('give an image that refuses by default to serve everyone, in one sentence', () => {
    const { status, stderr } = spawnSync(...command(JSON.parse(theOne('CMD'))), { ...options(), timeout: 20_000 });
    expect([status, String(stderr).trim().split('\n').length]).toEqual([2, 1]);
    expect(String(stderr)).toContain('--allow-unauthenticated');
  });

  test('give a health check that fails where nothing answers', async () => {
    await expect(healthcheck('http://127.0.0.1:9')).rejects.toMatchObject({ code: 1 });
  });

  function command(args: readonly string[]): [string, string[]] {
    const [node = '', main = ''] = JSON.parse(theOne('ENTRYPOINT')) as string[];
    return [join(root, node), [join(root, main), ...args]];
  }

  function options() {
    const [uid = 0, gid = 0] = theOne('USER').split(':').map(Number);
    return {
      cwd: join(root, theOne('WORKDIR')),
      env: { TMPDIR: join(root, 'tmp') },
      ...(isRoot() ? { uid, gid } : {}),
    };
  }

  async function start(args: readonly string[]) {
    const child = spawn(...command([...args, '--log-level', 'silent']), {
      ...options(),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const gone = once(child, 'exit');
    return {
      url: await addressOf(child),
      async [Symbol.asyncDispose]() {
        child.kill();
        await gone;
      },
    };
  }

  function healthcheck(url: string) {
    const [node = '', ...args] = JSON.parse(/CMD (\[.*\])$/.exec(theOne('HEALTHCHECK'))?.[1] ?? '[]') as string[];
    const here = args.map((arg) => arg.replace('http://127.0.0.1:4000', url));
    expect(here).not.toEqual(args);
    return promisify(execFile)(join(root, node), here, options());
  }
});

/** What is not carried out: the checkout has these packages already. */
const INSTALL_ALL = 'npm ci --ignore-scripts && node tools/link-node.cjs';

const IN_APP = ['LICENSE', 'dist', 'node_modules', 'package.json', 'sbom.cdx.json', 'schema', 'src'];

function theOne(name: string): string {
  const found = image?.instructions.filter((each) => each.name === name) ?? [];
  expect(found.length, name).toBe(1);
  return found[0]?.args ?? '';
}

/** The environment without what an npm around us says to an npm inside; packages come from its cache where they can. */
function cleanEnvironment(): { env: NodeJS.ProcessEnv } {
  const own = Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_|VITEST|INIT_CWD)/i.test(name));
  return { env: { ...Object.fromEntries(own), npm_config_prefer_offline: 'true' } };
}

/** What Docker would do: the volume and /tmp are the user's, the rest can be read. */
function letUserIn(folder: string, root: string): void {
  mkdirSync(join(root, 'tmp'));
  chmodSync(folder, 0o755);
  if (!isRoot()) return;
  const [uid = 0, gid = 0] = theOne('USER').split(':').map(Number);
  for (const name of ['data', 'tmp']) chownSync(join(root, name), uid, gid);
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

async function addressOf({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new Error('started without a pipe');
  for await (const line of createInterface(stdout)) {
    const url = /(http:\/\/[\d.]+:\d+)\/graphql/.exec(line)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error('the gateway ended before it was ready');
}
