import { ok } from 'node:assert';

import { toGlobalId } from '../../src/domain/ids.ts';
import { connectRaw } from '../provenance/raw-call.ts';

/** Clients that ask again as soon as they are answered, so many of them of each sort; tells how often since it was asked. */
const [url = '', address = '', grpc = '0', graphql = '0', artifacts = '0'] = process.argv.slice(2);
const COUNT = Math.min(1_000, Number(artifacts));
const client = connectRaw(address);
let answered = 0;
process.on('message', () => {
  process.send?.(answered);
  answered = 0;
});
process.on('disconnect', () => process.exit());
process.send?.('begun');
for (let index = 0; index < Number(grpc); index += 1) void again(index, askGrpc);
for (let index = 0; index < Number(graphql); index += 1) void again(index, askGraphQL);

async function again(first: number, ask: (ids: readonly bigint[]) => Promise<void>): Promise<never> {
  for (let index = first; ; index += 7) {
    await ask(ids(index));
    answered += 1;
  }
}

/** All over the file. */
function ids(index: number): readonly bigint[] {
  const step = Math.floor(Number(artifacts) / COUNT);
  return Array.from({ length: COUNT }, (_none, place) => BigInt(1 + ((index + place * step) % Number(artifacts))));
}

async function askGrpc(artifactIds: readonly bigint[]): Promise<void> {
  const answer = await client.call('getArtifactsById', { artifactIds: [...artifactIds] });
  ok(answer.artifacts.length === COUNT, 'artifacts are missing');
}

/** In aliases of a hundred each, which is the most that `nodes` takes. */
async function askGraphQL(artifactIds: readonly bigint[]): Promise<void> {
  const parts = Array.from({ length: Math.ceil(COUNT / 100) }, (_none, part) => part);
  const query = `query (${parts.map((part) => `$p${part}: [ID!]!`).join(' ')}) {
    ${parts.map((part) => `p${part}: nodes(ids: $p${part}) { ...A }`).join('\n')}
  } fragment A on Artifact { databaseId name uri state type { name } propertyMap customPropertyMap }`;
  const idsOf = (part: number) =>
    artifactIds.slice(part * 100, part * 100 + 100).map((id) => toGlobalId('Artifact', id));
  const variables = Object.fromEntries(parts.map((part) => [`p${part}`, idsOf(part)]));
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const answer = await response.text();
  ok(answer.startsWith('{"data":{"p0":[{"databaseId"'), answer.slice(0, 500));
}
