import { inParallel } from '../domain/in-parallel.ts';
import type { Candidates } from '../domain/record/identity.ts';
import type { Described } from '../domain/record/node.ts';
import { typeKey } from '../domain/record/types.ts';
import type { RegistryNode } from '../domain/registry-kinds.ts';
import type { Row } from '../domain/row.ts';
import { canBeName } from '../domain/text-input.ts';
import { artifactsByName } from './artifacts-by-name.ts';
import type { Work } from './change.ts';
import { NODE_RPCS } from './node-rpcs.ts';

/** Gives what is there of a described node's external id, and of its type and name. */
export type FindCandidates = (described: Described) => Omit<Candidates, 'typeId'>;

const NODES: readonly RegistryNode[] = ['Execution', 'Artifact', 'Context'];

/**
 * Reads what is there of these nodes: one call for the external ids of each kind of node, one for each hundred artifacts
 * of a type, and one for each other node that is named.
 */
export async function readCandidates(work: Work, described: readonly Described[]): Promise<FindCandidates> {
  const [byExternalId, byName] = await Promise.all([
    Promise.all(NODES.map((node) => rowsByExternalId(work, node, described))),
    Promise.all(
      Array.from(
        Map.groupBy(described, typeKey),
        async ([key, those]) => [key, await rowsByName(work, those)] as const,
      ),
    ),
  ]);
  const ofExternalId = new Map(byExternalId.flat());
  const ofType = new Map(byName);
  return (each) => ({
    byExternalId: ofExternalId.get(`${each.node}:${each.externalId}`),
    byName: each.name === undefined ? undefined : ofType.get(typeKey(each))?.get(each.name),
  });
}

async function rowsByExternalId({ rpcs, call }: Work, node: RegistryNode, described: readonly Described[]) {
  const given = described.filter((each) => each.node === node).map(({ externalId }) => externalId);
  const ids = [...new Set(given)].filter((id) => id !== undefined).filter(canBeName);
  const rows = ids.length === 0 ? [] : await NODE_RPCS[node].byExternalIds(rpcs, ids, call);
  return rows.map((row) => [`${node}:${row.externalId}`, row] as const);
}

/** The rows that have the names of these nodes of one type. */
async function rowsByName(work: Work, described: readonly Described[]): Promise<ReadonlyMap<string, Row>> {
  const [{ node, type } = { node: 'Artifact' as const, type: '' }] = described;
  const given = described.map(({ name }) => name);
  const names = [...new Set(given)].filter((name) => name !== undefined).filter(canBeName);
  if (!canBeName(type) || names.length === 0) return new Map();
  if (node === 'Artifact') return artifactsByName(work, type, names);
  const found = await inParallel(names, (name) => NODE_RPCS[node].byName(work.rpcs, type, name, work.call));
  return new Map(found.flatMap((row) => (row?.name === undefined ? [] : [[row.name, row]])));
}
