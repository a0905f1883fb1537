import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { openRig, type Rig } from './terminal-rig.ts';

let rig: Rig;

beforeAll(async () => {
  rig = await openRig();
});

afterAll(() => rig[Symbol.asyncDispose]());

describe('what is not there ends with exit code 3 and near names', () => {
  test.each([
    [
      'models get bert-squat',
      'There is no model bert-squat (did you mean bert-squad?); `modelgraph models list` tells all.',
    ],
    [
      'models update resnt --owner x',
      'There is no model resnt (did you mean resnet-50?); `modelgraph models list` tells all.',
    ],
    [
      'models archive whisperr',
      'There is no model whisperr (did you mean whisper?); `modelgraph models list` tells all.',
    ],
    ['models get qqqqqqqq', 'There is no model qqqqqqqq; `modelgraph models list` tells all.'],
    ['versions list yolo8', 'There is no model yolo8 (did you mean yolov8?); `modelgraph models list` tells all.'],
    [
      'versions get bert-base-uncased-sst2/v33',
      'The model bert-base-uncased-sst2 has no version v33 (did you mean v3?); `modelgraph versions list bert-base-uncased-sst2` tells all.',
    ],
    [
      'versions create wisper v1',
      'There is no model wisper (did you mean whisper?); `modelgraph models list` tells all.',
    ],
    [
      'runs list sst2-learning',
      'There is no experiment sst2-learning (did you mean sst2-learning-rate?); `modelgraph experiments list` tells all.',
    ],
    [
      'runs get sst2-learning-rate/lr-2e-6',
      'The experiment sst2-learning-rate has no run lr-2e-6 (did you mean lr-2e-5 or lr-5e-5?); `modelgraph runs list sst2-learning-rate` tells all.',
    ],
    [
      'environments get productoin',
      'There is no environment productoin (did you mean production?); `modelgraph environments list` tells all.',
    ],
    ['deployments wisper', 'There is no model wisper (did you mean whisper?); `modelgraph models list` tells all.'],
    ['artifacts get 99999', 'There is no artifact 99999 in the registry; `modelgraph artifacts list` tells all.'],
    ['runs get run:99999', 'There is no run run:99999; `modelgraph runs list` tells all.'],
    ['lineage artifact:99999', 'There is no node artifact:99999.'],
    [
      'impact model:bert-squat',
      'There is no model bert-squat (did you mean bert-squad?); `modelgraph models list` tells all.',
    ],
    ['context use prod', 'There is no context prod; `modelgraph context list` tells which there are.'],
  ])('%s', async (line, said) => {
    expect(await rig.shell(`modelgraph ${line}`)).toEqual({ code: 3, stdout: '', stderr: `modelgraph: ${said}\n` });
  });
});

describe('a server', () => {
  test.each([
    ['http://127.0.0.1:9', /no answer from http:\/\/127\.0\.0\.1:9 \(connection refused\).*--server names another\.$/],
    [
      'http://no.such.host.invalid:1',
      /no answer from http:\/\/no\.such\.host\.invalid:1 \((no such host|the name cannot)/,
    ],
  ])('that is not there is told: %s', async (server, said) => {
    const { code, stdout, stderr } = await rig.modelgraph(['models', 'list', '--server', server]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^modelgraph: [^\n]+\n$/);
    expect(stderr.trimEnd()).toMatch(said);
  });

  test('that is none of ours is told', async () => {
    await using other = await serve(() => [200, '<html>']);
    const { code, stderr } = await rig.modelgraph(['models', 'list', '--server', other.url]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^modelgraph: .* but not as ModelGraph does\. --server names another\.\n$/);
  });

  test.each([
    ['before the command', (url: string) => ['--server', url, '-o', 'name', 'models', 'list', '--limit', '1']],
    ['after it', (url: string) => ['models', 'list', '--limit', '1', '--server', url, '-o', 'name']],
    ['within it', (url: string) => ['models', '--server', url, 'list', '-o', 'name', '--limit', '1']],
  ])('is taken %s, as all flags are', async (_place, args) => {
    const ended = await rig.modelgraph(args(rig.url), { MODELGRAPH_SERVER: 'http://127.0.0.1:9' });
    expect(ended).toMatchObject({ code: 0, stdout: 'model:resnet-50\n' });
  });

  test('is the one of `modelgraph demo` where none is named', async () => {
    const { stderr } = await rig.modelgraph(['models', 'list'], { MODELGRAPH_SERVER: '' });
    if (stderr !== '') expect(stderr).toContain('There is no answer from http://127.0.0.1:4000');
  });
});

describe('a list', () => {
  test('shows as many rows as are asked for, over pages of 100, and says that there are more', async () => {
    const some = await rig.modelgraph(['artifacts', 'list', '-o', 'name']);
    expect(some.stdout.trim().split('\n')).toHaveLength(50);
    const [, total = ''] =
      /^The first 50 of (\d+) artifacts; --all shows all of them, --limit N/.exec(some.stderr) ?? [];
    expect(Number(total)).toBeGreaterThan(120);
    const many = await rig.modelgraph(['artifacts', 'list', '-o', 'name', '--limit', '120']);
    expect(new Set(many.stdout.trim().split('\n')).size).toBe(120);
    expect(many.stderr).toContain(`The first 120 of ${total}`);
    const all = await rig.modelgraph(['artifacts', 'list', '-o', 'name', '--all']);
    expect(new Set(all.stdout.trim().split('\n')).size).toBe(Number(total));
    expect(all.stderr).toBe('');
  });

  test('without rows is empty for scripts, and says so to people', async () => {
    const none = ['models', 'list', '--filter', "name = 'none'"];
    expect(await rig.modelgraph(none)).toEqual({ code: 0, stdout: '', stderr: 'No models.\n' });
    expect(await rig.modelgraph([...none, '-o', 'json'])).toEqual({ code: 0, stdout: '[]\n', stderr: '' });
    expect(await rig.modelgraph([...none, '-o', 'name'])).toEqual({ code: 0, stdout: '', stderr: '' });
    expect((await rig.modelgraph([...none, '-o', 'csv'])).stdout).toMatch(/^databaseId,name,[\w,]+\n$/);
  });

  test('that nobody reads to its end is no failure', async () => {
    expect(await rig.shell('(modelgraph artifacts list --all -o json; echo $? >&2) | true')).toMatchObject({
      stderr: '0\n',
    });
  });
});

describe('query', () => {
  const MODEL =
    'query Q($name: String!, $first: Int) { registeredModel(name: $name) { name versions(first: $first) { nodes { name } } } }';
  const ANSWER = { registeredModel: { name: 'bert-squad', versions: { nodes: [{ name: 'base-uncased' }] } } };

  test('takes a document from stdin, with variables by the types that it gives them', async () => {
    const line = `modelgraph query - --var name=bert-squad --var first=1 <<< '${MODEL}'`;
    expect(JSON.parse((await rig.shell(line)).stdout)).toEqual(ANSWER);
    expect((await rig.shell(`${line} -o yaml`)).stdout).toMatch(/^registeredModel:\n {2}name: bert-squad\n/);
  });

  test('takes one from a file', async () => {
    await rig.shell(`echo '${MODEL}' > q.graphql`);
    expect(
      JSON.parse((await rig.shell('modelgraph query q.graphql --var name=bert-squad --var first=1')).stdout),
    ).toEqual(ANSWER);
  });

  test('with --dry-run sends nothing', async () => {
    const line = `modelgraph query - --dry-run --var name=x -o json --server http://127.0.0.1:9 <<< '${MODEL}'`;
    const { code, stdout } = await rig.shell(line);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ query: `${MODEL}\n`, variables: { name: 'x' } });
  });
});

describe('a Ctrl-C', () => {
  test('ends a command that waits, with exit code 130, one sentence and nothing on stdout', async () => {
    await using slow = await serve(() => undefined);
    const ended = await interrupted(['models', 'list', '--all', '-o', 'json', '--server', slow.url], slow.asked);
    expect(ended).toEqual({ code: 130, stdout: '', stderr: 'modelgraph: Interrupted.\n' });
  });

  test('between two pages leaves no half of a list', async () => {
    let pages = 0;
    await using slow = await serve(() => {
      pages += 1;
      return pages === 1 ? [200, JSON.stringify({ data: { page: firstPage() } })] : undefined;
    });
    const ended = await interrupted(['models', 'list', '--all', '-o', 'json', '--server', slow.url], slow.asked, 2);
    expect(ended).toEqual({ code: 130, stdout: '', stderr: 'modelgraph: Interrupted.\n' });
  });

  test('in a change says that it may have been made', async () => {
    await using slow = await serve(() => undefined);
    const { code, stderr } = await interrupted(['models', 'create', 'x', '--server', slow.url], slow.asked);
    expect(code).toBe(130);
    expect(stderr).toBe(
      'modelgraph: Interrupted; the change may have been made all the same: look before you repeat it.\n',
    );
  });

  function firstPage() {
    const row = { id: 'x', databaseId: '1', name: 'a', state: null, owner: null, latestVersion: null };
    return { nodes: [row], pageInfo: { hasNextPage: true, endCursor: 'c' }, totalCount: 2 };
  }

  /** What a command does that is interrupted as soon as the server has had so many requests. */
  async function interrupted(args: readonly string[], asked: (times: number) => Promise<void>, times = 1) {
    const child = spawn(join(rig.home, 'modelgraph'), args, { env: { ...process.env, ...rig.env } });
    const output = { stdout: '', stderr: '' };
    child.stdout.on('data', (data) => (output.stdout += data));
    child.stderr.on('data', (data) => (output.stderr += data));
    await asked(times);
    child.kill('SIGINT');
    const [code] = await once(child, 'close');
    return { code, ...output };
  }
});

/** A server that answers what it is told, or never. */
async function serve(answer: () => readonly [number, string] | undefined) {
  let count = 0;
  const waiting: { times: number; resolve: () => void }[] = [];
  const server = createServer((_request, response) => {
    count += 1;
    for (const { times, resolve } of waiting) if (count >= times) resolve();
    const told = answer();
    if (told) response.writeHead(told[0], { 'content-type': 'application/json' }).end(told[1]);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async asked(times: number) {
      const { promise, resolve } = Promise.withResolvers<void>();
      if (count >= times) resolve();
      waiting.push({ times, resolve });
      await promise;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
