import { DatabaseSync } from 'node:sqlite';
import { expect } from 'vitest';

import { type Answer, post, type StoreKind } from '../harness.ts';
import { openRegistry } from './rig.ts';

/** A property as GraphQL takes it. */
export const property = (name: string, value: object) => ({ name, value });

/** Opens a gateway, with short ways to record and to look at what is stored. */
export async function openRecorder(kind: StoreKind) {
  const registry = await openRegistry(kind);
  const { url, file, calls } = registry.harness;
  return {
    ...registry,
    calls,
    /** What a recording answers, which has to go well. */
    record: async (input: object) => recorded(await ask(url, input)),
    /** How many rows each table has: types and their properties too. */
    counts: () => rowCounts(file),
    /** The calls that write. */
    writes: () => calls.filter((call) => call.startsWith('Put')),
  };
}

const FIELDS = `execution { databaseId name externalId state lastUpdateTime type { name } propertyMap customPropertyMap
    inputs { edges { event { type path { key index } } node { databaseId } } }
    outputs { edges { event { type time path { key index } } node { databaseId } } }
    contexts { nodes { databaseId name } } }
  inputs { databaseId name uri state } outputs { databaseId name externalId uri state lastUpdateTime propertyMap customPropertyMap }
  contexts { databaseId name lastUpdateTime propertyMap } created
  userErrors { code field message databaseId } warnings { code message } conditional`;

/** The whole answer to a recording. */
export function ask(url: string, input: object): Promise<Answer> {
  const query = `mutation ($input: RecordExecutionInput!) { recordExecution(input: $input) { ${FIELDS} } }`;
  return post(url, { query, variables: { input } });
}

/** What a recording that went well answers. */
export function recorded({ data, errors }: Answer) {
  expect(errors).toBeUndefined();
  expect(data.recordExecution.userErrors).toEqual([]);
  return data.recordExecution;
}

const TABLES = [
  ...['Type', 'TypeProperty', 'Artifact', 'ArtifactProperty', 'Execution', 'ExecutionProperty', 'Context'],
  ...['ContextProperty', 'Event', 'EventPath', 'Association', 'Attribution'],
];

function rowCounts(file: string): Record<string, number> {
  using database = new DatabaseSync(file, { readOnly: true });
  return Object.fromEntries(
    TABLES.map((table) => [table, Number(database.prepare(`SELECT count(*) AS n FROM "${table}"`).get()?.['n'])]),
  );
}
