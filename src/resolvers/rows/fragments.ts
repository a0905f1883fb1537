import { type GraphQLResolveInfo, isObjectType, Kind, type SelectionSetNode } from 'graphql';

/**
 * Whether a field of an abstract type is asked as the type `name`: its selection has a fragment on it, or on an
 * interface that only such types have.
 */
export function hasFragmentOn(name: string, info: GraphQLResolveInfo): boolean {
  const type = info.schema.getType(name);
  const interfaces = isObjectType(type) ? type.getInterfaces() : [];
  const names = [name, ...interfaces.map((each) => each.name).filter((each) => each !== 'Node')];
  const conditions = conditionsIn(
    info.fieldNodes.map(({ selectionSet }) => selectionSet),
    info.fragments,
  );
  return names.some((each) => conditions.has(each));
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
