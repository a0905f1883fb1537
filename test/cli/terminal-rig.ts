import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { addressOf, type Ended, run, start } from '../process.ts';

/** The checkout's; of a package that was built or installed, where $MODELGRAPH_TEST_BINARY names it. */
const BINARY = process.env.MODELGRAPH_TEST_BINARY ?? resolve(import.meta.dirname, '../../tools/modelgraph.cjs');

/** The home of a user who has the command `modelgraph`, and a gateway with demonstration data where one was asked for. */
export interface Rig extends AsyncDisposable {
  /** The gateway's base address; empty without one. */
  readonly url: string;
  readonly home: string;
  /** The environment of the user. */
  readonly env: Readonly<Record<string, string>>;
  /** Runs `modelgraph` with these arguments. */
  modelgraph(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended>;
  /** Runs a line of the shell, which finds `modelgraph`. */
  shell(line: string, env?: Readonly<Record<string, string>>): Promise<Ended>;
  /** The same in a terminal so many columns wide; stdout and stderr are one there. */
  terminal(line: string, columns: number, env?: Readonly<Record<string, string>>): Promise<Ended>;
}

/** Makes one. With a gateway, that is what is asked unless the environment or a flag says otherwise. */
export async function openRig({ gateway = true }: { readonly gateway?: boolean } = {}): Promise<Rig> {
  const home = mkdtempSync(join(tmpdir(), 'modelgraph-cli-'));
  symlinkSync(BINARY, join(home, 'modelgraph'));
  const server = gateway ? start(['demo', '--port', '0', '--log-level', 'warn']) : undefined;
  const url = server ? await addressOf(server) : '';
  const env = { ...quiet(home), ...(url === '' ? {} : { MODELGRAPH_SERVER: url }) };
  const shell: Rig['shell'] = (line, more) =>
    run(['-c', `PATH="${home}:$PATH"; ${line}`], { command: ['bash'], cwd: home, env: { ...env, ...more } });
  return {
    url,
    home,
    env,
    shell,
    modelgraph: (args, more) => run(args, { command: [BINARY], cwd: home, env: { ...env, ...more } }),
    terminal: (line, columns, more) =>
      shell(`script -qec 'stty cols ${columns} rows 50; ${line.replaceAll("'", `'\\''`)}' /dev/null`, {
        TERM: 'xterm-256color',
        SHELL: '/bin/bash',
        ...more,
      }),
    async [Symbol.asyncDispose]() {
      await server?.[Symbol.asyncDispose]();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Nothing of whoever runs the tests: their settings, their contexts, their time of day. */
function quiet(home: string): Record<string, string> {
  return {
    HOME: home,
    XDG_CONFIG_HOME: join(home, 'config'),
    MODELGRAPH_SERVER: '',
    MODELGRAPH_TOKEN: '',
    MODELGRAPH_TOKEN_FILE: '',
    NO_COLOR: '',
    TERM: 'dumb',
    TZ: 'UTC',
  };
}

/** A text without what is another each time: the times of the demonstration, which are those of its start. */
export function steady(text: string): string {
  return text
    .replaceAll(/20(2[6-9]|[3-9]\d)-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, (time) =>
      time.startsWith('2026-01') ? time : 'TIME',
    )
    .replaceAll(/20(2[6-9]|[3-9]\d)-\d\d-\d\d \d\d:\d\d\b/g, (time) =>
      time.startsWith('2026-01') ? time : 'YYYY-MM-DD hh:mm',
    );
}

/** Why there are no terminals here, for a `skipIf`; undefined where there are. */
export function noTerminal(): string | undefined {
  try {
    execFileSync('script', ['-qec', 'true', '/dev/null'], { stdio: 'ignore' });
    return undefined;
  } catch {
    const reason = 'skipped: there is no command `script` that makes a terminal';
    if (process.env.MODELGRAPH_TEST_REQUIRE === 'all') throw new Error(`MODELGRAPH_TEST_REQUIRE=all, but ${reason}`);
    return reason;
  }
}
