import { readId } from '../field-input.ts';
import type { RegistryNode } from '../registry-kinds.ts';
import type { Mistakes } from '../user-error.ts';
import { type Described, type DescribedInput, readDescribed } from './node.ts';

/** What an execution is recorded with: a node that is there, by its id, or one that is described. */
export interface Member {
  readonly node: RegistryNode;
  /** Where in the input it stands. */
  readonly place: readonly string[];
  readonly id: bigint | undefined;
  /** Undefined beside an `id`, and where the input has neither. */
  readonly described: Described | undefined;
}

/** What GraphQL's inputs have of a member. */
export interface MemberInput {
  readonly databaseId?: string | null | undefined;
  readonly artifact?: DescribedInput | null | undefined;
  readonly context?: DescribedInput | null | undefined;
}

/** Reads a member, which has to have an id or a description. */
export function readMember(
  node: 'Artifact' | 'Context',
  input: MemberInput,
  place: readonly string[],
  all: Mistakes,
): Member {
  const { databaseId } = input;
  const field = node === 'Artifact' ? 'artifact' : 'context';
  const description = input[field];
  if (typeof databaseId === 'string' ? description : !description) {
    all.at(...place).invalid(`Exactly one of databaseId, ${field} has to be given.`);
  }
  const id = typeof databaseId === 'string' ? readId(databaseId, all.at(...place, 'databaseId')) : undefined;
  const described = description ? readDescribed(node, description, [...place, field], all) : undefined;
  return { node, place, id, described: id === undefined ? described : undefined };
}

/**
 * Tells where nodes that are described are one by the name, or by the external id, and not by both: it could not be said
 * which they are.
 */
export function checkApart(members: readonly Member[], all: Mistakes): void {
  const holders = new Map<string, string>();
  for (const { described } of members) {
    if (!described) continue;
    const itself = describedKey(described);
    for (const [field, key] of Object.entries(identifiers(described))) {
      const holder = key === undefined ? undefined : holders.get(key);
      if (key !== undefined) holders.set(key, holder ?? itself);
      if (holder === undefined || holder === itself) continue;
      all.at(...described.place, field).invalid(`Another ${nounOf(described.node)} of the input has it.`);
    }
  }
}

/** Whether a node can be found again, by its external id or its type and name. */
export function isFoundAgain({ name, externalId }: Described): boolean {
  return name !== undefined || externalId !== undefined;
}

/** The same for descriptions of the same node, another for each that cannot be found again. */
export function describedKey(described: Described): string {
  const { type, name, externalId, place } = described;
  return JSON.stringify(isFoundAgain(described) ? [type, name, externalId] : place);
}

function identifiers({ type, name, externalId }: Described) {
  return {
    name: name === undefined ? undefined : JSON.stringify([type, name]),
    externalId: externalId === undefined ? undefined : JSON.stringify([externalId]),
  };
}

/** A node in a sentence. */
export function nounOf(node: RegistryNode): string {
  return node.toLowerCase();
}
