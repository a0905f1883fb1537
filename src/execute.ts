import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
} from 'graphql';
import { getVariableValues } from 'graphql/execution/values.js';

import { type Admit, createAdmission } from './admission.ts';
import type { Authorize } from './authorize.ts';
import { type Compile, createCompiler, type Run } from './compile.ts';
import type { Context } from './context.ts';
import { createRecent } from './domain/recent.ts';
import { RegistryError } from './errors.ts';
import { registryErrorBehind, toGraphQLError } from './graphql-error.ts';

/** Operations remembered at most; the one that was used longest ago goes first. Large ones take megabytes compiled. */
const MAX_COMPILED = 100;

/** Errors in variables told at most. */
const MAX_VARIABLE_ERRORS = 5;

/** One operation to run. The document is valid for the schema. */
export interface Operation {
  /** The same for the same document. */
  readonly key: string;
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly context: Context;
}

/** Runs operations. Never rejects; all errors in the result are fit for the client. */
export type Execute = (operation: Operation) => Promise<ExecutionResult>;

/**
 * An executor that compiles each operation once with graphql-jit, and leaves to graphql-js what does not compile. When
 * the deadline passes, or the request is stopped for another reason, the result is that one error.
 */
export function createExecutor(schema: GraphQLSchema, authorize: Authorize): Execute {
  const compile = createMemory(createCompiler(schema));
  const admit = createAdmission(schema);
  return async (operation) => {
    const definition = findOperation(operation);
    if (typeof definition === 'string') return { errors: [notServed(definition)] };
    if (!schema.getRootType(definition.operation))
      return { errors: [notServed(`There are no ${definition.operation}s.`)] };
    return runInTime({ schema, authorize, admit }, definition, operation, () => compile(operation));
  };
}

/** An operation that was known before any request. */
export type Prepared = (variables: Operation['variables'], context: Context) => Promise<ExecutionResult>;

/** Prepares documents of one operation each, which stay compiled from their first request on. */
export function createPreparer(schema: GraphQLSchema, authorize: Authorize): (document: DocumentNode) => Prepared {
  const compile = createCompiler(schema);
  const admit = createAdmission(schema);
  return (document) => {
    const definition = document.definitions.find((each) => each.kind === Kind.OPERATION_DEFINITION);
    if (!definition) throw new TypeError('The document has no operation.');
    const parts = { document, operationName: definition.name?.value };
    let compiled: Run | null | undefined;
    return (variables, context) =>
      runInTime({ schema, authorize, admit }, definition, { ...parts, variables, context }, () => {
        if (compiled === undefined) compiled = compile(document, parts.operationName);
        return compiled;
      });
  };
}

/** What operations are run with. */
interface Rig {
  readonly schema: GraphQLSchema;
  readonly authorize: Authorize;
  readonly admit: Admit;
}

function runInTime(
  rig: Rig,
  definition: OperationDefinitionNode,
  operation: Omit<Operation, 'key'>,
  compile: () => Run | null,
): Promise<ExecutionResult> {
  const run = () => runAdmitted(rig, definition, operation, compile);
  const { trace } = operation.context;
  return trace ? trace.operation(definition, run) : run();
}

async function runAdmitted(
  { schema, authorize, admit }: Rig,
  definition: OperationDefinitionNode,
  operation: Omit<Operation, 'key'>,
  compile: () => Run | null,
): Promise<ExecutionResult> {
  const { context } = operation;
  const { errors: invalid, coerced = operation.variables } = coerceVariables(schema, definition, operation);
  if (invalid) return { errors: invalid };
  const admitted = admitOrTell(admit, definition, operation, coerced);
  if (typeof admitted !== 'function') return admitted;
  try {
    await authorize(context.access, operation.document, definition, coerced);
  } catch (error) {
    admitted();
    auditRefusal(context, definition, error);
    return { errors: [toGraphQLError(error, context)] };
  }
  const timer = setTimeout(() => context.stop(tooLate(definition)), Math.max(1, context.call.deadline - Date.now()));
  try {
    const result = await Promise.race([run(compile(), schema, operation, coerced), stopped(context.call.signal)]);
    return withClientErrors(result, context);
  } catch (error) {
    return { data: null, errors: [toGraphQLError(error, context)] };
  } finally {
    clearTimeout(timer);
    admitted();
  }
}

function admitOrTell(
  admit: Admit,
  definition: OperationDefinitionNode,
  { document, context }: Omit<Operation, 'key'>,
  coerced: Readonly<Record<string, unknown>>,
): (() => void) | ExecutionResult {
  try {
    return admit(document, definition, coerced, context);
  } catch (error) {
    return { errors: [toGraphQLError(error, context)] };
  }
}

/** Which fields were refused, and for the lack of what. */
function auditRefusal({ call: { audit } }: Context, { selectionSet }: OperationDefinitionNode, error: unknown): void {
  if (!audit) return;
  const fields = selectionSet.selections.map((each) => (each.kind === Kind.FIELD ? each.name.value : '…'));
  const ended = audit.endedBy(error);
  if (ended.outcome === 'REFUSED') audit.emit(audit.line(fields.join(' '), ended));
}

function tooLate({ operation }: OperationDefinitionNode): RegistryError {
  if (operation === 'mutation') {
    const message =
      'The request took too long, and it is not known whether it made a change: look before you repeat it.';
    return new RegistryError('UNKNOWN_OUTCOME', message);
  }
  return new RegistryError('DEADLINE_EXCEEDED', 'The request took longer than it may and was stopped.');
}

/** Rejects with the reason for which the request was stopped. */
function stopped(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

/** The operation to run, or why there is none. */
function findOperation({ document, operationName }: Operation): OperationDefinitionNode | string {
  const all = document.definitions.filter((each) => each.kind === Kind.OPERATION_DEFINITION);
  const [found, another] = operationName === undefined ? all : all.filter(({ name }) => name?.value === operationName);
  if (!found) return `There is no operation named '${operationName ?? ''}' in the document.`;
  return another ? "The document has several operations; name one with 'operationName'." : found;
}

function notServed(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } });
}

/**
 * graphql-jit gives errors in variables without the nodes by which Apollo knows them, and leaves out defaults inside of
 * input objects and of non-null variables: graphql-js reads the variables first.
 */
function coerceVariables(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
  { variables, context }: Omit<Operation, 'key'>,
): { readonly errors?: readonly GraphQLError[]; readonly coerced?: Readonly<Record<string, unknown>> } {
  const result = getVariableValues(schema, variableDefinitions, variables, { maxErrors: MAX_VARIABLE_ERRORS });
  if (!result.errors) return { coerced: result.coerced };
  return { errors: result.errors.map((error) => toGraphQLError(error, context, 'BAD_USER_INPUT')) };
}

/** What is known of an operation: seen once, or its compiled form; null where graphql-jit cannot compile it. */
type Known = 'seen' | Run | null;

/** Operations are compiled when they come again: whoever writes ids into documents would fill the memory otherwise. */
function createMemory(compile: Compile) {
  const known = createRecent<Known>(MAX_COMPILED);
  return ({ key, document, operationName }: Operation): Run | null => {
    const id = `${key}:${operationName ?? ''}`;
    const before = known.get(id);
    const now = before === undefined ? 'seen' : before === 'seen' ? compile(document, operationName) : before;
    known.set(id, now);
    return now === 'seen' ? null : now;
  };
}

function run(
  compiled: Run | null,
  schema: GraphQLSchema,
  operation: Omit<Operation, 'key'>,
  coerced: Readonly<Record<string, unknown>>,
) {
  const { document, operationName, variables, context } = operation;
  if (compiled) return compiled(context, coerced);
  return execute({ schema, document, operationName, variableValues: variables, contextValue: context });
}

/** graphql-jit's errors have no extensions that could be written to: each is made anew. */
function withClientErrors(result: ExecutionResult, context: Context): ExecutionResult {
  if (!result.errors) return result;
  // However many calls the query made, that it took too long is one thing to tell.
  const late = result.errors.find((error) => registryErrorBehind(error)?.code === 'DEADLINE_EXCEEDED');
  if (late) return { data: null, errors: [toGraphQLError(late, context)] };
  return { ...result, errors: result.errors.map((error) => toGraphQLError(error, context)) };
}
