import {
  LineageSubgraphQueryOptions_Direction as Direction,
  type ListOperationOptions,
} from '../../src/generated/proto/ml_metadata/proto/metadata_store.ts';
import type { ReadMask, RpcName, RpcRequest } from '../../src/mlmd/store.ts';
import { listType, type Written } from './file.ts';
import type { Line } from './pairs.ts';
import { encodeRequest } from './sides.ts';

type Extras = Pick<Line, 'aim' | 'unordered'> & { readonly read?: ReadMask };

/** The reads that are compared, with the aims of the issue where they speak of a file of this size. */
export function readLines(file: Written): Line[] {
  return [...byId(file), ...lists(file), ...links(file)];
}

/** The name of the line that lists a page out of so many. */
export function pageName(count: number): string {
  return `GetContextsByType, page of 100 out of ${count.toLocaleString('en')}`;
}

function byId(file: Written): Line[] {
  const ids = (count: number) => (index: number) => ({
    artifactIds: spread(Math.min(count, file.artifacts), index, 1, file.artifacts),
  });
  const many = Math.min(1_000, file.artifacts);
  return [
    line('GetArtifactsByID 1, all properties', 'getArtifactsById', ids(1)),
    line('GetArtifactsByID 100, all properties', 'getArtifactsById', ids(100), { aim: 2.5 }),
    line(`GetArtifactsByID ${many}, all properties`, 'getArtifactsById', ids(many), { aim: 2.5 }),
    line(`GetArtifactsByID ${many}, one property`, 'getArtifactsById', ids(many), { read: { properties: ['loss'] } }),
    line('GetArtifactsByID 100, no properties', 'getArtifactsById', ids(100), { aim: 20, read: { properties: [] } }),
    line(`GetArtifactsByID ${many}, no properties`, 'getArtifactsById', ids(many), {
      aim: 20,
      read: { properties: [] },
    }),
  ];
}

function lists({ lists: counts, graph }: Written): Line[] {
  const most = counts.at(-1) ?? 0;
  const large = most >= 10_000;
  const ofType = (typeName: string, options: Partial<ListOperationOptions>) => ({
    typeName,
    options: { maxResultSize: 100, ...options },
  });
  const accuracy = graph.models * graph.versionsEach >= 1_000 ? 0.99 : 0.01;
  return [
    ...counts.map((count) =>
      line(pageName(count), 'getContextsByType', () => ofType(listType(count), {}), count >= 10_000 ? { aim: 10 } : {}),
    ),
    line('GetContextByTypeAndName', 'getContextByTypeAndName', (index) => ({
      typeName: listType(most),
      contextName: `listed-${(index * 37) % most}`,
    })),
    line(
      `GetContextsByType, name = '…' out of ${most.toLocaleString('en')}`,
      'getContextsByType',
      (index) => ofType(listType(most), { filterQuery: `name = 'listed-${(index * 37) % most}'` }),
      large ? { aim: 100 } : {},
    ),
    line(
      'GetArtifactsByType, properties.accuracy.double_value > …, page of 20',
      'getArtifactsByType',
      (index) =>
        ofType('kf.ModelArtifact', {
          maxResultSize: 20,
          filterQuery: `properties.accuracy.double_value > ${accuracy + (index % 5) / 1_000}`,
        }),
      large ? { aim: 15 } : {},
    ),
    line(
      'GetContextsByType, custom_properties.stars.int_value > …, 50 rows',
      'getContextsByType',
      (index) =>
        ofType(listType(most), { filterQuery: `custom_properties.stars.int_value > ${most - 50 - (index % 5)}` }),
      large ? { aim: 15 } : {},
    ),
  ];
}

function links({ datasets, artifacts }: Written): Line[] {
  const outputs = (count: number, index: number) => spread(count, index, datasets + 1, artifacts);
  const lineage = (index: number): RpcRequest<'getLineageSubgraph'> => ({
    lineageSubgraphQueryOptions: {
      startingArtifacts: { filterQuery: `id = ${outputs(1, index)[0]}` },
      direction: Direction.UPSTREAM,
      maxNumHops: 10n,
    },
    readMask: ['artifacts', 'executions', 'events'],
  });
  const events = (index: number) => ({ artifactIds: outputs(100, index) });
  const read = { eventPaths: false };
  return [
    line('GetEventsByArtifactIDs 100', 'getEventsByArtifactIDs', events, { unordered: true }),
    line('GetEventsByArtifactIDs 100, without paths', 'getEventsByArtifactIDs', events, { unordered: true, read }),
    // The last of ten is in a context: outputs of the last of five executions are a version's artifacts.
    line('GetContextsByArtifact', 'getContextsByArtifact', (index) => ({
      artifactId: BigInt(datasets + 10 * (1 + ((index * 7) % Math.floor((artifacts - datasets) / 10)))),
    })),
    line('GetLineageSubgraph, ids and edges, 10 hops upstream', 'getLineageSubgraph', lineage, {
      aim: 3,
      unordered: true,
    }),
  ];
}

function line<Name extends RpcName>(
  name: string,
  rpc: Name,
  request: (index: number) => RpcRequest<Name>,
  { read, ...extras }: Extras = {},
): Line {
  return { name, ...extras, call: (index) => ({ rpc, request: encodeRequest(rpc, request(index)), read }) };
}

/** So many ids between two, far from each other, others for each index. */
function spread(count: number, index: number, from: number, to: number): bigint[] {
  const range = to - from + 1;
  const step = Math.max(1, Math.floor(range / count));
  return Array.from({ length: count }, (_none, place) => BigInt(from + ((index * 7 + place * step) % range)));
}
