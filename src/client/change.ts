import type { UserErrorFieldsFragment, WarningFieldsFragment } from '../generated/client-operations.ts';
import { requestIdOf } from './answer.ts';
import type { Client, QueryOptions } from './client.ts';
import { ModelGraphError } from './error.ts';
import type { TypedDocument } from './typed-document.ts';

/** What a single change may have of its own. */
export interface ChangeOptions extends QueryOptions {
  /** Is told what is worth knowing of a change that was made. */
  readonly onWarning?: ((warning: Warning) => void) | undefined;
}

/** What is worth knowing of a change, such as that the model of a new version is archived. */
export type Warning = WarningFieldsFragment;

/** What a change answered, with the row that it is about. */
interface Outcome<Row> {
  readonly row: Row | null | undefined;
  readonly userErrors: readonly UserErrorFieldsFragment[];
  readonly warnings: readonly Warning[];
}

/** The part of all inputs that makes their repetition harmless. */
interface MayHaveKey {
  readonly idempotencyKey?: string | null | undefined;
}

/**
 * Makes a change and gives the row as it is then. Rejects with a ModelGraphError that has the code and the field of the
 * first user error. With an idempotency key it is tried again as queries are.
 */
export async function change<Data extends object, Input extends MayHaveKey, Row>(
  client: Client,
  document: TypedDocument<Data, { readonly input: Input }>,
  input: Input,
  outcomeOf: (data: Data) => Outcome<Row>,
  { onWarning, ...options }: ChangeOptions = {},
): Promise<Row> {
  const idempotent = options.idempotent ?? Boolean(input.idempotencyKey);
  const data = await client.query(document, { input }, { ...options, idempotent });
  const { row, userErrors, warnings } = outcomeOf(data);
  const [first, ...others] = userErrors;
  if (first) throw refused(first, others, requestIdOf(data));
  if (row === null || row === undefined) throw gone(requestIdOf(data));
  for (const warning of warnings) onWarning?.(warning);
  return row;
}

function refused(
  first: UserErrorFieldsFragment,
  others: readonly UserErrorFieldsFragment[],
  requestId: string | undefined,
): ModelGraphError {
  const { code, message, field, databaseId } = first;
  const place = field === null ? '' : `${field.join('.')}: `;
  const more = others.length === 0 ? '' : ` (and ${others.length} more: see \`errors\`)`;
  return new ModelGraphError(`${place}${message}${more}`, {
    code,
    requestId,
    field: field ?? undefined,
    databaseId: databaseId ?? undefined,
    errors: [first, ...others].map(({ message, ...extensions }) => ({ message, extensions })),
  });
}

function gone(requestId: string | undefined): ModelGraphError {
  const message = 'The change was made when the request came first; what it made is gone since.';
  return new ModelGraphError(message, { code: 'NOT_FOUND', requestId });
}
