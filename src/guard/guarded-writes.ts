import type { Access } from '../auth/access.ts';
import type { Resource } from '../auth/permission.ts';
import type { RegistryNode } from '../domain/registry-kinds.ts';
import type { Row } from '../domain/row.ts';
import { RegistryError } from '../errors.ts';
import type { MetadataStoreRpcs, Rpc, RpcRequest } from '../mlmd/store.ts';
import { changesOf } from './node-changes.ts';
import { resourceOf } from './node-resource.ts';
import { accessOf } from './sight.ts';
import { createStoredRows, type StoredRows } from './stored-rows.ts';
import { type LinkEnd, type NodeWriteName, WRITTEN, type WrittenLink, type WrittenNode } from './written.ts';

/** All writes of nodes and links, each after it is known that the caller may do all of it. */
export function guardedWrites(rpcs: MetadataStoreRpcs): Pick<MetadataStoreRpcs, NodeWriteName> {
  const names = Object.keys(WRITTEN) as NodeWriteName[];
  return Object.fromEntries(names.map((name) => [name, guardedWrite(rpcs, name)])) as Pick<
    MetadataStoreRpcs,
    NodeWriteName
  >;
}

function guardedWrite<Name extends NodeWriteName>(rpcs: MetadataStoreRpcs, name: Name): Rpc<Name> {
  const rpc: Rpc<Name> = rpcs[name];
  const read: (request: RpcRequest<Name>) => ReturnType<(typeof WRITTEN)[NodeWriteName]> = WRITTEN[name];
  return async (request, call = {}) => {
    const access = accessOf(call);
    const { nodes, links, ends, mask } = read(request);
    const stored = createStoredRows(rpcs, call);
    await stored.load([...nodes.flatMap(idOf), ...links.flatMap(({ of, to }) => [of, to]), ...ends]);
    for (const end of [...links.flatMap(({ of, to }) => [of, to]), ...ends]) expectSeen(access, stored, end);
    for (const node of nodes) await demandNode(access, stored, node, mask);
    for (const { of } of links) await demandLink(access, stored, of);
    return rpc(request, call);
  };
}

function idOf({ node, row }: WrittenNode): readonly LinkEnd[] {
  return row.id === undefined ? [] : [{ node, id: row.id }];
}

/** NOT_FOUND for what the caller does not see, in the same words as for what is not there. Whoever sees all hears of that from the store. */
function expectSeen(access: Access, stored: StoredRows, { node, id }: LinkEnd): Row | undefined {
  const row = stored.byId(node, id);
  if (access.seesAll || (row && access.visible.has(resourceOf(node, row.type)))) return row;
  throw new RegistryError('NOT_FOUND', `There is no ${NOUNS[node]} with the id ${id}.`);
}

const NOUNS: Readonly<Record<RegistryNode, string>> = {
  Artifact: 'artifact',
  Execution: 'execution',
  Context: 'context',
};

async function demandNode(
  access: Access,
  stored: StoredRows,
  { node, row, reused, linked, touched }: WrittenNode,
  mask: readonly string[] | undefined,
): Promise<void> {
  const before =
    row.id === undefined
      ? reused && expectFree(access, node, await stored.reusable(node, row))
      : expectSeen(access, stored, { node, id: row.id });
  if (!before) {
    const resource = resourceOf(node, await stored.typeOf(node, row));
    return access.demand({ verb: 'create', resource });
  }
  const resource = resourceOf(node, before.type);
  // A context of this name is taken as it is, whatever the message has besides.
  if (row.id === undefined && node === 'Context') return undefined;
  const { archives, updates } = changesOf(before, row, mask);
  if (archives) await access.demand({ verb: 'archive', resource });
  if (updates || touched) await access.demand({ verb: 'update', resource });
  return linked ? demandLinking(access, resource) : undefined;
}

/** What is reused in place of a new node. ALREADY_EXISTS where the caller does not see it, as if reuse had not been asked for. */
function expectFree(access: Access, node: RegistryNode, row: Row | undefined): Row | undefined {
  if (!row || access.visible.has(resourceOf(node, row.type))) return row;
  throw new RegistryError('ALREADY_EXISTS', 'A record of this name or external id exists already.');
}

/** A link belongs to what it is of: whoever may make or change such may link it. */
async function demandLink(access: Access, stored: StoredRows, { node, id }: WrittenLink['of']): Promise<void> {
  return demandLinking(access, resourceOf(node, stored.byId(node, id)?.type));
}

async function demandLinking(access: Access, resource: Resource): Promise<void> {
  if (!(await access.can({ verb: 'create', resource }))) await access.demand({ verb: 'update', resource });
}
