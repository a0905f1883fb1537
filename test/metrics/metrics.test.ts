import { mkdtempDisposableSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

import { openStore } from '../../src/mlmd/open.ts';
import { post } from '../harness.ts';
import { addressOf, run, start } from '../process.ts';
import { metricsOf, scrapeUntil, valuesOf } from './scrape.ts';

const temporary = () => mkdtempDisposableSync(join(tmpdir(), 'modelgraph-metrics-'));
const LISTEN = ['--port', '0', '--metrics-port', '0', '--log-level', 'silent'];

/** Words that callers say, and that no label may have. */
const CANARY = 'canary7431';

describe('metrics', () => {
  test('tell requests by door, operation and code, their store calls and their errors', async () => {
    using folder = temporary();
    await using server = start(['serve', ...LISTEN, '--grpc-port', '0'], { cwd: folder.path });
    const url = await addressOf(server);
    const metrics = await metricsOf(server);
    const rest = `${url}/api/model_registry/v1/registered_models`;

    await post(url, {
      query: `mutation ${CANARY} { createRegisteredModel(input: { name: "${CANARY}" }) { registeredModel { id } } }`,
    });
    await post(url, { query: `query ${CANARY} { registeredModels { nodes { name versions { nodes { name } } } } }` });
    await post(url, { query: `{ ${CANARY} }` });
    await post(url, { query: `{ artifacts(filterQuery: "${CANARY} ~") { nodes { id } } }` });
    await fetch(rest);
    await fetch(`${rest}/${CANARY}`);
    await fetch(`${url}/${CANARY}?${CANARY}`);
    await callOverGrpc(await server.seen(/gRPC at (\S+)/));

    const text = await scrapeUntil(metrics, (seen) => countOf(seen) === 9);
    expect(valuesOf(text, 'modelgraph_requests_total')).toEqual({
      '{door="graphql",operation="mutation",code="200"}': 1,
      '{door="graphql",operation="query",code="200"}': 2,
      '{door="graphql",operation="none",code="400"}': 1,
      '{door="rest",operation="GET /api/model_registry/v1/registered_models",code="200"}': 1,
      '{door="rest",operation="GET /api/model_registry/v1/registered_models/:registeredmodelId",code="400"}': 1,
      '{door="web",operation="none",code="404"}': 1,
      '{door="grpc",operation="GetContexts",code="OK"}': 1,
      '{door="grpc",operation="GetContexts",code="INVALID_ARGUMENT"}': 1,
    });
    expect(valuesOf(text, 'modelgraph_errors_total')).toEqual({
      '{door="graphql",code="GRAPHQL_VALIDATION_FAILED"}': 1,
      '{door="graphql",code="BAD_USER_INPUT"}': 1,
      '{door="rest",code="BAD_USER_INPUT"}': 1,
      '{door="grpc",code="BAD_USER_INPUT"}': 1,
    });
    expect(Object.values(valuesOf(text, 'modelgraph_requests_in_flight'))).toEqual([0, 0, 0, 0]);
    const query = '{door="graphql",operation="query"}';
    expect(valuesOf(text, 'modelgraph_request_store_calls_sum')[query]).toBe(3);
    expect(valuesOf(text, 'modelgraph_request_duration_seconds_count')[query]).toBe(2);
    expect(valuesOf(text, 'modelgraph_store_call_duration_seconds_count')).toMatchObject({
      '{call="PutContexts",code="OK"}': 1,
      '{call="ChildrenOfContexts",code="OK"}': 1,
      '{call="GetContexts",code="INVALID_ARGUMENT"}': 1,
    });
    expect(valuesOf(text, 'modelgraph_store_waiting')).toEqual({ '{what="transactions"}': 0, '{what="writes"}': 0 });
    expect(text).not.toContain(CANARY);
    await stopped(server);
  });

  test('tell who was known, and what was decided', async () => {
    using folder = temporary();
    const roles = join(folder.path, 'roles.yaml');
    writeFileSync(
      roles,
      'roles: { reader: [{ verbs: [get, list], resources: [registeredmodels] }] }\nsubjects: [{ users: [ada], roles: [reader] }]\n',
    );
    const auth = ['--auth', 'proxy', '--trusted-proxy', 'loopback', '--authorize', 'roles', '--roles', roles];
    await using server = start(['serve', ...LISTEN, ...auth], { cwd: folder.path });
    const url = await addressOf(server);
    const query = { query: '{ registeredModels { nodes { name } } }' };
    const header = 'x-forwarded-user';
    expect((await post(url, query)).status).toBe(401);
    expect((await post(url, query, { [header]: 'ada' })).status).toBe(200);
    expect((await post(url, query, { [header]: 'eve' })).status).toBe(403);
    const text = await scrapeUntil(await metricsOf(server), (seen) => countOf(seen) === 3);
    expect(valuesOf(text, 'modelgraph_authentications_total')).toEqual({
      '{result="refused"}': 1,
      '{result="known"}': 2,
    });
    const decisions = valuesOf(text, 'modelgraph_auth_decisions_total');
    expect(decisions).toEqual({ '{result="allowed"}': expect.any(Number), '{result="denied"}': expect.any(Number) });
    expect(text).not.toMatch(/\b(ada|eve)\b/);
    await stopped(server);
  });

  test('are at their port only, and for reading only', async () => {
    using folder = temporary();
    await using server = start(['mlmd', ...LISTEN], { cwd: folder.path });
    const metrics = await metricsOf(server);
    const response = await fetch(metrics);
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect((await fetch(metrics, { method: 'POST' })).status).toBe(405);
    expect((await fetch(new URL('/', metrics))).status).toBe(404);
    await stopped(server);
  });

  test('are not served, and nothing is measured, without the flag', async () => {
    using folder = temporary();
    await using server = start(['serve', '--port', '0'], { cwd: folder.path });
    expect((await fetch(`${await addressOf(server)}/metrics`)).status).toBe(404);
    expect(server.stdout).not.toContain('Metrics');
    await stopped(server);
  });

  test('tell what an MLMD server that is away does', async () => {
    using folder = temporary();
    await using server = start(['serve', ...LISTEN, '--mlmd', '127.0.0.1:9'], { cwd: folder.path });
    await post(await addressOf(server), { query: '{ artifacts { nodes { id } } }' });
    const text = await scrapeUntil(await metricsOf(server), (seen) => countOf(seen) === 1);
    expect(valuesOf(text, 'modelgraph_store_call_duration_seconds_count')).toEqual({
      '{call="GetArtifacts",code="UNAVAILABLE"}': 1,
    });
    expect(valuesOf(text, 'modelgraph_errors_total')).toEqual({ '{door="graphql",code="BACKEND_UNAVAILABLE"}': 1 });
    expect(text).not.toContain('\nmodelgraph_store_waiting');
    await stopped(server);
  });

  test('that cannot have their port are told with the flag', async () => {
    using folder = temporary();
    await using first = start(['mlmd', ...LISTEN], { cwd: folder.path });
    const { port } = new URL(await metricsOf(first));
    const { code, stderr } = await run(['mlmd', '--port', '0', '--metrics-port', port], { cwd: folder.path });
    expect([code, stderr]).toEqual([
      2,
      `modelgraph: Port ${port} is in use; choose another with --metrics-port, or 0 for a free one.\n`,
    ]);
    await stopped(first);
  });
});

/** How many requests were counted. */
function countOf(text: string): number {
  return Object.values(valuesOf(text, 'modelgraph_requests_total')).reduce((sum, count) => sum + count, 0);
}

async function callOverGrpc([, address = '']: RegExpExecArray): Promise<void> {
  const { store } = await openStore({ mlmd: address });
  const list = (filterQuery: string) => store.getContexts({ options: { maxResultSize: 1, filterQuery } });
  await list("name = 'a'");
  await expect(list(`${CANARY} ~`)).rejects.toThrow();
  await store.close();
}

async function stopped(server: ReturnType<typeof start>): Promise<void> {
  server.kill('SIGTERM');
  expect(await server.ended()).toBe(0);
}
