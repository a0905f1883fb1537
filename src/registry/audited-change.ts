import { Refusal } from '../domain/user-error.ts';
import { registryErrorIn } from '../errors.ts';
import type { Call } from '../mlmd/store.ts';
import type { Effect } from './change.ts';

/** As much of a change as a line of audit has. */
interface Auditable {
  readonly name: string;
  readonly kind?: string;
  readonly input: object;
}

type Node = { readonly type: string; readonly id: string };

/** The line of a change that was made, or had been; undefined where nobody hears of it. */
export function auditedChange({ audit }: Call, change: Auditable, { ids }: Effect, repeated: boolean) {
  if (!audit) return undefined;
  const nodes = Object.entries(ids).flatMap(([field, all]) => {
    const type = field === 'row' ? change.kind : TYPES[field];
    return type === undefined ? [] : all.map((id) => ({ type, id }));
  });
  return audit.line(change.name, { nodes, outcome: repeated ? 'REPEATED' : 'DONE' });
}

/** What the fields of an effect name. The owner of a row is not written. */
const TYPES: Readonly<Record<string, string>> = {
  experimentRun: 'ExperimentRun',
  parameters: 'Parameter',
  metrics: 'Metric',
  dataSets: 'DataSet',
  execution: 'Execution',
  inputs: 'Artifact',
  outputs: 'Artifact',
  contexts: 'Context',
};

/** Tells of a change that was not made, or of which that is not known. */
export function auditFailure({ audit }: Call, change: Auditable, error: unknown): void {
  if (!audit) return;
  const ended =
    error instanceof Refusal
      ? { outcome: 'REJECTED' as const, codes: [...new Set(error.userErrors.map(({ code }) => code))] }
      : audit.endedBy(registryErrorIn(error) ?? error);
  audit.emit(audit.line(change.name, { ...ended, nodes: namedIn(change) }));
}

/** What the input names by ids, and nothing else of it. */
function namedIn({ kind, input }: Auditable): readonly Node[] {
  return Object.entries(input).flatMap(([field, value]: [string, unknown]) => {
    if (typeof value !== 'string' || !/^\d{1,19}$/.test(value)) return [];
    const [, noun] = /^(\w+)Id$/.exec(field) ?? [];
    const type = field === 'databaseId' ? kind : noun && `${noun.charAt(0).toUpperCase()}${noun.slice(1)}`;
    return type === undefined || field === 'externalId' ? [] : [{ type, id: value }];
  });
}
