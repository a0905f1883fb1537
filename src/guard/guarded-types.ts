import { NODE_RESOURCES } from '../auth/permission.ts';
import type { RegistryNode } from '../domain/registry-kinds.ts';
import { REGISTRY_TYPES } from '../domain/registry-types.ts';
import { orMissing } from '../errors.ts';
import type { PropertyType } from '../generated/proto/ml_metadata/proto/metadata_store.ts';
import type { Call, MetadataStoreRpcs } from '../mlmd/store.ts';
import { accessOf } from './sight.ts';

/** The RPCs that write types. */
export type TypeWriteName = 'putArtifactType' | 'putExecutionType' | 'putContextType' | 'putTypes';

/** A type as a message has it. */
interface Type {
  readonly name?: string | undefined;
  readonly version?: string | undefined;
  readonly externalId?: string | undefined;
  readonly description?: string | undefined;
  readonly properties: ReadonlyMap<string, PropertyType>;
  readonly baseType?: number | undefined;
}

interface WrittenType {
  readonly node: RegistryNode;
  readonly type: Type;
}

/** All writes of types, each after it is known that the caller may do all of it. */
export function guardedTypes(rpcs: MetadataStoreRpcs): Pick<MetadataStoreRpcs, TypeWriteName> {
  return {
    async putArtifactType(request, call = {}) {
      await demandTypes(rpcs, typesOf('Artifact', [request.artifactType]), call);
      return rpcs.putArtifactType(request, call);
    },
    async putExecutionType(request, call = {}) {
      await demandTypes(rpcs, typesOf('Execution', [request.executionType]), call);
      return rpcs.putExecutionType(request, call);
    },
    async putContextType(request, call = {}) {
      await demandTypes(rpcs, typesOf('Context', [request.contextType]), call);
      return rpcs.putContextType(request, call);
    },
    async putTypes(request, call = {}) {
      const { artifactTypes, executionTypes, contextTypes } = request;
      const types = [
        ...typesOf('Artifact', artifactTypes),
        ...typesOf('Execution', executionTypes),
        ...typesOf('Context', contextTypes),
      ];
      await demandTypes(rpcs, types, call);
      return rpcs.putTypes(request, call);
    },
  };
}

function typesOf(node: RegistryNode, types: readonly (Type | undefined)[]): readonly WrittenType[] {
  return types.flatMap((type) => (type ? [{ node, type }] : []));
}

async function demandTypes(rpcs: MetadataStoreRpcs, types: readonly WrittenType[], call: Call): Promise<void> {
  const access = accessOf(call);
  // The registry's own types come with the first thing that is registered.
  const makes = await Promise.all(NODE_RESOURCES.map((resource) => access.can({ verb: 'create', resource })));
  const sees = await access.can({ verb: 'get', resource: 'types' });
  for (const each of types) {
    if (makes.includes(true) && isOurs(each)) continue;
    const before = await storedType(rpcs, each, call);
    // To whoever may not get types, one that is there is told of no more than one that is not; ours are no secret.
    if (!before || !(sees || isOurs(each))) await access.demand({ verb: 'create', resource: 'types' });
    if (before && differs(before, each.type)) await access.demand({ verb: 'update', resource: 'types' });
  }
}

const OURS: Readonly<Record<RegistryNode, readonly Type[]>> = {
  Artifact: REGISTRY_TYPES.artifactTypes,
  Execution: REGISTRY_TYPES.executionTypes,
  Context: REGISTRY_TYPES.contextTypes,
};

/** True for a type of the registry that declares what the registry's does, and nothing else. */
function isOurs({ node, type }: WrittenType): boolean {
  const ours = OURS[node].find(({ name }) => name === type.name);
  return ours !== undefined && !type.version && !differs(ours, type);
}

/** Whether a write of `after` would change a type: it says something that is not known of it. */
function differs(before: Type, after: Type): boolean {
  const declared = [...after.properties];
  return (
    declared.some(([name, type]) => before.properties.get(name) !== type) ||
    (['baseType', 'externalId', 'description'] as const).some(
      (member) => after[member] !== undefined && after[member] !== before[member],
    )
  );
}

function storedType(rpcs: MetadataStoreRpcs, { node, type }: WrittenType, call: Call): Promise<Type | undefined> {
  const which = { typeName: type.name, typeVersion: type.version || undefined };
  return orMissing(async () => {
    if (node === 'Artifact') return (await rpcs.getArtifactType(which, call)).artifactType;
    if (node === 'Execution') return (await rpcs.getExecutionType(which, call)).executionType;
    return (await rpcs.getContextType(which, call)).contextType;
  });
}
