/** A value that is written: to a cell of a table, or under its name in JSON, YAML and CSV. */
export interface Field<Row> {
  /** Its name in JSON, YAML and CSV. It stays as it is: scripts rely on it. */
  readonly name: string;
  of(row: Row): unknown;
  /** The head of its column in tables; a field without one is not in tables of many rows. */
  readonly heading?: string;
  /** How people like to read it. */
  readonly as?: 'time' | 'state' | 'name' | 'number' | 'mark' | 'sign' | 'path';
}

/** A noun of the registry, as it is written. */
export interface Noun<Row> {
  readonly singular: string;
  readonly plural: string;
  readonly fields: readonly Field<Row>[];
  /** How other commands know it, such as `model:NAME`. */
  ref(row: Row): string;
}

/** Fields whose name is that of a property of the row. */
export function plainFields<Row>(...names: readonly (keyof Row & string)[]): Field<Row>[] {
  return names.map((name) => ({ name, of: (row) => row[name] }));
}
