import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

import type { Caller } from '../../src/auth/caller.ts';
import type { Policy } from '../../src/auth/policy.ts';
import { openPolicy } from '../../src/commands/auth/open-policy.ts';
import type { AuthOptions } from '../../src/commands/auth/options.ts';
import { createLog } from '../../src/observe.ts';
import type { TlsFiles } from '../../src/tls-files.ts';
import { type Harness, type HarnessOptions, openHarness, post } from '../harness.ts';

/** A gateway with a policy, as the command line makes it. */
export interface Guarded extends Harness {
  readonly policy: Policy;
  /** Whom it has known, in order. */
  readonly callers: readonly Caller[];
  /** Milliseconds to put its clock forward by. */
  later(milliseconds: number): void;
  /** The status of a query with these headers, and its body. */
  ask(
    headers?: Readonly<Record<string, string>>,
  ): Promise<{ readonly status: number; readonly message: string | undefined }>;
  /** The same with a bearer token. */
  show(token: string): Promise<{ readonly status: number; readonly message: string | undefined }>;
}

/** What the flags are where none is given. */
export const FLAGS = {
  registry: 'modelgraph',
  jwtNameClaim: 'sub',
  jwtGroupsClaim: 'groups',
  proxyUserHeader: 'x-forwarded-user',
  proxyGroupsHeader: 'x-forwarded-groups',
} as const satisfies AuthOptions;

/** What else a gateway is started with. */
export interface GuardedOptions {
  /** Where only who asks is looked at, everyone may do everything. */
  readonly decides?: boolean;
  readonly tls?: TlsFiles;
  /** Writes into the store before the gateway starts. */
  readonly fill?: NonNullable<HarnessOptions['fill']>;
}

/** Starts a gateway with these flags. */
export async function openGuarded(
  options: Partial<AuthOptions>,
  { decides = false, ...rest }: GuardedOptions = {},
): Promise<Guarded> {
  const stack = new AsyncDisposableStack();
  let ahead = 0;
  const { policy, ...opened } = await openPolicy({
    host: '127.0.0.1',
    options: { ...FLAGS, ...options },
    log: createLog('silent'),
    clock: () => performance.now() + ahead,
  });
  stack.defer(() => opened[Symbol.dispose]());
  const callers: Caller[] = [];
  const noted: Policy = {
    registry: policy.registry,
    ...(decides && policy.decide && { decide: policy.decide }),
    ...(policy.identityHeaders && { identityHeaders: policy.identityHeaders }),
    async authenticate(credentials) {
      const caller = await policy.authenticate(credentials);
      callers.push(caller);
      return caller;
    },
  };
  const harness = stack.use(await openHarness({ policy: noted, ...rest }));
  const ask: Guarded['ask'] = async (headers = {}) => {
    const { status, errors } = await post(harness.url, { query: '{ artifacts { nodes { id } } }' }, headers);
    return { status, message: errors?.[0]?.message };
  };
  return {
    ...harness,
    policy,
    callers,
    later(milliseconds) {
      ahead += milliseconds;
    },
    ask,
    show: (token) => ask({ authorization: `Bearer ${token}` }),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** What the server answers to lines that no client library would send. */
export async function askRaw(url: string, ...headers: readonly string[]): Promise<string> {
  const { hostname, port, host } = new URL(url);
  const body = '{"query":"{ artifacts { nodes { id } } }"}';
  const socket = connect(Number(port), hostname);
  const fixed = [
    `Host: ${host}`,
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    'Connection: close',
  ];
  socket.write(Buffer.from(['POST /graphql HTTP/1.1', ...fixed, ...headers, '', body].join('\r\n'), 'latin1'));
  return text(socket);
}
