import { RegistryError } from '../errors.ts';

/** The kinds of objects that have a global id, as their GraphQL types are named. */
export const NODE_TYPES = ['Artifact', 'Execution', 'Context', 'ArtifactType', 'ExecutionType', 'ContextType'] as const;

/** One of {@link NODE_TYPES}. */
export type NodeType = (typeof NODE_TYPES)[number];

/** The opaque global id of an object: unpadded base64url of `Kind:id`. */
export function toGlobalId(type: NodeType, id: bigint | undefined): string {
  return Buffer.from(`${type}:${id ?? 0n}`).toString('base64url');
}

/** What a global id stands for. INVALID_ARGUMENT where {@link toGlobalId} cannot have made it. */
export function parseGlobalId(text: string, argument: string): { readonly type: NodeType; readonly id: bigint } {
  const [, name, digits] = /^(\w+):(-?\d{1,19})$/.exec(Buffer.from(text, 'base64url').toString('latin1')) ?? [];
  const type = NODE_TYPES.find((each) => each === name);
  if (!type || digits === undefined || toGlobalId(type, BigInt(digits)) !== text) {
    throw new RegistryError(
      'INVALID_ARGUMENT',
      `'${shortened(text)}' in '${argument}' is not an id from this gateway.`,
      {
        argument,
      },
    );
  }
  return { type, id: toInt64(BigInt(digits), text, argument) };
}

/** The greatest id that there can be. */
export const MAX_ID = 2n ** 63n - 1n;

/** MLMD's id from its decimal digits. INVALID_ARGUMENT for anything else than a whole number of 64 bits. */
export function parseDatabaseId(text: string, argument: string): bigint {
  if (!/^-?\d{1,19}$/.test(text)) throw notAnId(text, argument);
  return toInt64(BigInt(text), text, argument);
}

function toInt64(value: bigint, text: string, argument: string): bigint {
  if (BigInt.asIntN(64, value) === value) return value;
  throw notAnId(text, argument);
}

function notAnId(text: string, argument: string): RegistryError {
  return new RegistryError(
    'INVALID_ARGUMENT',
    `'${shortened(text)}' in '${argument}' is not an id; it has to be a whole number of at most 64 bits.`,
    { argument },
  );
}

/** Enough of the caller's text to recognise it by. */
function shortened(text: string): string {
  return text.length > 64 ? `${text.slice(0, 64)}…` : text;
}
