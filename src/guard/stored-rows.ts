import { chunksOf } from '../domain/chunks.ts';
import type { RegistryNode } from '../domain/registry-kinds.ts';
import type { Row } from '../domain/row.ts';
import { orMissing } from '../errors.ts';
import type { Call, MetadataStoreRpcs } from '../mlmd/store.ts';
import type { LinkEnd } from './written.ts';

/** What is stored of that which a write is about, whoever may see it. */
export interface StoredRows {
  /** Reads these nodes: a call for each sort, in chunks. */
  load(ends: readonly LinkEnd[]): Promise<void>;
  /** One of those that were loaded; undefined where there is none. */
  byId(node: RegistryNode, id: bigint): Row | undefined;
  /** What is taken in the place of a new node: the context of its name, the artifact of its external id. */
  reusable(node: RegistryNode, row: Row): Promise<Row | undefined>;
  /** The name of the type of a node that is to be made. */
  typeOf(node: RegistryNode, row: Row): Promise<string | undefined>;
}

/** Ids of one read. */
const CHUNK = 1_000;

/** Reads for one write. */
export function createStoredRows(rpcs: MetadataStoreRpcs, call: Call): StoredRows {
  const rows = new Map<string, Row>();
  const types = new Map<string, Promise<string | undefined>>();
  const keyOf = (node: RegistryNode, id: bigint | undefined) => `${node} ${id}`;

  return {
    async load(ends) {
      for (const [node, alike] of Map.groupBy(ends, (end) => end.node)) {
        for (const ids of chunksOf([...new Set(alike.map(({ id }) => id))], CHUNK)) {
          for (const row of await READS[node].byIds(rpcs, ids, call)) rows.set(keyOf(node, row.id), row);
        }
      }
    },
    byId: (node, id) => rows.get(keyOf(node, id)),
    async reusable(node, row) {
      if (node === 'Artifact') return row.externalId ? byExternalId(rpcs, row.externalId, call) : undefined;
      const typeName = await this.typeOf(node, row);
      if (node !== 'Context' || typeName === undefined) return undefined;
      return (await rpcs.getContextByTypeAndName({ typeName, contextName: row.name }, call)).context;
    },
    typeOf(node, { typeId }) {
      const key = keyOf(node, typeId);
      const known = types.get(key) ?? READS[node].typeName(rpcs, typeId ?? 0n, call);
      types.set(key, known);
      return known;
    },
  };
}

async function byExternalId(rpcs: MetadataStoreRpcs, externalId: string, call: Call): Promise<Row | undefined> {
  return (await orMissing(() => rpcs.getArtifactsByExternalIds({ externalIds: [externalId] }, call)))?.artifacts[0];
}

interface Reads {
  byIds(rpcs: MetadataStoreRpcs, ids: bigint[], call: Call): Promise<readonly Row[]>;
  typeName(rpcs: MetadataStoreRpcs, typeId: bigint, call: Call): Promise<string | undefined>;
}

const READS: Readonly<Record<RegistryNode, Reads>> = {
  Artifact: {
    byIds: async (rpcs, artifactIds, call) => (await rpcs.getArtifactsById({ artifactIds }, call)).artifacts,
    typeName: async (rpcs, typeId, call) =>
      (await rpcs.getArtifactTypesById({ typeIds: [typeId] }, call)).artifactTypes[0]?.name,
  },
  Execution: {
    byIds: async (rpcs, executionIds, call) => (await rpcs.getExecutionsById({ executionIds }, call)).executions,
    typeName: async (rpcs, typeId, call) =>
      (await rpcs.getExecutionTypesById({ typeIds: [typeId] }, call)).executionTypes[0]?.name,
  },
  Context: {
    byIds: async (rpcs, contextIds, call) => (await rpcs.getContextsById({ contextIds }, call)).contexts,
    typeName: async (rpcs, typeId, call) =>
      (await rpcs.getContextTypesById({ typeIds: [typeId] }, call)).contextTypes[0]?.name,
  },
};
