import { globSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, test } from 'vitest';

const MESSAGES = 'src/generated/proto/';
const TYPES = 'src/generated/graphql.ts';
const ROOT = ['src/*', 'node:', 'package:'];
const STORE = ['src/errors.ts', 'src/domain/', 'src/mlmd/store.ts', MESSAGES, 'node:'];

/**
 * Who may import whom, besides the files of the same folder. A row is a file, a folder (`/`) or the files right in one
 * (`/*`); the first that fits counts. `package:` is any package; `type FILE` may be imported for its types only. What is
 * not in the table is forbidden.
 */
const TABLE: Readonly<Record<string, readonly string[]>> = {
  'src/errors.ts': [],
  'src/observe.ts': ['package:pino'],
  'src/domain/': ['src/errors.ts', MESSAGES, 'src/generated/filter-query.js'],
  'src/mlmd/store.ts': [MESSAGES, 'type src/auth/access.ts', 'type src/domain/audit-line.ts'],
  'src/mlmd/around-calls.ts': ['src/mlmd/store.ts'],
  'src/mlmd/count-calls.ts': ['src/mlmd/around-calls.ts', 'type src/mlmd/store.ts'],
  'src/mlmd/remote/': [...STORE, 'package:@grpc/grpc-js'],
  'src/mlmd/embedded/': STORE,
  'src/mlmd/serve/': [
    ...STORE,
    'type src/auth/caller.ts',
    'type src/auth/credentials.ts',
    'src/auth/peer-certificate.ts',
    'type src/tls-files.ts',
    'package:@bufbuild/protobuf',
    'package:@grpc/grpc-js',
  ],
  'src/mlmd/serve.ts': [
    'src/errors.ts',
    'src/mlmd/serve/',
    'src/mlmd/store.ts',
    'type src/tls-files.ts',
    'package:@grpc/grpc-js',
  ],
  'src/mlmd/open.ts': [...STORE, 'src/mlmd/remote/', 'src/mlmd/embedded/'],
  'src/loaders/': ['src/errors.ts', 'src/domain/', 'src/mlmd/store.ts', MESSAGES, 'package:dataloader'],
  'src/registry/': ['src/errors.ts', 'src/domain/', 'src/mlmd/store.ts', MESSAGES],
  'src/lineage/': ['src/errors.ts', 'src/domain/', 'type src/mlmd/store.ts', MESSAGES, 'type src/context.ts'],
  'src/resolvers/': [
    'src/errors.ts',
    'src/domain/',
    'src/lineage/',
    'src/registry/',
    MESSAGES,
    TYPES,
    'type src/context.ts',
    'package:graphql',
  ],
  'src/auth/': ['src/errors.ts', 'node:', 'package:graphql', 'package:jose', 'package:yaml'],
  'src/audit/': [...STORE, 'type src/mlmd/serve/admit.ts', 'src/auth/', 'src/guard/written.ts', 'package:pino'],
  'src/audit-requests.ts': ['src/audit/', 'src/auth/', 'type src/domain/audit-line.ts', ...ROOT],
  'src/guard/': ['src/audit/', 'src/auth/', 'type src/mlmd/serve/store-for.ts', ...STORE],
  'src/authorize.ts': ['src/auth/', 'src/guard/', ...ROOT],
  'src/authentication.ts': ['src/auth/', ...ROOT],
  'src/limits/': [
    'type src/mlmd/serve/admit.ts',
    'src/errors.ts',
    'src/domain/',
    'src/auth/',
    'node:',
    'package:graphql',
  ],
  'src/throttle.ts': ['src/auth/', 'src/limits/', ...ROOT],
  'src/admission.ts': ['src/limits/', ...ROOT],
  'src/graphql-server.ts': ['src/limits/', ...ROOT],
  'src/graphql-error.ts': ['src/limits/', ...ROOT],
  'src/trusted-documents.ts': ['src/generated/cli-operations.ts', 'src/generated/client-operations.ts', ...ROOT],
  'src/strict-json.ts': ['src/errors.ts'],
  'src/metrics/': [
    'type src/auth/policy.ts',
    'src/errors.ts',
    'src/mlmd/around-calls.ts',
    'type src/mlmd/store.ts',
    'node:',
    'package:prom-client',
  ],
  'src/traces/': [
    'src/metrics/outcome.ts',
    'src/mlmd/around-calls.ts',
    'type src/mlmd/store.ts',
    'node:',
    'package:graphql',
    'package:@opentelemetry/api',
    'package:@opentelemetry/core',
    'package:@opentelemetry/exporter-trace-otlp-http',
    'package:@opentelemetry/resources',
    'package:@opentelemetry/sdk-trace',
  ],
  'src/measure-requests.ts': ['src/metrics/', ...ROOT],
  'src/rest/': ['src/errors.ts', 'src/strict-json.ts', 'node:', 'package:graphql', 'package:fastify'],
  'src/rest.ts': ['src/auth/', 'src/rest/', ...ROOT],
  'src/demo/': ['src/errors.ts', 'src/domain/registry-types.ts', 'src/mlmd/store.ts', MESSAGES],
  'src/client/': ['src/generated/client-operations.ts'],
  'src/config.ts': [],
  'src/cli/': [
    'src/client/',
    'src/config.ts',
    'src/generated/cli-operations.ts',
    'node:',
    'package:@bomb.sh/tab',
    'package:cli-table3',
    'package:commander',
    'package:csv-stringify',
    'package:fastest-levenshtein',
    'package:graphql',
    'package:string-width',
    'package:yaml',
  ],
  'src/operator/': [
    'src/auth/permission.ts',
    'src/errors.ts',
    'src/metrics/',
    'node:',
    'package:@kubernetes/client-node',
    'package:pino',
  ],
  'src/commands/': [
    'src/audit/',
    'src/auth/',
    'src/guard/',
    'src/cli/',
    'src/demo/',
    'src/limits/',
    'src/metrics/',
    'src/traces/',
    'src/operator/run-operator.ts',
    'package.json',
    'src/mlmd/store.ts',
    'src/mlmd/open.ts',
    'src/mlmd/serve.ts',
    ...ROOT,
  ],
  'src/program.ts': ['src/cli/', 'src/commands/', 'package.json', ...ROOT],
  'src/main.ts': ['src/cli/', ...ROOT],
  'src/schema.ts': ['src/auth/', 'src/resolvers/', ...ROOT],
  'src/context.ts': [
    'type src/domain/audit-line.ts',
    'src/auth/',
    'type src/guard/guard-store.ts',
    'src/limits/',
    'src/loaders/',
    'type src/metrics/request-tally.ts',
    'type src/traces/request-trace.ts',
    'src/mlmd/store.ts',
    ...ROOT,
  ],
  'src/execute.ts': ['src/domain/', ...ROOT],
  'src/server.ts': [
    'type src/audit/request-audit.ts',
    'src/auth/',
    'src/guard/',
    'src/limits/',
    'src/rest/',
    'src/mlmd/store.ts',
    'type src/metrics/gateway-metrics.ts',
    'src/traces/',
    ...ROOT,
  ],
  'src/*': ROOT,
  'web/': ['package:'],
  'tools/operation-documents.ts': ['package:graphql', 'package:@graphql-codegen/plugin-helpers'],
  'tools/': [
    'src/cli/',
    'src/operator/registry/crd.ts',
    'src/program.ts',
    'src/rest.ts',
    'src/schema.ts',
    'node:',
    'package:commander',
    'package:vitest',
    'package:yaml',
  ],
};

/** The only file that may read process.env. It need not exist. */
const SETTINGS = 'src/config.ts';

/** What reaches beyond the process, or into time, and needs no import. */
const IO = /\b(console|fetch|process|setImmediate|setInterval|setTimeout|WebSocket)\b\s*[.(]/;

/** The only file that may know SQLite: its driver, its files and its codes. SQL itself is the engine's language. */
const DRIVER = 'src/mlmd/embedded/database.ts';

/** What only SQLite has. */
const SQLITE =
  /\bnode:sqlite\b|\bDatabaseSync\b|\bPRAGMA\b|\bsqlite_\w+|\bSQLITE_\w+|-(?:wal|shm|journal)\b|\bWAL\b|\bSQLite format\b|\berrcode\b|\bjournal_mode\b|\bsynchronous=|\b\w+_check\(|\bBEGIN\b|\bSAVEPOINT\b|\bVACUUM\b|\bATTACH\b/;

/** The one barrel: what the package gives to others, who cannot import single files. */
const ENTRY = 'src/client/index.ts';

const MAX_LINES = 300;
const MAX_MEDIAN_LINES = 80;

const files = globSync('{src,web,tools}/**/*.{ts,tsx}', { exclude: ['src/generated/**'] }).map(
  (path) => [path, readFileSync(path, 'utf8')] as const,
);

describe('the boundaries', () => {
  test('are kept', () => {
    expect(files.length).toBeGreaterThan(50);
    expect(files.flatMap(([path, text]) => violations(path, text))).toEqual([]);
  });

  test('have no row that fits nothing', () => {
    const used = new Set(files.map(([path]) => rowOf(path)));
    expect(Object.keys(TABLE).filter((row) => !used.has(row))).toEqual([]);
  });

  test.each([
    ['src/errors.ts', "import { pino } from 'pino';", 'may not import pino'],
    ['src/observe.ts', "import { RegistryError } from './errors.ts';", 'may not import src/errors.ts'],
    ['src/domain/ids.ts', "import { readFileSync } from 'node:fs';", 'may not import node:fs'],
    ['src/domain/ids.ts', "import type { MetadataStore } from '../mlmd/store.ts';", 'may not import src/mlmd/store.ts'],
    ['src/domain/ids.ts', 'const answer = await fetch(url);', 'is to be pure, but has fetch'],
    ['src/domain/time.ts', 'console.log(now);', 'is to be pure, but has console'],
    ['src/mlmd/remote/client.ts', "import { a } from '../embedded/a.ts';", 'may not import src/mlmd/embedded/a.ts'],
    ['src/mlmd/embedded/store.ts', "import { a } from '../remote/a.ts';", 'may not import src/mlmd/remote/a.ts'],
    ['src/mlmd/embedded/store.ts', "import { openStore } from '../open.ts';", 'may not import src/mlmd/open.ts'],
    ['src/mlmd/embedded/store.ts', "import grpc from '@grpc/grpc-js';", 'may not import @grpc/grpc-js'],
    [
      'src/mlmd/remote/client.ts',
      "import { load } from '../../loaders/nodes.ts';",
      'may not import src/loaders/nodes.ts',
    ],
    ['src/loaders/nodes.ts', "import { openStore } from '../mlmd/open.ts';", 'may not import src/mlmd/open.ts'],
    ['src/loaders/nodes.ts', "import { Query } from '../resolvers/base.ts';", 'may not import src/resolvers/base.ts'],
    ['src/resolvers/base.ts', "import type { A } from '../mlmd/store.ts';", 'may not import src/mlmd/store.ts'],
    ['src/resolvers/base.ts', "import { load } from '../loaders/nodes.ts';", 'may not import src/loaders/nodes.ts'],
    ['src/resolvers/base.ts', "import { createContext } from '../context.ts';", 'may not import src/context.ts'],
    ['src/rest/input.ts', "import type { Context } from '../context.ts';", 'may not import src/context.ts'],
    ['src/cli/session.ts', "import { startGateway } from '../server.ts';", 'may not import src/server.ts'],
    ['src/cli/session.ts', "import { demo } from '../commands/demo.ts';", 'may not import src/commands/demo.ts'],
    ['src/cli/session.ts', "import { toPage } from '../domain/page.ts';", 'may not import src/domain/page.ts'],
    ['src/cli/session.ts', 'const { HOME } = process.env;', 'may not read process.env'],
    ['src/operator/reconcile.ts', "import { startGateway } from '../server.ts';", 'may not import src/server.ts'],
    ['src/operator/tell.ts', "import { openStore } from '../mlmd/open.ts';", 'may not import src/mlmd/open.ts'],
    [
      'src/server.ts',
      "import { logIn } from './operator/kube/log-in.ts';",
      'may not import src/operator/kube/log-in.ts',
    ],
    ['src/demo/fill.ts', "import { openStore } from '../mlmd/open.ts';", 'may not import src/mlmd/open.ts'],
    ['src/demo/fill.ts', "import { toPage } from '../domain/page.ts';", 'may not import src/domain/page.ts'],
    ['src/server.ts', "import { openStore } from './mlmd/open.ts';", 'may not import src/mlmd/open.ts'],
    ['src/server.ts', "import { demo } from './commands/demo.ts';", 'may not import src/commands/demo.ts'],
    ['src/server.ts', "import { openHarness } from '../test/harness.ts';", 'may not import test/harness.ts'],
    ['src/main.ts', "import { generate } from '../bench/generate.ts';", 'may not import bench/generate.ts'],
    ['src/mlmd/migrate.ts', '', 'has no row in the table of imports'],
    ['src/mlmd/serve/rpcs.ts', "import { a } from '../embedded/a.ts';", 'may not import src/mlmd/embedded/a.ts'],
    ['src/auth/access.ts', "import type { Context } from '../context.ts';", 'may not import src/context.ts'],
    ['web/playground/a.ts', "import { b } from '../../src/b.ts';", 'may not import src/b.ts'],
    ['src/server.ts', 'const { PORT } = process.env;', 'may not read process.env'],
    ['src/server.ts', "const port = process['env'].PORT;", 'may not read process.env'],
    ['src/server.ts', "import { env } from 'node:process';", 'may not read process.env'],
    ['src/mlmd/embedded/open.ts', "import { constants } from 'node:sqlite';", 'knows SQLite: node:sqlite'],
    ['src/mlmd/embedded/open.ts', 'new DatabaseSync(file);', 'knows SQLite: DatabaseSync'],
    ['src/mlmd/embedded/open.ts', "'PRAGMA user_version'", 'knows SQLite: PRAGMA'],
    ['src/mlmd/embedded/open.ts', "'SELECT name FROM sqlite_master'", 'knows SQLite: sqlite_master'],
    ['src/mlmd/embedded/open.ts', '// SQLITE_BUSY', 'knows SQLite: SQLITE_BUSY'],
    ['src/mlmd/embedded/open.ts', "file + '-wal'", 'knows SQLite: -wal'],
    ['src/mlmd/embedded/open.ts', "['', '-journal']", 'knows SQLite: -journal'],
    ['src/mlmd/embedded/open.ts', 'if (error.errcode === 5) return;', 'knows SQLite: errcode'],
    ['src/mlmd/embedded/open.ts', "'SQLite format 3'", 'knows SQLite: SQLite format'],
    ['src/mlmd/embedded/open.ts', "await all('BEGIN IMMEDIATE');", 'knows SQLite: BEGIN'],
    ['src/server.ts', "'quick_check(1)'", 'knows SQLite: quick_check('],
    ['src/domain/index.ts', '', 'is a barrel'],
    ['src/client/lists.ts', "import type { Context } from '../context.ts';", 'may not import src/context.ts'],
    [
      'src/client/lists.ts',
      "import { setTimeout } from 'node:timers/promises';",
      'may not import node:timers/promises',
    ],
    ['src/client/lists.ts', "import { parse } from 'graphql';", 'may not import graphql'],
    ['src/client/lists.ts', "export * from './client.ts';", 'is a barrel'],
    ['src/domain/ids.ts', "export { toPage } from './page.ts';", 'is a barrel'],
    ['src/domain/ids.ts', "export * from './page.ts';", 'is a barrel'],
    ['src/server.ts', 'const plugin = await import(name);', 'imports something that cannot be read from its text'],
    ['src/lineage/walk.ts', 'return {\n  get depth() {', 'has an accessor'],
    ['src/domain/ids.ts', '\n'.repeat(301), 'is over 300 lines'],
  ])('a break of them is found: %s %#', (path, text, violation) => {
    expect(violations(path, text)).toEqual([`${path} ${violation}`]);
  });

  test.each([
    ["import a from 'b';"],
    ['import a from "b";'],
    ["import 'b';"],
    ["import * as a from 'b';"],
    ["import a, { type c } from 'b';"],
    ["import {\n  a,\n  c as d,\n} from 'b';"],
    ["import type { a } from 'b';"],
    ["export type { a } from 'b';"],
    ["const a = await import('b');"],
    ["const a: import('b').A = null;"],
    ["const a = require('b');"],
  ])('an import is found however it is written: %j', (text) => {
    expect(importsOf(`const before = 'x';\n${text}\nconst after = 'y';`).map(({ target }) => target)).toEqual(['b']);
  });
});

describe('what only a flag needs', () => {
  test.each(['serve', 'mlmd', 'demo', 'operator'])('is not loaded with `modelgraph %s`', (command) => {
    const loaded = loadedWith(`src/commands/${command}.ts`);
    expect(loaded).toContain('src/observe.ts');
    expect(loaded.filter((each) => /^prom-client$|^@opentelemetry\//.test(each))).toEqual([]);
  });

  test.each([
    ['src/commands/meter.ts', 'prom-client'],
    ['src/traces/tracer.ts', '@opentelemetry/api'],
  ])('is there with it: %s', (path, name) => {
    expect(loadedWith(path)).toContain(name);
  });
});

test('the median of the files of src is under 80 lines', () => {
  const lengths = files.filter(([path]) => path.startsWith('src/')).map(([, text]) => linesOf(text));
  expect(medianOf(lengths)).toBeLessThan(MAX_MEDIAN_LINES);
  expect(medianOf([1, 200, 90])).toBe(90);
});

/** What the file breaks, a sentence each. */
function violations(path: string, text: string): string[] {
  const imports = importsOf(text);
  const found = [
    rowOf(path) === undefined && 'has no row in the table of imports',
    ...imports.filter((each) => !mayImport(path, each)).map(({ target }) => `may not import ${resolve(path, target)}`),
    /\bimport\((?!\s*['"])/.test(text) && 'imports something that cannot be read from its text',
    path !== ENTRY && isBarrel(path, text) && 'is a barrel',
    path !== SETTINGS && readsEnvironment(text) && 'may not read process.env',
    path.startsWith('src/') && path !== DRIVER && SQLITE.test(text) && `knows SQLite: ${SQLITE.exec(text)?.[0]}`,
    path.startsWith('src/domain/') && IO.test(text) && `is to be pure, but has ${IO.exec(text)?.[1]}`,
    servesRequests(path) && ACCESSOR.test(text) && 'has an accessor',
    linesOf(text) > MAX_LINES && `is over ${MAX_LINES} lines`,
  ];
  return found.filter((each) => each !== false).map((each) => `${path} ${each}`);
}

/** V8 keeps what an accessor of an object sees until a full collection: harmless only where few are made. */
const ACCESSOR = /^\s*[gs]et \w+\(/m;

function servesRequests(path: string): boolean {
  return path.startsWith('src/') && path !== DRIVER && !path.startsWith('src/cli/');
}

interface Import {
  readonly target: string;
  readonly typeOnly: boolean;
  /** By a call, when it is needed. */
  readonly late: boolean;
}

/** Files and packages that are there as soon as this file is. */
function loadedWith(path: string): string[] {
  const texts = new Map(files);
  const loaded = new Set([path]);
  for (const each of loaded) {
    for (const { target, typeOnly, late } of importsOf(texts.get(each) ?? ''))
      if (!typeOnly && !late) loaded.add(resolve(each, target));
  }
  return [...loaded];
}

function importsOf(text: string): Import[] {
  const statements = text.matchAll(/^(?:import|export)\b(\s+type\b)?(?:[^'"`;=]*?\bfrom)?\s*['"]([^'"]+)['"]/gm);
  const calls = text.matchAll(/\b(?:import|require)\((\s*)['"]([^'"]+)['"]/g);
  return [
    ...Array.from(statements, ([, type, target = '']) => ({ target, typeOnly: type !== undefined, late: false })),
    ...Array.from(calls, ([, , target = '']) => ({ target, typeOnly: false, late: true })),
  ];
}

function mayImport(path: string, { target, typeOnly }: Import): boolean {
  const row = rowOf(path) ?? '';
  const to = resolve(path, target);
  const name = to === target && !to.startsWith('node:') ? `package:${to}` : to;
  const allowed = [...(TABLE[row] ?? []), ...(row.endsWith('/') ? [row] : [])];
  return allowed.some((each) => fits(name, each) || (typeOnly && `type ${name}` === each));
}

/** The path of a relative import; packages stay as they are. */
function resolve(path: string, target: string): string {
  return target.startsWith('.') ? posix.join(posix.dirname(path), target) : target;
}

function rowOf(path: string): string | undefined {
  return Object.keys(TABLE).find((row) => fits(path, row));
}

/** A folder or scheme fits whatever is in it, anything else only itself or, for a package, what is under it. */
function fits(name: string, allowed: string): boolean {
  if (allowed.endsWith('/*')) return `${posix.dirname(name)}/*` === allowed;
  return name === allowed || name.startsWith(/[/:]$/.test(allowed) ? allowed : `${allowed}/`);
}

function isBarrel(path: string, text: string): boolean {
  return posix.basename(path).startsWith('index.') || /^export\b[^'"`;=()]*\bfrom\s*['"]/m.test(text);
}

function readsEnvironment(text: string): boolean {
  return /\bprocess\s*(\.\s*env\b|\[\s*['"]env)|\benv\b.*\bfrom 'node:process'|\benv\b[^=\n]*=\s*process\b/.test(text);
}

function linesOf(text: string): number {
  return text.split('\n').length - 1;
}

function medianOf(lengths: readonly number[]): number {
  return lengths.toSorted((a, b) => a - b)[Math.floor(lengths.length / 2)] ?? 0;
}
