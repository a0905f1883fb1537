import { type GraphQLResolveInfo, isObjectType, Kind, type SelectionSetNode } from 'graphql';

/** Interfaces that MLMD's nodes and the registry's rows have alike. */
const COMMON: ReadonlySet<string> = new Set(['Node', 'LineageNode']);

/** The types that the selections of a field have fragments on; a list asks for each of its rows. */
const known = new WeakMap<object, ReadonlySet<string>>();

/**
 * Whether a field of an abstract type is asked as the type `name`: its selection has a fragment on it, or on an
 * interface that only such types have.
 */
export function hasFragmentOn(name: string, info: GraphQLResolveInfo): boolean {
  const conditions = fragmentTypes(info);
  if (conditions.size === 0) return false;
  const type = info.schema.getType(name);
  const interfaces = isObjectType(type) ? type.getInterfaces() : [];
  const names = [name, ...interfaces.map((each) => each.name).filter((each) => !COMMON.has(each))];
  return names.some((each) => conditions.has(each));
}

function fragmentTypes({ fieldNodes, fragments }: GraphQLResolveInfo): ReadonlySet<string> {
  const before = known.get(fieldNodes);
  if (before) return before;
  const conditions = conditionsIn(
    fieldNodes.map(({ selectionSet }) => selectionSet),
    fragments,
  );
  known.set(fieldNodes, conditions);
  return conditions;
}

/** The types on which a selection has fragments, those inside of fragments included. */
function conditionsIn(
  selections: readonly (SelectionSetNode | undefined)[],
  fragments: GraphQLResolveInfo['fragments'],
  found = new Set<string>(),
  seen = new Set<SelectionSetNode>(),
): ReadonlySet<string> {
  for (const set of selections) {
    if (!set || seen.has(set)) continue;
    seen.add(set);
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) continue;
      const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? fragments[selection.name.value] : selection;
      const condition = fragment?.typeCondition?.name.value;
      if (condition !== undefined) found.add(condition);
      conditionsIn([fragment?.selectionSet], fragments, found, seen);
    }
  }
  return found;
}

/** Whether no more of a node is asked for than its identity, and so nothing that would have to be read. */
export function asksForIdAlone({ fieldNodes, fragments }: GraphQLResolveInfo): boolean {
  const before = idAlone.get(fieldNodes);
  if (before !== undefined) return before;
  const is = fieldNodes.every(({ selectionSet }) => hasIdAlone(selectionSet, fragments));
  idAlone.set(fieldNodes, is);
  return is;
}

const idAlone = new WeakMap<object, boolean>();

const IDENTITY: ReadonlySet<string> = new Set(['id', 'databaseId', '__typename']);

/** On these types a fragment does not ask which noun of the registry a node is. */
const PLAIN: ReadonlySet<string> = new Set([...COMMON, 'Artifact', 'Execution', 'Context']);

function hasIdAlone(set: SelectionSetNode | undefined, fragments: GraphQLResolveInfo['fragments']): boolean {
  return (set?.selections ?? []).every((selection) => {
    if (selection.kind === Kind.FIELD) return IDENTITY.has(selection.name.value);
    const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? fragments[selection.name.value] : selection;
    const condition = fragment?.typeCondition?.name.value;
    return (condition === undefined || PLAIN.has(condition)) && hasIdAlone(fragment?.selectionSet, fragments);
  });
}
