import type { Context } from '../../context.ts';
import { toGroupPage, toGroupRequest } from '../../domain/group-page.ts';
import { connectionFields, cursorOf, type PageArguments, type RegistryPage, rowOf } from '../../domain/page.ts';
import type { RegistryRow } from '../../domain/registry-fields.ts';
import { ARTIFACT_KINDS, REGISTRY_KINDS, type RegistryKindName, registryKindOf } from '../../domain/registry-kinds.ts';
import type {
  Artifact as ArtifactMessage,
  Context as ContextMessage,
  Execution as ExecutionMessage,
} from '../../generated/proto/ml_metadata/proto/metadata_store.ts';
import { listRegistry, type RegistryListArguments } from '../../registry/list.ts';

/** The arguments of lists of artifacts of several kinds. */
type Kinds = { readonly kinds?: readonly (keyof typeof ARTIFACT_KINDS)[] | null | undefined };

/** What bounds a group, as its loader takes it. */
type GroupBounds = Pick<Parameters<Groups['contextsByInt']['load']>[0], 'types' | 'parentTypes' | 'property'>;

type Parent = { readonly id?: bigint | undefined };

/** The list of all rows of a kind. */
export function listOf<Row extends RegistryRow>(kind: RegistryKindName) {
  return (_root: unknown, list: RegistryListArguments, context: Context) => readList<Row>(context, [kind], list);
}

/** The list of all artifacts of several kinds. */
export function listOfArtifacts(_root: unknown, { kinds, ...list }: RegistryListArguments & Kinds, context: Context) {
  return readList<ArtifactMessage>(context, artifactKinds(kinds), list);
}

async function readList<Row extends RegistryRow>(
  { store, call, budget, loaders }: Context,
  kinds: readonly RegistryKindName[],
  list: RegistryListArguments,
  within?: Parameters<typeof listRegistry>[3],
): Promise<RegistryPage<Row>> {
  if (kinds.length === 0) return emptyPage();
  const page = budget.counted(await listRegistry<Row>({ store, call }, kinds, list, within));
  for (const row of page.rows) prime(loaders, row);
  return page;
}

function emptyPage(): RegistryPage<never> {
  return { rows: [], hasNextPage: false, hasPreviousPage: false, totalCount: 0, cursorAt: () => '' };
}

function artifactKinds(kinds: Kinds['kinds']): readonly RegistryKindName[] {
  return kinds ? kinds.map((kind) => ARTIFACT_KINDS[kind]) : Object.values(ARTIFACT_KINDS);
}

/** What a list brought is not asked for again by its id. */
function prime(loaders: Context['loaders'], row: RegistryRow): void {
  const kind = registryKindOf(row);
  if (kind === undefined) return;
  const { node } = REGISTRY_KINDS[kind];
  if (node === 'Context') loaders.registered.primeContext(kind, row);
  else if (node === 'Execution') loaders.execution.prime(row);
  else loaders.artifact.prime(row);
}

/** The loaders of groups. */
type Groups = Context['loaders']['groups'];

/** Which rows stand under a row. */
interface Nesting<Of extends keyof Groups> {
  readonly of: Of;
  /** The field of the rows that holds the id of the row above, where no link does. */
  readonly field?: string;
}

type RowOf<Of extends keyof Groups> = Awaited<ReturnType<Groups[Of]['load']>>['nodes'][number];

/** The rows of a kind under a row: plain pages are read together for all rows of a level, others one by one. */
export function nested<Of extends keyof Groups>(kind: RegistryKindName, nesting: Nesting<Of>) {
  return (parent: Parent, list: RegistryListArguments, context: Context) =>
    nestedPage(parent, [kind], nesting, list, context);
}

/** The artifacts under a version or a run, of the kinds that are asked for. */
export function nestedArtifacts(parent: Parent, { kinds, ...list }: RegistryListArguments & Kinds, context: Context) {
  return nestedPage(parent, artifactKinds(kinds), { of: 'artifactsOfContexts' }, list, context);
}

async function nestedPage<Of extends keyof Groups>(
  { id = 0n }: Parent,
  kinds: readonly RegistryKindName[],
  nesting: Nesting<Of>,
  list: RegistryListArguments,
  context: Context,
): Promise<RegistryPage<RowOf<Of>>> {
  if (kinds.length === 0) return emptyPage();
  if (!list.where && !list.filterQuery && !list.orderBy) {
    return groupPage(nesting.of, { key: id, ...groupOf(kinds, nesting.field) }, list, context);
  }
  const within = nesting.field === undefined ? { contextId: id } : { field: nesting.field, id };
  return context.loaders.inTurn(() => readList<RowOf<Of>>(context, kinds, list, within));
}

/** What bounds the group of a row to these kinds. A context of a kind that has an owner has to be linked to one. */
function groupOf(kinds: readonly RegistryKindName[], field: string | undefined) {
  const known = kinds.map((kind) => REGISTRY_KINDS[kind]);
  const stored = known.map(({ fields }) => fields[field ?? '']?.stored)[0];
  const owned = known.some(({ node }) => node === 'Context') && field !== undefined;
  return {
    types: known.map(({ type }) => type),
    ...(owned && { parentTypes: known.flatMap(({ owners }) => owners.map((owner) => REGISTRY_KINDS[owner].type)) }),
    ...(stored && 'property' in stored && { property: stored.property }),
  };
}

/** A page of a group by ascending id, read together with those of other keys. */
export async function groupPage<Of extends keyof Groups>(
  of: Of,
  group: GroupBounds & { readonly key: bigint },
  page: PageArguments,
  { loaders, budget }: Context,
): Promise<RegistryPage<RowOf<Of>>> {
  const { groupCount } = loaders;
  const { nodes, more, total } = await loaders.groups[of].load({ ...group, ...toGroupRequest(group.key, page) });
  budget.spend(nodes.length);
  for (const row of nodes) prime(loaders, row);
  return {
    ...toGroupPage<RowOf<Of>>(page, nodes, more),
    ...(total !== undefined && { totalCount: total }),
    ...(groupCount && { count: () => groupCount.load({ of, ...group }) }),
  };
}

/** The fields of a connection of the registry. */
export function registryConnection<Row extends ArtifactMessage | ExecutionMessage | ContextMessage>() {
  return {
    ...connectionFields<Row>(),
    nodes: ({ rows }: RegistryPage<Row>) => rows,
    totalCount: ({ totalCount, count }: RegistryPage<Row>) => totalCount ?? count?.() ?? null,
  };
}

/** The fields of an edge of the registry. */
export function registryEdge<Row extends ArtifactMessage | ExecutionMessage | ContextMessage>() {
  return { cursor: cursorOf, node: rowOf<Row> };
}
