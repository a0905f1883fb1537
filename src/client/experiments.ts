import {
  CreateExperimentDocument,
  type CreateExperimentInput,
  ExperimentDocument,
  type ExperimentFieldsFragment,
  ExperimentsDocument,
  type ExperimentsQueryVariables,
} from '../generated/client-operations.ts';
import { type ChangeOptions, change } from './change.ts';
import type { Client, QueryOptions } from './client.ts';
import { type ListArguments, readRows } from './rows.ts';

/** An experiment as the client reads it. */
export type Experiment = ExperimentFieldsFragment;

/** One way to name an experiment. */
export type ExperimentReference =
  | { readonly name: string }
  | { readonly databaseId: string | number }
  | { readonly externalId: string };

/** The experiments, or those that a filter lets through. */
export function listExperiments(
  client: Client,
  { limit, pageSize, ...which }: ListArguments<ExperimentsQueryVariables> = {},
  options?: QueryOptions,
): AsyncGenerator<Experiment, void, undefined> {
  return readRows(
    async (place) => (await client.query(ExperimentsDocument, { ...which, ...place }, options)).experiments,
    { limit, pageSize },
  );
}

/** The experiment that is meant, or null where there is none. */
export async function getExperiment(
  client: Client,
  which: ExperimentReference,
  options?: QueryOptions,
): Promise<Experiment | null> {
  return (await client.query(ExperimentDocument, which, options)).experiment;
}

/** Begins a new experiment. Rejects with NAME_TAKEN, and the `databaseId` of the holder, where there is one of its name. */
export function createExperiment(
  client: Client,
  input: CreateExperimentInput,
  options?: ChangeOptions,
): Promise<Experiment> {
  return change(
    client,
    CreateExperimentDocument,
    input,
    ({ createExperiment: done }) => ({ ...done, row: done.experiment }),
    options,
  );
}
