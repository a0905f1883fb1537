import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** How often an operation uses what multiplies work, its fragments written out wherever they are spread. */
export interface Uses {
  readonly aliases: number;
  readonly directives: number;
  /** The fields at the root: of a mutation, its changes. */
  readonly rootFields: number;
}

/** The fragments of a document, by name. */
export function fragmentsOf({ definitions }: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  const fragments = definitions.filter((each) => each.kind === Kind.FRAGMENT_DEFINITION);
  return new Map(fragments.map((each) => [each.name.value, each]));
}

/** Counts what an operation uses. Reads each fragment once; one that spreads itself counts as nothing there. */
export function countUses(
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  operation: OperationDefinitionNode,
): Uses {
  const known = new Map<string, Uses>();

  function inSelections({ selections }: SelectionSetNode): Uses {
    return selections.map(inSelection).reduce(plus, NONE);
  }

  function inSelection(node: SelectionNode): Uses {
    const directives = node.directives?.length ?? 0;
    if (node.kind === Kind.FRAGMENT_SPREAD) return plus({ ...NONE, directives }, inFragment(node.name.value));
    if (node.kind === Kind.INLINE_FRAGMENT) return plus({ ...NONE, directives }, inSelections(node.selectionSet));
    const below = node.selectionSet ? inSelections(node.selectionSet) : NONE;
    return { aliases: below.aliases + (node.alias ? 1 : 0), directives: below.directives + directives, rootFields: 1 };
  }

  function inFragment(name: string): Uses {
    const before = known.get(name);
    if (before) return before;
    known.set(name, NONE);
    const fragment = fragments.get(name);
    const uses = fragment ? inSelections(fragment.selectionSet) : NONE;
    known.set(name, uses);
    return uses;
  }

  const { aliases, directives, rootFields } = inSelections(operation.selectionSet);
  const onVariables = operation.variableDefinitions?.flatMap((each) => each.directives ?? []) ?? [];
  const own = (operation.directives?.length ?? 0) + onVariables.length;
  return { aliases, directives: directives + own, rootFields };
}

const NONE: Uses = { aliases: 0, directives: 0, rootFields: 0 };

function plus(a: Uses, b: Uses): Uses {
  return {
    aliases: a.aliases + b.aliases,
    directives: a.directives + b.directives,
    rootFields: a.rootFields + b.rootFields,
  };
}
