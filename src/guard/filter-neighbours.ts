import type { Access } from '../auth/access.ts';
import type { Resource } from '../auth/permission.ts';
import type { RegistryNode } from '../domain/registry-kinds.ts';
import { RegistryError } from '../errors.ts';
import { RESOURCES_OF } from './node-resource.ts';

/** What a filter names of neighbours, with the sort of node that each is. An event leads to what is at its other end. */
const NEIGHBOURS: readonly (readonly [name: string, nodes: readonly RegistryNode[]])[] = [
  ['contexts', ['Context']],
  ['parent_contexts', ['Context']],
  ['child_contexts', ['Context']],
  ['events', ['Artifact', 'Execution']],
  ['artifacts', ['Artifact']],
  ['executions', ['Execution']],
];

/** A name that is spelt with escapes, as `\`\\x63ontexts_a\`` is: it may be any. */
const ESCAPED_NAME = /`[^`]*\\/;

/**
 * Refuses a filter by neighbours that the caller may not see: which rows it lets through would tell of them.
 * PERMISSION_DENIED, whether there are such or not. Texts in it count as well, as the filter is not parsed: it may be in
 * either of two languages.
 */
export function refuseHiddenNeighbours({ visible, seesAll, registry }: Access, filter: string): void {
  if (seesAll) return;
  for (const [name, nodes] of NEIGHBOURS) {
    const hidden = nodes.flatMap((node) => RESOURCES_OF[node]).find((resource: Resource) => !visible.has(resource));
    const names = new RegExp(`(^|[^a-z_])${name}_\\w*`, 'i').test(filter) || ESCAPED_NAME.test(filter);
    if (hidden === undefined || !names) continue;
    throw new RegistryError(
      'PERMISSION_DENIED',
      `A filter by ${name}_… needs the right to get ${hidden} in the registry '${registry}'.`,
      { argument: 'filterQuery' },
    );
  }
}
