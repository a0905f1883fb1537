import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { openStore } from '../../src/mlmd/open.ts';
import { post } from '../harness.ts';
import { addressOf, logLines, type Running } from '../process.ts';
import {
  addConsumer,
  compiler,
  type Installed,
  installPackage,
  lockedPackages,
  PATIENCE_MS,
  packPackage,
  type Tarball,
} from './installed.ts';

const budget = JSON.parse(readFileSync('tools/package-budget.json', 'utf8'));

/** Packages whose installation would run a script, which only prints; `--ignore-scripts` does no harm. */
const WITH_SCRIPT = ['node_modules/@apollo/protobufjs', 'node_modules/protobufjs'];

let tarball: Tarball;
beforeAll(async () => {
  tarball = await packPackage();
}, PATIENCE_MS);
afterAll(() => tarball?.[Symbol.dispose]());

describe('the tarball', () => {
  test('keeps to its budget', () => {
    const { size, unpackedSize } = tarball.packed;
    const used = {
      packedKiB: Math.ceil(size / 1024),
      unpackedKiB: Math.ceil(unpackedSize / 1024),
      dependencies: lockedPackages('package-lock.json').length,
    };
    console.log('the package', used, 'of', budget);
    expect(Object.entries(used).filter(([name, value]) => !(value <= budget[name]))).toEqual([]);
  });

  test('has what runs and is read, and nothing for developers', () => {
    const paths = tarball.packed.files.map(({ path }) => path);
    const kinds = new Set(paths.map((path) => path.replace(/^.*?\/(?=[^/]+$)|^/, '').replace(/^[^.]+/, '')));
    expect(paths.filter((path) => /(?<!\.d)\.tsx?$|\.peggy$|^(test|bench|web|node_modules)\//.test(path))).toEqual([]);
    expect(kinds).toContain('.sql');
    for (const path of ['LICENSE', 'README.md', 'src/main.js', 'src/main.js.map', 'src/client/index.d.ts'])
      expect(paths).toContain(path);
    const { private: isPrivate, scripts, devDependencies, ...json } = read('package.json');
    expect([isPrivate, scripts, devDependencies]).toEqual([undefined, undefined, undefined]);
    const own = JSON.parse(readFileSync('package.json', 'utf8'));
    for (const name of ['version', 'bin', 'engines', 'dependencies', 'optionalDependencies'])
      expect(json[name]).toEqual(own[name]);
  });

  test('has a source map with the source of each file that was compiled', () => {
    const map = read('src/client/client.js.map');
    expect(map.sources).toEqual(['client.ts']);
    expect(map.sourcesContent).toEqual([readFileSync('src/client/client.ts', 'utf8')]);
  });

  test('brings no package that has to run a script', () => {
    const withScript = lockedPackages('package-lock.json').filter(({ hasInstallScript }) => hasInstallScript);
    expect(withScript.map(({ path }) => path)).toEqual(WITH_SCRIPT);
  });
});

describe('the package, installed without scripts and development packages', () => {
  let installed: Installed | string;
  beforeAll(async () => {
    installed = await installPackage(tarball);
  }, PATIENCE_MS);
  beforeEach(({ skip }) => {
    if (typeof installed === 'string') skip(installed);
  });

  test('brings as many packages as are locked here, or fewer', () => {
    const count = lockedPackages(join(there().app, 'package-lock.json')).length;
    expect(count).toBeGreaterThan(50);
    expect(count).toBeLessThanOrEqual(budget.dependencies);
  });

  test('tells its version, on whatever Node it is started by', async () => {
    const { version } = read('package.json');
    const bin = join(there().app, 'node_modules/modelgraph/tools/modelgraph.cjs');
    const told = { code: 0, stdout: `${version}\n`, stderr: '' };
    expect(await there().run('npx', '--no', '--', 'modelgraph', '--version')).toEqual(told);
    expect(await there().run('node', bin, '--version')).toEqual(told);
  });

  test('runs a demo with all of its doors, and leaves nothing behind', async () => {
    await using demo = there().start('npx', '--no', '--', 'modelgraph', 'demo', '--port', '0');
    const url = await addressOf(demo);
    const { data } = await post(url, { query: '{ registeredModels { nodes { name } } }' });
    expect(data.registeredModels.nodes.length).toBeGreaterThan(4);
    const paths = ['/graphiql', '/api/docs', '/api/model_registry/v1/registered_models', '/readyz'];
    expect(await Promise.all(paths.map(async (path) => (await fetch(url + path)).status))).toEqual([
      200, 200, 200, 200,
    ]);
    await stop(demo);
    // Node's own cache of compiled code may stay.
    expect(readdirSync(there().temporary).filter((name) => name !== 'node-compile-cache')).toEqual([]);
  });

  test('asks a demo by the commands of the client, in each format', { timeout: PATIENCE_MS }, async () => {
    await using demo = there().start('npx', '--no', '--', 'modelgraph', 'demo', '--port', '0');
    const url = await addressOf(demo);
    const ask = async (line: string) => {
      const ended = await there().run('npx', '--no', '--', 'modelgraph', '--server', url, ...line.split(' '));
      expect(ended, line).toMatchObject({ code: 0, stderr: '' });
      return ended.stdout;
    };
    expect(await ask('models list')).toMatch(/^ID +NAME +LATEST .*\n +1 +resnet-50 /);
    expect(await ask('models list -o name --limit 9')).toMatch(/^model:resnet-50\n/);
    expect(await ask('models list -o csv')).toMatch(/^databaseId,name,/);
    expect(await ask('models get bert-squad -o yaml')).toMatch(/^databaseId: "4"\n/);
    expect(await ask('lineage model:bert-base-uncased-sst2 --up')).toMatch(/─ sst-2 {2}DataSet artifact:1\n/);
    expect(await ask('complete -- models l')).toMatch(/^list\t/);
    expect(await ask('models create churn --dry-run -o json')).toContain('mutation CreateModel');
    await stop(demo);
  });

  test('serves a store to a program that has the client, whose types are checked', {
    timeout: PATIENCE_MS,
  }, async () => {
    await using gateway = there().start('npx', '--no', '--', 'modelgraph', 'serve', '--port', '0', '--db', 'serve.db');
    const url = await addressOf(gateway);
    addConsumer(there());
    expect(await there().run(...compiler)).toEqual({ code: 0, stdout: '', stderr: '' });
    const { code, stdout, stderr } = await there().run('node', 'consumer.js', url);
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toEqual({
      names: ['churn'],
      __typename: 'Query',
      code: 'GRAPHQL_VALIDATION_FAILED',
    });
    await stop(gateway);
  });

  test('serves a store to the clients of ML Metadata', async () => {
    await using server = there().start('npx', '--no', '--', 'modelgraph', 'mlmd', '--port', '0', '--db', 'mlmd.db');
    const [, port] = await server.seen(/gRPC at \S+:(\d+)$/m);
    const { store } = await openStore({ mlmd: `127.0.0.1:${port}` });
    expect((await store.getArtifactTypes({})).artifactTypes).toEqual([]);
    await store.close();
    await stop(server);
  });

  test('gives nothing but the client', async () => {
    const script = "await import('modelgraph/src/main.js').catch(({ code }) => console.log(code))";
    const { stdout } = await there().run('node', '--input-type=module', '--eval', script);
    expect(stdout).toBe('ERR_PACKAGE_PATH_NOT_EXPORTED\n');
  });

  function there(): Installed {
    if (typeof installed === 'string') throw new Error(installed);
    return installed;
  }
});

/** A file of the built package, as JSON. */
function read(path: string) {
  return JSON.parse(readFileSync(join('dist/package', path), 'utf8'));
}

/** As Ctrl-C does it: a signal to npx, which ends by it, and to all that it started. */
async function stop(running: Running): Promise<void> {
  running.killAll('SIGINT');
  await running.ended();
  const lines = logLines(running.stderr);
  expect(lines.at(-1)).toMatchObject({ msg: 'stopped' });
  expect(lines.filter(({ level }) => Number(level) > 30)).toEqual([]);
}
