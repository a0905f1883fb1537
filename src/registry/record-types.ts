import { inParallel } from '../domain/in-parallel.ts';
import type { Described } from '../domain/record/node.ts';
import { type LackingType, type StoredType, typeKey } from '../domain/record/types.ts';
import type { RegistryNode } from '../domain/registry-kinds.ts';
import { canBeName } from '../domain/text-input.ts';
import { orMissing } from '../errors.ts';
import type { PropertyType } from '../generated/proto/ml_metadata/proto/metadata_store.ts';
import type { Call, MetadataStoreRpcs } from '../mlmd/store.ts';
import type { Work } from './change.ts';

/** A type's message, of any node. */
interface TypeMessage {
  readonly id?: bigint | undefined;
  readonly properties: ReadonlyMap<string, PropertyType>;
}

type ReadType = (rpcs: MetadataStoreRpcs, typeName: string, call: Call) => Promise<TypeMessage | undefined>;

const READ: Readonly<Record<RegistryNode, ReadType>> = {
  Artifact: async (rpcs, typeName, call) => (await rpcs.getArtifactType({ typeName }, call)).artifactType,
  Execution: async (rpcs, typeName, call) => (await rpcs.getExecutionType({ typeName }, call)).executionType,
  Context: async (rpcs, typeName, call) => (await rpcs.getContextType({ typeName }, call)).contextType,
};

/** The types of these nodes that are there, without a version, by {@link typeKey}: one call for each. */
export async function readTypes(
  { rpcs, call }: Work,
  described: readonly Described[],
): Promise<ReadonlyMap<string, StoredType>> {
  const wanted = new Map(described.map(({ node, type }) => [typeKey({ node, type }), { node, type }]));
  const read = await inParallel([...wanted], async ([key, { node, type }]) => {
    const found = canBeName(type) ? await orMissing(() => READ[node](rpcs, type, call)) : undefined;
    return found?.id === undefined ? [] : [[key, { id: found.id, properties: found.properties }] as const];
  });
  return new Map(read.flat());
}

/** The ids of all types, after those are made and extended that lack something: one call, none where nothing lacks. */
export async function putLacking(
  { rpcs, call }: Work,
  stored: ReadonlyMap<string, StoredType>,
  lacking: readonly LackingType[],
): Promise<ReadonlyMap<string, bigint>> {
  const ids = new Map(Array.from(stored, ([key, { id }]) => [key, id]));
  if (lacking.length === 0) return ids;
  const of = (node: RegistryNode) => lacking.filter((type) => type.node === node);
  const [artifactTypes, executionTypes, contextTypes] = [of('Artifact'), of('Execution'), of('Context')];
  const put = await rpcs.putTypes(
    {
      ...{ artifactTypes: artifactTypes.map(toType), executionTypes: executionTypes.map(toType) },
      ...{ contextTypes: contextTypes.map(toType), canAddFields: true, canOmitFields: true },
    },
    call,
  );
  const given = [...put.artifactTypeIds, ...put.executionTypeIds, ...put.contextTypeIds];
  for (const [index, { node, name }] of [...artifactTypes, ...executionTypes, ...contextTypes].entries()) {
    ids.set(typeKey({ node, type: name }), given[index] ?? 0n);
  }
  return ids;
}

function toType({ name, properties }: LackingType) {
  return { name, properties };
}
