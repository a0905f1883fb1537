import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { openStore } from '../../src/mlmd/open.ts';
import type { StoreKind } from '../harness.ts';
import { post } from '../harness.ts';
import { addressOf, projectNode, start } from '../process.ts';
import { startEngine } from '../reference/engine.ts';
import { KINDS, mutate } from './rig.ts';

/** Node's flags for a process that tells each connection that it makes. */
const WATCHED = ['--import', new URL('./tell-connects.ts', import.meta.url).pathname];

/** A server that must never be asked. */
async function openTrap() {
  const server = createServer((socket) => {
    trap.visits += 1;
    socket.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const trap = {
    visits: 0,
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => void server.close(),
  };
  return trap;
}

function connectsIn(stderr: string): string[] {
  return stderr.split('\n').filter((line) => line.startsWith('CONNECTS'));
}

test('the watch sees what it is to see', async () => {
  await using trap = await openTrap();
  const url = `http://127.0.0.1:${trap.port}/`;
  const program = `import http from 'node:http'; import dns from 'node:dns';
    await fetch('${url}').catch(() => 0);
    await new Promise((done) => http.get('${url}').on('error', done));
    await new Promise((done) => dns.lookup('localhost', done));`;
  await using process = start([...WATCHED, '--input-type=module', '-e', program], { command: [projectNode] });
  expect(await process.ended()).toBe(0);
  expect(connectsIn(process.stderr)).toEqual(
    expect.arrayContaining(['CONNECTS lookup localhost', expect.stringContaining(`127.0.0.1:${trap.port}`)]),
  );
  expect(trap.visits).toBe(2);
});

/** Addresses that a curious program would open. */
function hostile(port: number): string[] {
  return [
    `http://127.0.0.1:${port}/latest/meta-data/`,
    `http://user:secret@127.0.0.1:${port}/x.png`,
    `https://localhost:${port}/`,
    `http://[::ffff:127.0.0.1]:${port}/`,
    `ftp://127.0.0.1:${port}/a`,
    `s3://127.0.0.1:${port}/bucket`,
    `//127.0.0.1:${port}/share`,
    `\\\\127.0.0.1@${port}\\share`,
    'file:///etc/passwd',
    'javascript:fetch(1)',
    'http://metadata.google.internal/computeMetadata/v1/',
    `data:text/html,<img/src="http://127.0.0.1:${port}/">`,
    `![](http://127.0.0.1:${port}/card.png)`,
  ];
}

/** The registry's own reads: what is stored, as fields, by name, in filters of both forms, and what stands around it. */
const READS = `query ($uri: String!, $again: String!) {
  registeredModels(where: { name: { eq: $uri } }) {
    nodes { name logo licenseLink license readme description tasks customPropertyMap }
  }
  byName: registeredModel(name: $uri) {
    versions {
      nodes {
        name
        author
        serves { nodes { name description inferenceService { name runtime servingEnvironment { name } } } }
      }
    }
    inferenceServices { nodes { name runtime modelVersion { name } } }
  }
  modelArtifacts(where: { uri: { eq: $again } }) { nodes { uri name storagePath storageKey externalId } }
  dataSets(where: { uri: { eq: $uri } }) { nodes { uri source schema profile experimentRuns { nodes { name } } } }
  documents: docArtifacts(filterQuery: "uri LIKE '%127.0.0.1%'") { nodes { uri description } }
  experimentRuns(where: { owner: { eq: $uri } }) {
    nodes { name owner metricHistory(name: $uri) { nodes { name value } } artifacts { totalCount nodes { __typename name } } }
  }
}`;

test.each(KINDS)('what is stored on the %s store is never opened, neither when written nor when read', async (kind) => {
  await using trap = await openTrap();
  await using gateway = await startWatched(kind);
  const { url } = gateway;
  const change = async (name: string, input: Record<string, unknown>) =>
    expect((await mutate(url, name, input)).userErrors).toEqual([]);
  for (const [index, uri] of hostile(trap.port).entries()) {
    await change('createRegisteredModel', {
      ...{
        name: uri,
        logo: uri,
        licenseLink: uri,
        license: uri,
        readme: `![](${uri})`,
        description: uri,
        tasks: [uri],
      },
      customProperties: [
        { name: uri, value: { stringValue: uri } },
        { name: 's', value: { structValue: { $ref: uri } } },
      ],
    });
    const model = String(6 * index + 1); // each turn makes six contexts, and seven artifacts
    await change('createModelVersion', { registeredModelId: model, name: uri, author: uri, description: uri });
    await change('createServingEnvironment', { name: uri, description: uri });
    const place = { servingEnvironmentId: String(6 * index + 3), registeredModelId: model };
    await change('createInferenceService', { ...place, name: uri, runtime: uri, description: uri });
    await change('createServeModel', {
      ...{ inferenceServiceId: String(6 * index + 4), modelVersionId: String(6 * index + 2), name: uri },
      description: uri,
    });
    await change('createExperiment', { name: uri, owner: uri });
    const experimentRunId = String(6 * index + 6);
    await change('createExperimentRun', { experimentId: String(6 * index + 5), name: uri, owner: uri });
    await change('createModelArtifact', { name: uri, uri, storagePath: uri, storageKey: uri, externalId: uri });
    await change('createDataSet', { uri, source: uri, schema: `{"$ref":"${uri}"}`, profile: uri });
    await change('upsertArtifact', { parentId: experimentRunId, docArtifact: { name: uri, uri, description: uri } });
    await change('logRun', {
      experimentRunId,
      parameters: [{ name: uri, value: uri }],
      metrics: [{ name: uri, value: 1 }],
      dataSets: [{ name: uri, uri, source: uri }],
    });
    await change('updateModelArtifact', { databaseId: String(7 * index + 1), uri: `${uri}?again` });
  }
  const { data, errors } = await post(url, {
    query: `{
      contexts(first: 100) { nodes { name propertyMap customPropertyMap } }
      artifacts(first: 100) { nodes { uri name propertyMap } }
    }`,
  });
  expect(errors).toBeUndefined();
  expect(data.artifacts.nodes).toHaveLength(7 * hostile(0).length);
  for (const uri of hostile(trap.port)) {
    const shown = await post(url, { query: READS, variables: { uri, again: `${uri}?again` } });
    expect(shown.errors).toBeUndefined();
    const { registeredModels, byName, modelArtifacts, dataSets, experimentRuns } = shown.data;
    expect(registeredModels.nodes).toMatchObject([{ name: uri, logo: uri, licenseLink: uri, readme: `![](${uri})` }]);
    expect(byName).toMatchObject({ versions: { nodes: [{ name: uri, serves: { nodes: [{ name: uri }] } }] } });
    expect(modelArtifacts.nodes).toMatchObject([{ uri: `${uri}?again`, storagePath: uri }]);
    expect(dataSets.nodes).toMatchObject(Array(2).fill({ uri, source: uri }));
    const [run] = experimentRuns.nodes;
    expect(run).toMatchObject({ metricHistory: { nodes: [{ name: uri }] }, artifacts: { totalCount: 4 } });
  }
  for (const uri of hostile(trap.port)) {
    const artifact = { type: 'Page', name: uri, uri, properties: [{ name: uri, value: { stringValue: uri } }] };
    const recording = `mutation ($input: RecordExecutionInput!) {
      recordExecution(input: $input) { execution { externalId } inputs { uri propertyMap } outputs { uri } userErrors { code } }
    }`;
    const input = { type: 'T', externalId: uri, inputs: [{ artifact }], outputs: [{ artifact, key: uri }] };
    const recorded = await post(url, { query: recording, variables: { input } });
    expect(recorded.data.recordExecution).toEqual({
      ...{ execution: { externalId: uri }, userErrors: [] },
      ...{ inputs: [{ uri, propertyMap: { [uri]: uri } }], outputs: [{ uri }] },
    });
  }
  expect(gateway.connects().filter((connect) => !connect.endsWith(gateway.allowed))).toEqual([]);
  expect(gateway.connects().length > 0).toBe(kind === 'remote');
  expect(trap.visits).toBe(0);
});

async function startWatched(kind: StoreKind) {
  const stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'modelgraph-test-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'store.sqlite');
  await (await openStore({ db: file })).store.close();
  const engine = kind === 'remote' ? stack.use(await startEngine({ sqlite: file })) : undefined;
  const options = engine ? ['--mlmd', `${engine.host}:${engine.port}`] : ['--db', file];
  const process = stack.use(start(['serve', ...options, '--port', '0'], { flags: WATCHED }));
  const url = await addressOf(process);
  const { length: begun } = process.stderr; // the address that it listens on was looked up before
  return {
    url,
    allowed: `:${engine?.port ?? 'none'}`,
    connects: () => connectsIn(process.stderr.slice(begun)).filter((line) => line !== 'CONNECTS socket'),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
