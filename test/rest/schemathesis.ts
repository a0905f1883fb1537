import { execFile } from 'node:child_process';
import { existsSync, mkdtempDisposableSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** Where its command is. */
const SCHEMATHESIS = resolve(import.meta.dirname, '../../.cache/schemathesis-venv/bin/schemathesis');

/** Why there is nothing to run: the fuzzer or a file is missing. Throws that where no test may be skipped. */
export function missingFuzzer(...files: readonly string[]): string | undefined {
  const absent = [SCHEMATHESIS, ...files].filter((path) => !existsSync(path));
  if (absent.length === 0) return undefined;
  const reason = `skipped: no ${absent.join(' and no ')}`;
  if (process.env.MODELGRAPH_TEST_REQUIRE === 'all') throw new Error(`MODELGRAPH_TEST_REQUIRE=all, but ${reason}`);
  return reason;
}

/** A failure that a check found. */
export interface Finding {
  /** As `GET /path/{id}`. */
  readonly operation: string;
  /** Its code; of a request that was judged wrongly also which part of it, or what it was answered. */
  readonly check: string;
}

/** What a run did. */
export interface Fuzzed {
  readonly output: string;
  readonly findings: readonly Finding[];
  readonly cases: number;
  /** Requests with anything in a place that has a format of ours, by place and status: `filterQuery 400`. */
  readonly sent: Readonly<Record<string, number>>;
  /** The bodies of all answers with a status of 400 or above, each once. */
  readonly refusals: readonly string[];
}

/** A failed precondition (412) is neither a refusal nor an acceptance of the data; the others are the defaults. */
const CONFIG = `
[checks.negative_data_rejection]
expected-statuses = ["400", "401", "403", "404", "405", "406", "409", "412", "415", "422", "428", "429", "5xx"]
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "3xx", "401", "403", "404", "409", "412", "429", "5xx"]
`;

/** How a run goes. */
export interface FuzzOptions {
  readonly checks: readonly string[];
  /** Random requests to each operation at most. */
  readonly examples: number;
  /** Without the phase of systematic requests, which are most of all. */
  readonly randomOnly?: boolean;
  /** The bearer token to show. */
  readonly token?: string;
}

/** Runs schemathesis on the operations of a document. */
export async function fuzz(source: string, url: string, options: FuzzOptions): Promise<Fuzzed> {
  const { checks, examples, randomOnly = false, token } = options;
  using folder = mkdtempDisposableSync(join(tmpdir(), 'modelgraph-fuzz-'));
  writeFileSync(join(folder.path, 'schemathesis.toml'), CONFIG);
  const counts = join(folder.path, 'sent.json');
  writeFileSync(counts, '{}');
  const phases = ['--phases', randomOnly ? 'examples,fuzzing' : 'examples,coverage,fuzzing', '-n', `${examples}`];
  const always = ['--workers', '1', '--seed', '1', '--no-color', '--continue-on-failure'];
  const shown = token === undefined ? [] : ['--header', `Authorization: Bearer ${token}`];
  const args = ['run', source, '--url', url, '-c', checks.join(), ...phases, ...always, ...shown];
  const hooks = { SCHEMATHESIS_HOOKS: 'fuzz_hooks', PYTHONPATH: import.meta.dirname, MODELGRAPH_FUZZ_SENT: counts };
  // It ends with 1 where there are findings, also listed ones.
  const { promise, resolve: ended } = Promise.withResolvers<string>();
  const child = { cwd: folder.path, env: { ...process.env, ...hooks }, maxBuffer: 2 ** 26 };
  execFile(SCHEMATHESIS, args, child, (_error, out, err) => ended(`${out}${err}`));
  const output = await promise;
  return {
    output,
    findings: findingsIn(output),
    cases: Number(/(\d+) generated/.exec(output)?.[1] ?? 0),
    sent: JSON.parse(readFileSync(counts, 'utf8')) as Record<string, number>,
    refusals: readFileSync(`${counts}.refusals`, 'utf8')
      .trim()
      .split('\n')
      .map((line): string => JSON.parse(line)),
  };
}

/** `____ GET /path ____`, then `- ST201 …` for each finding of that operation, with what it is about. */
function findingsIn(output: string): Finding[] {
  let operation = '';
  return output.split(/\n(?=[_ ]*[A-Z]+ \/\S+[_ ]*\n|- ST\d+ )/).flatMap((block) => {
    operation = /^[_ ]*([A-Z]+ \/[^\s_]\S*?)[_ ]*\n/.exec(block)?.[1] ?? operation;
    const code = /^- (ST\d+) /.exec(block)?.[1];
    return code === undefined ? [] : [{ operation, check: `${code}${aboutOf(code, block)}` }];
  });
}

function aboutOf(code: string, block: string): string {
  const component = /Invalid component: (.*)/.exec(block)?.[1];
  if (code === 'ST201' && component) return ` ${component}`;
  const [, status = '', message = ''] = /^\[(\d+)\] .*\n\n\s+`?(?:.*"message":"(.*?)(?<!\\)"\})?/m.exec(block) ?? [];
  return ` ${status} ${message}`;
}
