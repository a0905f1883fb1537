import { ok } from 'node:assert';
import { existsSync, mkdtempDisposableSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { ListModelsDocument } from '../src/generated/cli-operations.ts';
import { runOnce, startDemo, type Took } from './cli/run-once.ts';
import { median, SMOKE } from './rounds.ts';
import { milliseconds, printTable, printTitle, times } from './table.ts';

const ROOT = resolve(import.meta.dirname, '..');
const ROUNDS = SMOKE ? 1 : 41;

/** How many times `node -e 0` a command may take, beside the request. */
const AIM = 1.5;

const CHECKOUT = join(ROOT, 'tools/modelgraph.cjs');
/** The package where `npm run build` has made it: Node has no types to strip there. */
const BUILT = join(ROOT, 'dist/package/tools/modelgraph.cjs');

using folder = mkdtempDisposableSync(join(tmpdir(), 'modelgraph-bench-'));
await using gateway = await startDemo(join(ROOT, 'src/main.ts'));
const env = { MODELGRAPH_SERVER: gateway.url, HOME: folder.path, XDG_CONFIG_HOME: '', TMPDIR: folder.path };

/** The request of `modelgraph models list`, by Node itself and nothing else. */
const url = JSON.stringify(`${gateway.url}/graphql`);
const variables = { first: 50, after: null, filter: null };
const body = JSON.stringify(JSON.stringify({ query: ListModelsDocument, variables }));
const request = `method: 'POST', headers: { 'content-type': 'application/json' }`;
const fetched = `fetch(${url}, { ${request}, body: ${body} }).then((answer) => answer.text()).then(console.log)`;

const sent = `require('node:http').request(${url}, { ${request} }, (answer) => answer.pipe(process.stdout)).end(${body})`;

const NOTHING = 'node -e 0';
const REQUEST = 'node -e, the request by fetch';
const LIST = 'modelgraph models list';
const ways = new Map<string, readonly string[]>([
  [NOTHING, ['-e', '0']],
  [REQUEST, ['-e', fetched]],
  ['node -e, the request by node:http', ['-e', sent]],
  [LIST, [CHECKOUT, 'models', 'list']],
  ['modelgraph models list -o json', [CHECKOUT, 'models', 'list', '-o', 'json']],
  ['modelgraph version', [CHECKOUT, 'version']],
]);
if (existsSync(BUILT)) ways.set('modelgraph models list, built', [BUILT, 'models', 'list']);

await compareAnswers();
const took = new Map<string, Took[]>([...ways.keys()].map((name) => [name, []]));
for (let round = 0; round < ROUNDS; round += 1) {
  const names = [...ways.keys()];
  for (const [index] of names.entries()) {
    const name = names[(index + round) % names.length] ?? NOTHING;
    took.get(name)?.push(await runOnce(ways.get(name) ?? [], env));
  }
}
report();

/** All ways give the same models. The commands are compiled here: what a user has is compiled too, after the first time. */
async function compareAnswers(): Promise<void> {
  const { data } = JSON.parse((await runOnce(ways.get(REQUEST) ?? [], env)).stdout);
  const names: string[] = data.page.nodes.map(({ name }: { name: string }) => name);
  ok(names.length > 3);
  for (const [way, args] of ways) {
    const { stdout } = await runOnce(args, env);
    if (way.includes('models list'))
      ok(
        names.every((name) => stdout.includes(name)),
        `${way}: ${stdout}`,
      );
  }
}

function report(): void {
  const of = (name: string, what: 'wall' | 'cpu') => median((took.get(name) ?? []).map((each) => each[what]));
  printTitle('bench:cli — from the start of the process to its end, ms', `median of ${ROUNDS} interleaved rounds`);
  const beside = (name: string, what: 'wall' | 'cpu') =>
    name.startsWith('node -e') ? '' : times((of(name, what) - requestOf(name, what)) / of(NOTHING, what));
  const requestOf = (name: string, what: 'wall' | 'cpu') =>
    name.includes('models list') ? of(REQUEST, what) - of(NOTHING, what) : 0;
  printTable(
    ['what', 'wall', 'beside the request', 'CPU', 'beside the request'],
    [...ways.keys()].map((name) => [
      name,
      milliseconds(of(name, 'wall')),
      beside(name, 'wall'),
      milliseconds(of(name, 'cpu')),
      beside(name, 'cpu'),
    ]),
  );
  console.log(`\nAll ways give the same models. Beside the request, a list may take ${times(AIM)} of \`${NOTHING}\`.`);
}
