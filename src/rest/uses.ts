import { isInputObjectType, type OperationDefinitionNode, TypeInfo, visit, visitWithTypeInfo } from 'graphql';

import type { Api } from './apis.ts';

/** What the schema says of the arguments and input fields that the variables of an operation are for. */
export function descriptionsOf(api: Api, operation: OperationDefinitionNode): ReadonlyMap<string, string> {
  const types = new TypeInfo(api.schema);
  const found = new Map<string, string>();
  const note = (variable: string, description: string | null | undefined) => {
    if (description && !found.has(variable)) found.set(variable, description);
  };
  visit(
    operation,
    visitWithTypeInfo(types, {
      Argument(node) {
        if (node.value.kind === 'Variable') note(node.value.name.value, types.getArgument()?.description);
      },
      ObjectField(node) {
        const parent = types.getParentInputType();
        if (node.value.kind !== 'Variable' || !isInputObjectType(parent)) return;
        note(node.value.name.value, parent.getFields()[node.name.value]?.description);
      },
    }),
  );
  for (const { variable, description } of operation.variableDefinitions ?? []) {
    if (description) found.set(variable.name.value, description.value);
  }
  return found;
}
