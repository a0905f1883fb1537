import { ok } from 'node:assert';
import { INPUT_TYPES } from '../../src/domain/event.ts';
import type { StoredNode } from '../../src/domain/lineage/node-filter.ts';
import type { Event, Value } from '../../src/generated/proto/ml_metadata/proto/metadata_store.ts';

/** A lineage as all ways tell it: a text for each node, with its values, and for each link, in order. */
export interface PlainLineage {
  readonly nodes: readonly string[];
  readonly links: readonly string[];
}

/** A node, as far as it is compared. */
export interface PlainNode {
  readonly key: string;
  readonly type: string | undefined;
  readonly name: string | undefined;
  readonly uri?: string | undefined;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** The lineage in order. */
export function toPlain(nodes: readonly PlainNode[], links: readonly string[]): PlainLineage {
  const texts = nodes.map(({ key, type, name, uri, properties }) => {
    const values = Object.entries(properties).map(([each, value]) => `${each}=${String(value)}`);
    return [key, type, name, uri ?? '', ...values.sort()].join(' ');
  });
  return { nodes: texts.sort(), links: [...links].sort() };
}

/** The key of a node. */
export function keyOf(type: 'Artifact' | 'Execution', id: unknown): string {
  return `${type} ${String(id)}`;
}

/** MLMD's node. */
export function plainNode(type: 'Artifact' | 'Execution', node: StoredNode): PlainNode {
  const values = [...node.properties, ...node.customProperties].map(
    ([name, value]) => [name, innerValue(value)] as const,
  );
  return {
    key: keyOf(type, node.id),
    type: node.type,
    name: node.name,
    uri: 'uri' in node ? node.uri : undefined,
    properties: Object.fromEntries(values),
  };
}

function innerValue({ stringValue, intValue, doubleValue, boolValue }: Value): unknown {
  return stringValue ?? intValue ?? doubleValue ?? boolValue;
}

/** A link from one node to another. */
export function plainLink(from: string, to: string): string {
  return `${from} > ${to}`;
}

/** The link that an event is. */
export function linkOf({ type, artifactId, executionId }: Pick<Event, 'type'> & Ends): string {
  const ends = [keyOf('Artifact', artifactId), keyOf('Execution', executionId)] as const;
  const [from, to] = INPUT_TYPES.has(type) ? ends : [ends[1], ends[0]];
  return plainLink(from, to);
}

interface Ends {
  readonly artifactId?: unknown;
  readonly executionId?: unknown;
}

/** Throws unless both are the same, with the first difference. */
export function checkSame(name: string, one: PlainLineage, other: PlainLineage): void {
  for (const part of ['nodes', 'links'] as const) {
    const at = one[part].findIndex((text, index) => text !== other[part][index]);
    const told = `${name} has other ${part}: '${other[part][at]}' in place of '${one[part][at]}'`;
    ok(at === -1 && one[part].length === other[part].length, told);
  }
}
