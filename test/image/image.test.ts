import { randomUUID } from 'node:crypto';
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { post } from '../harness.ts';
import { run } from '../process.ts';
import { buildImage } from './build-image.ts';
import { outputOf, podman } from './containers.ts';
import { type PageCommands, pageCommands, without } from './page-commands.ts';
import { requireContainers } from './require.ts';
import { LIMITS, runContainer } from './run-container.ts';

const { version, license } = JSON.parse(readFileSync('package.json', 'utf8'));
const LOCKED: Readonly<Record<string, { readonly dev?: boolean }>> = JSON.parse(
  readFileSync('package-lock.json', 'utf8'),
).packages;
const missing = requireContainers();
const PORT = ['--port', '0'];
const ANY_PORT = ['serve', '--host', '127.0.0.1', ...PORT];
const NODE = '/app/node_modules/.bin/node';

const IN_APP = ['LICENSE', 'dist', 'node_modules', 'package.json', 'sbom.cdx.json', 'schema', 'src'];

/** Bytes, of Debian, Node and the packages together. */
const LARGEST = 450e6;

describe.skipIf(missing)(`the image, built and run ${missing ?? ''}`, { timeout: 120_000 }, () => {
  const image = `localhost/modelgraph:test-${randomUUID()}`;
  let page: PageCommands;
  beforeAll(async () => {
    page = await pageCommands();
    await buildImage(image, page.build);
  }, 600_000);
  afterAll(async () => {
    outputOf(await podman(['image', 'rm', '--force', image]));
  });

  test('says what it is, and by whom and how it is run', async () => {
    const [{ Size, Healthcheck, Config }] = JSON.parse(outputOf(await podman(['image', 'inspect', image])));
    expect(Config).toMatchObject({ User: '65532:65532', ExposedPorts: { '4000/tcp': {} }, Volumes: { '/data': {} } });
    expect(Config.Labels).toMatchObject({
      'org.opencontainers.image.title': 'ModelGraph',
      'org.opencontainers.image.version': version,
      'org.opencontainers.image.licenses': license,
      'org.opencontainers.image.revision': outputOf(await run(['rev-parse', 'HEAD'], { command: ['git'] })),
      'org.opencontainers.image.base.name': 'docker.io/library/debian:bookworm-slim',
    });
    expect(Healthcheck.Test[0]).toBe('CMD');
    expect(Size).toBeLessThan(LARGEST);
  });

  test('has what its SBOM lists and no other package, nothing of the machine that built it', async () => {
    const root = outputOf(await podman(['image', 'mount', image]));
    try {
      const sbom = JSON.parse(readFileSync(`${root}/app/sbom.cdx.json`, 'utf8'));
      expect([sbom.bomFormat, sbom.metadata.component.name, sbom.metadata.component.version]).toEqual([
        'CycloneDX',
        'modelgraph',
        version,
      ]);
      const listed = sbom.components.map(({ purl }: { purl: string }) => decodeURIComponent(purl));
      expect(new Set(listed)).toEqual(new Set(packagesIn(`${root}/app`)));
      expect(packagesThatBuild(`${root}/app`)).toEqual([]);
      expect(globSync('app/node_modules/**/*.{map,d.ts,d.mts,d.cts}', { cwd: root })).toEqual([]);
      expect(readdirSync(`${root}/app`).sort()).toEqual(IN_APP);
      expect(
        globSync('**/*.*', { cwd: `${root}/app/src` }).filter(
          (file) => !/\.(ts|js|sql|peggy|binpb|graphql)$/.test(file),
        ),
      ).toEqual([]);
      for (const file of ['src/generated/graphql.ts', 'dist/playground/index.html', 'dist/api-docs/index.html']) {
        expect(existsSync(`${root}/app/${file}`), file).toBe(true);
      }
      expect(globSync(['root/.npmrc', 'root/.npm/*', 'run/*.pem', 'build', 'modelgraph'], { cwd: root })).toEqual([]);
    } finally {
      await podman(['image', 'unmount', image]);
    }
  });

  test('answers GraphQL as a user without rights, writes nowhere but in its volume, and ends by SIGTERM', async () => {
    await using container = await runContainer(image, ['--network', 'host'], ANY_PORT);
    const [, url = ''] = await container.seen(/(http:\S+)\/graphql/);
    expect(await post(url, { query: '{ registeredModels { nodes { name } } }' })).toEqual({
      status: 200,
      data: { registeredModels: { nodes: [] } },
    });
    const status = readFileSync(`/proc/${await container.pid()}/status`, 'utf8');
    expect(status).toMatch(/^Uid:\t65532\t65532\t65532\t65532$/m);
    expect(status).toMatch(/^CapEff:\t0+$/m);
    for (const file of ['/app/x', '/etc/x', '/x']) {
      expect((await container.exec('touch', file)).stderr, file).toContain('Read-only file system');
    }
    expect((await container.exec('touch', '/data/x')).code).toBe(0);
    const { code, output } = await container.stop();
    expect(code).toBe(0);
    expect(output).toMatch(/"stopped"/);
  });

  test('is run as docs/deployment.md has it, but for a port and a network of its own', async () => {
    const volume = `modelgraph-${randomUUID()}`;
    await using stack = new AsyncDisposableStack();
    stack.defer(async () => void outputOf(await podman(['volume', 'rm', '--force', volume])));
    expect(page.serve.options).toContain('127.0.0.1:4000:4000');
    const said = without(page.serve.options, '--publish').filter((option) => option !== '--rm');
    const options = said.map((option) => option.replace('modelgraph:/data', `${volume}:/data`));
    await using container = await runContainer(image, ['--network', 'host', ...options], [...page.serve.args, ...PORT]);
    const [, port] = await container.seen(/http:\S+:(\d+)\/graphql/);
    expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200);
    expect((await container.exec('ls', '/data')).stdout).toContain('modelgraph.db');
  });

  test('shows the list of its packages as docs/deployment.md has it', async () => {
    const { options, args } = page.show;
    const { code, stdout } = await podman(['run', ...options, '--network', 'none', ...LIMITS, image, ...args]);
    expect([code, JSON.parse(stdout).bomFormat]).toEqual([0, 'CycloneDX']);
  });

  test('has a demonstration with a playground, where it may write to /tmp', async () => {
    const demo = ['demo', '--host', '127.0.0.1', '--port', '0'];
    await using container = await runContainer(image, ['--network', 'host', '--tmpfs', '/tmp'], demo);
    const [, url = ''] = await container.seen(/(http:\S+)\/graphql/);
    const { data } = await post(url, { query: '{ contexts { nodes { name } } }' });
    expect(data.contexts.nodes.length).toBeGreaterThan(0);
    expect((await fetch(`${url}/graphiql`)).status).toBe(200);
  });

  test('finds in a volume what another container left there', async () => {
    const volume = `modelgraph-${randomUUID()}`;
    const options = ['--network', 'host', '--volume', `${volume}:/data`];
    await using stack = new AsyncDisposableStack();
    stack.defer(async () => void outputOf(await podman(['volume', 'rm', '--force', volume])));
    const create = 'mutation { createRegisteredModel(input: { name: "churn" }) { userErrors { message } } }';
    const list = '{ registeredModels { nodes { name } } }';
    for (const query of [create, list]) {
      await using container = await runContainer(image, options, ANY_PORT);
      const [, url = ''] = await container.seen(/(http:\S+)\/graphql/);
      const { data } = await post(url, { query });
      if (query === create) expect(data.createRegisteredModel.userErrors).toEqual([]);
      else expect(data.registeredModels.nodes).toEqual([{ name: 'churn' }]);
      expect((await container.stop()).code).toBe(0);
    }
  });

  test('has a health check that tells well from ill', async () => {
    const serve = (port: string) =>
      runContainer(image, ['--network', 'none'], ['serve', '--host', '127.0.0.1', '--port', port]);
    await using well = await serve('4000');
    await using ill = await serve('4001');
    for (const container of [well, ill]) await container.seen(/ready at/);
    expect([await well.health(), await ill.health()]).toEqual([0, 1]);
  });

  test('serves nobody unless it is told whom', async () => {
    const options = ['--rm', '--network', 'none', ...LIMITS];
    const { code, stderr } = await podman(['run', '--read-only', ...options, image]);
    expect(code).toBe(2);
    expect(stderr).toContain('--allow-unauthenticated');
  });

  test('has the other commands, without a network', async () => {
    const options = ['--rm', '--network', 'none', ...LIMITS];
    const { code, stdout } = await podman(['run', '--read-only', ...options, image, '--version']);
    expect([code, stdout.trim()]).toEqual([0, version]);
    expect((await podman(['run', '--entrypoint', NODE, ...options, image, '--version'])).stdout).toMatch(/^v24\./);
  });
});

/** Those that only build, and those that are not locked. */
function packagesThatBuild(folder: string): string[] {
  const paths = globSync('node_modules/{*,@*/*}/package.json', { cwd: folder }).map((file) => dirname(file));
  return paths.filter((path) => !(path in LOCKED) || LOCKED[path]?.dev);
}

/** The packages that are there, as package URLs. */
function packagesIn(folder: string): string[] {
  return globSync('**/node_modules/{*,@*/*}/package.json', { cwd: folder }).flatMap((file) => {
    const { name, version: its } = JSON.parse(readFileSync(`${folder}/${file}`, 'utf8'));
    return name === undefined || its === undefined ? [] : [`pkg:npm/${name}@${its}`];
  });
}
