import { readFileSync } from 'node:fs';

import type { AuthOptions } from '../src/commands/auth/options.ts';
import { fillWithDemoData } from '../src/demo/fill.ts';
import { openGuarded } from '../test/auth/guarded.ts';
import { newKey, sign, startIdentityProvider } from '../test/auth/identity-provider.ts';
import { startAuthorino } from '../test/cluster/authorino.ts';
import { requireCluster } from '../test/cluster/require.ts';
import { startCluster } from '../test/cluster/start-cluster.ts';
import { post } from '../test/harness.ts';
import { rightsIn } from './auth/rights.ts';
import { writeRoles } from './auth/roles.ts';
import { type Contender, measure, ownCpu, SMOKE } from './rounds.ts';
import { milliseconds, printTable, printTitle, times } from './table.ts';

/** A model with its versions: two nouns, four store calls. */
const QUERY = '{ registeredModels(first: 10) { nodes { name versions(first: 5) { nodes { name } } } } }';

/** Milliseconds after which nothing that was kept counts. */
const MINUTE = 61_000;

const RUNS = SMOKE ? 2 : 100;

await using stack = new AsyncDisposableStack();
using folder = writeRoles();
const key = await newKey('a');
const provider = stack.use(await startIdentityProvider(key));
const issued = (sub: string) => sign(key, { iss: provider.issuer, sub, exp: Math.floor(Date.now() / 1_000) + 3_600 });
const jwt = { auth: ['jwt'], jwtIssuer: [provider.issuer], jwtAudience: ['modelgraph'], roles: folder.file } as const;

const contenders: Contender[] = [
  await contender('`none`', {}),
  await contender('`none` with a roles file', { roles: folder.file }),
  await contender(
    '`proxy` with a roles file',
    { auth: ['proxy'], trustedProxy: ['loopback'], roles: folder.file },
    { 'x-forwarded-user': 'alice' },
  ),
  await contender('`jwt` with a roles file', jwt, bearer(await issued('alice'))),
  await contender('— who does not see everything', jwt, bearer(await issued('bob'))),
];
if (requireCluster() === undefined) contenders.push(...(await inCluster()));
else
  console.error(
    'The tools of the cluster are not built (test/cluster/build-tools.sh): kubernetes and authorino are left out.',
  );

printTitle(
  'bench:auth — what each mode adds to a request',
  'p50 of interleaved rounds; demonstration data, embedded store, all in one process',
);
const [first, ...others] = await measure(contenders);
printTable(
  ['mode', 'p50 ms', 'adds ms', 'x', 'CPU ms'],
  [first, ...others].flatMap((each) =>
    each && first
      ? [
          [
            each.name,
            milliseconds(each.wall),
            milliseconds(each.wall - first.wall),
            times(each.wall / first.wall),
            milliseconds(each.cpu),
          ],
        ]
      : [],
  ),
);

async function contender(
  name: string,
  options: Partial<AuthOptions>,
  headers: Readonly<Record<string, string>> = {},
  anew = false,
): Promise<Contender> {
  const gateway = stack.use(await openGuarded(options, { fill: fillWithDemoData, decides: true }));
  return {
    name,
    runs: anew ? Math.ceil(RUNS / 20) : RUNS,
    async run() {
      if (anew) gateway.later(MINUTE);
      const { status, errors } = await post(gateway.url, { query: QUERY }, { ...headers });
      if (status !== 200 || errors) throw new Error(`${name}: ${status} ${JSON.stringify(errors)}`);
    },
    cpu: ownCpu,
  };
}

function bearer(token: string): Readonly<Record<string, string>> {
  return { authorization: `Bearer ${token}` };
}

async function inCluster(): Promise<readonly Contender[]> {
  const cluster = stack.use(await startCluster());
  const namespace = await cluster.createNamespace('bench');
  const authorino = stack.use(await startAuthorino(cluster, namespace));
  await cluster.createServiceAccount(namespace, 'alice');
  await cluster.kubectl(
    ['apply', '-n', namespace, '-f', '-'],
    readFileSync('deploy/authorino/authconfig.yaml', 'utf8'),
  );
  await cluster.apply(rightsIn(namespace));
  await authorino.knows('modelgraph');
  const shown = bearer(
    await cluster.token(namespace, 'alice', { audiences: ['modelgraph'], expirationSeconds: 3_600 }),
  );
  const kubernetes = { auth: ['kubernetes'], kubeconfig: cluster.kubeconfig } as const;
  const asked = { auth: ['authorino'], authorinoUrl: authorino.url } as const;
  return [
    await contender('`kubernetes`, kept', kubernetes, shown),
    await contender('`kubernetes`, asked anew', kubernetes, shown, true),
    await contender('`authorino`, kept', asked, shown),
    await contender('`authorino`, asked anew', asked, shown, true),
  ];
}
