import { toJson, toText } from '../../property.ts';
import type { Alignment } from './align.ts';
import { fieldOf } from './comparable.ts';
import type { ComparedClosure } from './likeness.ts';
import type { Pair } from './pair-up.ts';
import { roleOf } from './role.ts';

/** A field in which two nodes differ, with both values as they are stored, as JSON. */
export interface Difference {
  /** `name`, `properties.epochs` or, where other nodes that are in both closures were taken, `INPUT.examples`. */
  readonly field: string;
  /** The value on each side; null where it has none. What was taken is told by its roles. */
  readonly before: unknown;
  readonly after: unknown;
}

/** Both closures, and which node of the one is which of the other. */
export interface Compared extends Alignment {
  readonly before: ComparedClosure;
  readonly after: ComparedClosure;
}

/** In what two nodes differ that are each other's, by field: their values, and from which nodes they were made. */
export function differencesOf(compared: Compared, pair: Pair): Difference[] {
  return [...valueDifferences(compared, pair), ...sourceDifferences(compared, pair)];
}

const ATTRIBUTES = ['type', 'name', 'uri', 'state'];

function valueDifferences(compared: Compared, [before, after]: Pair): Difference[] {
  const values = compared.before.comparable(before);
  const others = compared.after.comparable(after);
  return [...new Set([...values.keys(), ...others.keys()])]
    .filter((field) => values.get(field) !== others.get(field))
    .map((field) => ({ field, stored: [fieldOf(before, field), fieldOf(after, field)] as const }))
    .filter(({ field, stored }) => !(field.endsWith('_id') && nameTheSame(compared, stored)))
    .map(({ field, stored }) => ({ field, before: shown(stored[0]), after: shown(stored[1]) }))
    .sort(({ field: a }, { field: b }) => placeOf(a) - placeOf(b) || (a < b ? -1 : 1));
}

function placeOf(field: string): number {
  const place = ATTRIBUTES.indexOf(field);
  return place < 0 ? ATTRIBUTES.length : place;
}

/** Whether two properties such as TFX's `current_model_id` hold the ids of nodes that are each other's. */
function nameTheSame({ toAfter }: Compared, stored: readonly [before: Stored, after: Stored]): boolean {
  const [id, other] = stored.map(textOf);
  return ['Artifact', 'Execution', 'Context'].some((type) => toAfter.get(`${type}:${id}`) === `${type}:${other}`);
}

type Stored = ReturnType<typeof fieldOf>;

function textOf(value: Stored): string {
  return typeof value === 'object' ? toText(value) : (value ?? '');
}

function shown(value: Stored): unknown {
  return typeof value === 'object' ? toJson(value) : (value ?? null);
}

/** Where one of two nodes was made of a node that is in both closures, and the other one was not. */
function sourceDifferences(compared: Compared, [before, after]: Pair): Difference[] {
  const lost = unmatched(compared.before, compared.after, compared.toAfter, [before, after]);
  const gained = unmatched(compared.after, compared.before, compared.toBefore, [after, before]);
  return [...new Set([...lost, ...gained].map(({ field }) => field))].sort().flatMap((field) => {
    const [some, others] = withoutAlike(
      lost.filter((each) => each.field === field),
      gained.filter((each) => each.field === field),
    );
    return some || others ? [{ field, before: some ?? null, after: others ?? null }] : [];
  });
}

/** A source that the node's partner does not have. */
interface Unmatched {
  readonly field: string;
  readonly role: string;
  readonly deepKey: string;
}

/** The sources of a node that have a partner, which is no source of the node's own partner. */
function unmatched(
  closure: ComparedClosure,
  other: ComparedClosure,
  partners: ReadonlyMap<string, string>,
  [node, partner]: Pair,
): readonly Unmatched[] {
  const there = new Set(other.sourcesOf(partner.key).map((source) => `${fieldName(source.link)} ${source.node.key}`));
  return closure.sourcesOf(node.key).flatMap((source) => {
    const field = fieldName(source.link);
    const counterpart = partners.get(source.node.key);
    if (counterpart === undefined || there.has(`${field} ${counterpart}`)) return [];
    return [{ field, role: roleOf(closure, source.node), deepKey: closure.deepKey(source.node) }];
  });
}

/** The roles on both sides. Of nodes that are alike in all, one stands for another, whichever of them is its partner. */
function withoutAlike(lost: readonly Unmatched[], gained: readonly Unmatched[]) {
  const others = Map.groupBy(gained, ({ deepKey }) => deepKey);
  const left = [...Map.groupBy(lost, ({ deepKey }) => deepKey)].map(([key, some]) => {
    const alike = others.get(key) ?? [];
    return { some: some.slice(alike.length), alike: alike.slice(0, some.length) };
  });
  const matched = new Set(left.flatMap(({ alike }) => alike));
  return [left.flatMap(({ some }) => some), gained.filter((each) => !matched.has(each))].map((each) =>
    each.length > 0 ? each.map(({ role }) => role).sort() : undefined,
  );
}

function fieldName({ kind, place }: { readonly kind: string; readonly place: string }): string {
  return place ? `${kind}.${place}` : kind;
}
