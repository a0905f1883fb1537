import {
  CreateExperimentRunDocument,
  type CreateExperimentRunInput,
  ExperimentRunDocument,
  type ExperimentRunFieldsFragment,
  ExperimentRunsDocument,
  type ExperimentRunsQueryVariables,
  LogRunDocument,
  type LogRunInput,
  UpdateExperimentRunDocument,
  type UpdateExperimentRunInput,
} from '../generated/client-operations.ts';
import { type ChangeOptions, change } from './change.ts';
import type { Client, QueryOptions } from './client.ts';
import { type ListArguments, readRows } from './rows.ts';

/** A run of an experiment as the client reads it. */
export type ExperimentRun = ExperimentRunFieldsFragment;

/** One way to name a run. */
export type ExperimentRunReference =
  | { readonly databaseId: string | number }
  | { readonly externalId: string }
  | { readonly experimentId: string | number; readonly name: string };

/** The runs of all experiments, or those that a filter lets through. */
export function listExperimentRuns(
  client: Client,
  { limit, pageSize, ...which }: ListArguments<ExperimentRunsQueryVariables> = {},
  options?: QueryOptions,
): AsyncGenerator<ExperimentRun, void, undefined> {
  return readRows(
    async (place) => (await client.query(ExperimentRunsDocument, { ...which, ...place }, options)).experimentRuns,
    { limit, pageSize },
  );
}

/** The run that is meant, or null where there is none. */
export async function getExperimentRun(
  client: Client,
  which: ExperimentRunReference,
  options?: QueryOptions,
): Promise<ExperimentRun | null> {
  return (await client.query(ExperimentRunDocument, which, options)).experimentRun;
}

/** Begins a run of an experiment. */
export function createExperimentRun(
  client: Client,
  input: CreateExperimentRunInput,
  options?: ChangeOptions,
): Promise<ExperimentRun> {
  return change(
    client,
    CreateExperimentRunDocument,
    input,
    ({ createExperimentRun: done }) => ({ ...done, row: done.experimentRun }),
    options,
  );
}

/** Changes a run, such as its status at its end; what is not named stays. */
export function updateExperimentRun(
  client: Client,
  input: UpdateExperimentRunInput,
  options?: ChangeOptions,
): Promise<ExperimentRun> {
  return change(
    client,
    UpdateExperimentRunDocument,
    input,
    ({ updateExperimentRun: done }) => ({ ...done, row: done.experimentRun }),
    options,
  );
}

/** Writes parameters, metrics and datasets of a run, up to 1,000 at once: all of them or none. */
export function logRun(client: Client, input: LogRunInput, options?: ChangeOptions): Promise<ExperimentRun> {
  return change(client, LogRunDocument, input, ({ logRun: done }) => ({ ...done, row: done.experimentRun }), options);
}
