import {
  type ArgumentNode,
  type DocumentNode,
  type ExecutionResult,
  extendSchema,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isSpecifiedScalarType,
  Kind,
  parse,
  TypeInfo,
  typeFromAST,
  type ValueNode,
  type VariableDefinitionNode,
  valueFromAST,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { compileQuery } from 'graphql-jit';

import type { Context } from './context.ts';

/** Variables as graphql-js has read them: defaults filled in, scalars parsed. */
export type Coerced = Readonly<Record<string, unknown>>;

/** A compiled operation. */
export type Run = (context: Context, variables: Coerced) => Promise<ExecutionResult> | ExecutionResult;

/** The compiled form of an operation that is valid for the schema; null where graphql-jit has none for it. */
export type Compile = (document: DocumentNode, operationName: string | undefined) => Run | null;

/** The type of all that graphql-jit is not to read again. */
const READ = 'ModelGraphRead';

/**
 * Compiles operations with graphql-jit, which gets to see neither literals nor types of input: it takes a variable that
 * is absent inside of a literal for null, never ends over an input type that contains itself, and reads all values a
 * second time. All of that is graphql-js's part; each argument that is more than a variable becomes one.
 */
export function createCompiler(schema: GraphQLSchema): Compile {
  const extended = extendSchema(schema, parse(`scalar ${READ}`), { assumeValid: true });
  return (document, operationName) => {
    try {
      const { plain, literals } = withoutLiterals(schema, document);
      const compiled = compileQuery(extended, plain, operationName);
      if (!('query' in compiled)) return null;
      const fill = createFiller(literals);
      return (context, variables) => compiled.query(undefined, context, fill(variables));
    } catch {
      return null; // graphql-js runs it instead: slower, with the same answer.
    }
  };
}

/** An argument that was more than a variable. */
interface Literal {
  readonly name: string;
  readonly value: ValueNode;
  readonly type: GraphQLInputType;
}

/** The document with a variable in the place of each literal. */
function withoutLiterals(schema: GraphQLSchema, document: DocumentNode) {
  const literals: Literal[] = [];
  const types = new TypeInfo(schema);
  const hoisted = visit(
    document,
    visitWithTypeInfo(types, {
      // Those of @skip and @include stay: graphql-jit checks their types.
      Directive() {
        return false;
      },
      VariableDefinition() {
        return false;
      },
      Argument(node): ArgumentNode | undefined {
        const type = types.getInputType();
        if (node.value.kind === Kind.VARIABLE || !type) return undefined;
        const name = `${READ}${literals.length}`;
        literals.push({ name, value: node.value, type });
        return { ...node, value: { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: name } } };
      },
    }),
  );
  const added = literals.map(({ name }) => readVariable(name));
  const plain = visit(hoisted, {
    OperationDefinition(node) {
      const known = (node.variableDefinitions ?? []).map((each) => unread(schema, each));
      return { ...node, variableDefinitions: [...known, ...added] };
    },
  });
  return { plain, literals };
}

/** A variable is read once, unless it is of a type of GraphQL's own, which does not change by reading. */
function unread(schema: GraphQLSchema, definition: VariableDefinitionNode): VariableDefinitionNode {
  const type = typeFromAST(schema, definition.type);
  if (type && isSpecifiedScalarType(getNamedType(type))) return definition;
  return readVariable(definition.variable.name.value);
}

function readVariable(name: string): VariableDefinitionNode {
  return {
    kind: Kind.VARIABLE_DEFINITION,
    variable: { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: name } },
    type: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: READ } },
  };
}

/** Adds the values of the literals; those that need no variable are read once and for all. */
function createFiller(literals: readonly Literal[]): (variables: Coerced) => Record<string, unknown> {
  const constants: Record<string, unknown> = {};
  const open: Literal[] = [];
  for (const literal of literals) {
    if (hasVariable(literal.value)) open.push(literal);
    else constants[literal.name] = valueFromAST(literal.value, literal.type);
  }
  return (variables) => {
    const filled: Record<string, unknown> = { ...variables, ...constants };
    for (const { name, value, type } of open) filled[name] = valueFromAST(value, type, variables);
    return filled;
  };
}

function hasVariable(value: ValueNode): boolean {
  if (value.kind === Kind.LIST) return value.values.some(hasVariable);
  if (value.kind === Kind.OBJECT) return value.fields.some((field) => hasVariable(field.value));
  return value.kind === Kind.VARIABLE;
}
