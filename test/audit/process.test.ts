import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

import { openStore } from '../../src/mlmd/open.ts';
import { addressOf, start } from '../process.ts';
import { ask } from '../rest/ask.ts';
import { openFolder } from '../store-file-rig.ts';

const CREATE = `mutation { createRegisteredModel(input: { name: "m" }) { registeredModel { databaseId } } }`;

const linesIn = (text: string) =>
  text
    .split('\n')
    .filter((each) => each.startsWith('{"time"'))
    .map((each) => JSON.parse(each));

describe('modelgraph serve --audit-log', () => {
  test('keeps what is written over GraphQL, REST and gRPC, in the file and in the store', async () => {
    await using folder = openFolder();
    const [db, file] = [folder.file('store.db'), folder.file('audit.log')];
    const options = ['--db', db, '--port', '0', '--grpc-port', '0', '--audit-log', file];
    await using gateway = start(['serve', ...options]);
    const url = await addressOf(gateway);
    const [, grpc = ''] = await gateway.seen(/gRPC at (\S+)/);
    const graphql = await ask(url, 'POST', '/graphql', {
      body: { query: CREATE },
      headers: { 'content-type': 'application/json', 'x-request-id': 'the-first' },
    });
    expect(graphql.status).toBe(200);
    await ask(url, 'POST', '/api/model_registry/v1/registered_models', { body: { name: 'r' } });
    const { store } = await openStore({ mlmd: grpc });
    const { typeId } = await store.putArtifactType({ artifactType: { name: 'T', properties: new Map() } } as never);
    const artifact = { typeId, uri: 's3://canary', properties: new Map(), customProperties: new Map() };
    const { artifactIds } = await store.putArtifacts({ artifacts: [artifact], updateMask: undefined } as never);
    await expect(store.putArtifacts({ artifacts: [{ ...artifact, id: 999n }] } as never)).rejects.toThrow();
    await store.getArtifactsById({ artifactIds });
    await store.close();
    const foreign = await fetch(`${url}/graphql`, { method: 'POST', headers: { origin: 'http://evil.example' } });
    expect(foreign.status).toBe(403);
    await expect.poll(() => linesIn(readFileSync(file, 'utf8')).length).toBe(6);
    const shown = await ask(url, 'POST', '/graphql', {
      body: { query: '{ auditLog(where: { outcome: DONE }) { nodes { action door } } }' },
      headers: { 'content-type': 'application/json' },
    });
    gateway.kill('SIGTERM');
    expect(await gateway.ended()).toBe(0);

    const lines = linesIn(readFileSync(file, 'utf8'));
    expect(lines.map(({ door, action, outcome, nodes }) => [door, action, outcome, nodes])).toEqual([
      ['GRAPHQL', 'createRegisteredModel', 'DONE', [{ type: 'RegisteredModel', id: '1' }]],
      ['REST', 'createRegisteredModel', 'DONE', [{ type: 'RegisteredModel', id: '2' }]],
      ['GRPC', 'PutArtifactType', 'DONE', [{ type: 'ArtifactType', id: `${typeId}` }]],
      ['GRPC', 'PutArtifacts', 'DONE', [{ type: 'Artifact', id: `${artifactIds[0]}` }]],
      ['GRPC', 'PutArtifacts', 'REJECTED', [{ type: 'Artifact', id: '999' }]],
      ['GRAPHQL', 'POST /graphql', 'REFUSED', []],
    ]);
    expect(lines[0]).toMatchObject({ requestId: 'the-first', caller: { name: 'system:anonymous', by: 'anonymous' } });
    expect(lines[5]).toMatchObject({ caller: null, address: '127.0.0.1', codes: ['FORBIDDEN'] });
    expect(readFileSync(file, 'utf8')).not.toContain('canary');
    expect(shown.json).toMatchObject({
      data: {
        auditLog: {
          nodes: [
            { action: 'PutArtifacts', door: 'GRPC' },
            { action: 'PutArtifactType', door: 'GRPC' },
            { action: 'createRegisteredModel', door: 'REST' },
            { action: 'createRegisteredModel', door: 'GRAPHQL' },
          ],
        },
      },
    });
  });

  test('writes to stdout for -, and goes on where the reader has gone', async () => {
    await using folder = openFolder();
    await using gateway = start(['serve', '--db', folder.file('store.db'), '--port', '0', '--audit-log', '-']);
    const url = await addressOf(gateway);
    await ask(url, 'POST', '/api/model_registry/v1/registered_models', { body: { name: 'r' } });
    await gateway.seen(/"action":"createRegisteredModel"/);
    gateway.kill('SIGTERM');
    expect(await gateway.ended()).toBe(0);
    expect(linesIn(gateway.stdout)).toHaveLength(1);
  });

  test('says what is wrong with the file, before it serves', async () => {
    await using folder = openFolder();
    const file = join(folder.file('none'), 'audit.log');
    await using gateway = start(['serve', '--db', folder.file('s.db'), '--port', '0', '--audit-log', file]);
    expect(await gateway.ended()).toBe(2);
    expect(gateway.stderr).toContain(`The audit log ${file} cannot be written; name another file.`);
    await using remote = start(['serve', '--mlmd', 'localhost:1', '--port', '0', '--audit-log']);
    expect(await remote.ended()).toBe(2);
    expect(remote.stderr).toContain('An MLMD server keeps no audit log; --audit-log needs a file, or -.');
  });
});
