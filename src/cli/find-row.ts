import {
  EnvironmentNamesDocument,
  ExperimentNamesDocument,
  FindModelDocument,
  FindRunsDocument,
  FindVersionsDocument,
  ModelNamesDocument,
  RunNamesDocument,
  VersionNamesDocument,
} from '../generated/cli-operations.ts';
import { notFound, wrongUsage } from './cli-error.ts';
import { nearest } from './nearest.ts';
import type { Session } from './session.ts';

/** A row that was found by its name. */
export interface Found {
  readonly databaseId: string;
  readonly name: string;
  /** The name of its model or experiment. */
  readonly owner: string;
}

/** The name without the prefix that other commands know it by: `model:bert` as `bert`. */
export function bareName(text: string, prefix: string): string {
  return text.startsWith(`${prefix}:`) ? text.slice(prefix.length + 1) : text;
}

/** The model of that name. Rejects with a CliError that tells near names. */
export async function findModel(session: Session, text: string): Promise<{ readonly databaseId: string }> {
  const name = bareName(text, 'model');
  const { registeredModel } = await session.ask(FindModelDocument, { name });
  return registeredModel ?? (await unknownModel(session, name));
}

/** Rejects with the error for a model that is not there. */
export async function unknownModel(session: Session, name: string): Promise<never> {
  const { alike, recent } = await session.ask(ModelNamesDocument, { like: beginning(name) });
  const hint = await nearest(name, namesOf(alike, recent));
  throw notFound(`There is no model ${name}${hint}; \`modelgraph models list\` tells all.`);
}

/** The version `MODEL/NAME`. Rejects with a CliError that tells near names. */
export async function findVersion(session: Session, text: string): Promise<Found> {
  const splits = splitsOf(bareName(text, 'version'), 'MODEL/NAME');
  const { registeredModels } = await session.ask(FindVersionsDocument, {
    models: splits.map(([owner]) => owner),
    names: splits.map(([, name]) => name),
  });
  const owners = registeredModels.nodes.map(({ name, versions }) => ({ name, rows: versions.nodes }));
  const found = pick(splits, owners);
  if (found) return found;
  const [owner, name] = splits.find(([each]) => owners.some((known) => known.name === each)) ?? splits[0];
  if (!owners.some((known) => known.name === owner)) return await unknownModel(session, owner);
  const { registeredModel } = await session.ask(VersionNamesDocument, { model: owner });
  const hint = await nearest(name, namesOf(registeredModel?.versions));
  throw notFound(`The model ${owner} has no version ${name}${hint}; \`modelgraph versions list ${owner}\` tells all.`);
}

/** Rejects with the error for an experiment that is not there. */
export async function unknownExperiment(session: Session, name: string): Promise<never> {
  const { alike, recent } = await session.ask(ExperimentNamesDocument, { like: beginning(name) });
  const hint = await nearest(name, namesOf(alike, recent));
  throw notFound(`There is no experiment ${name}${hint}; \`modelgraph experiments list\` tells all.`);
}

/** The run `EXPERIMENT/NAME`, or by its id. Rejects with a CliError that tells near names. */
export async function findRun(session: Session, text: string): Promise<Omit<Found, 'name' | 'owner'>> {
  const bare = bareName(text, 'run');
  if (/^\d+$/.test(bare)) return { databaseId: bare };
  const splits = splitsOf(bare, 'EXPERIMENT/NAME');
  const { experiments } = await session.ask(FindRunsDocument, {
    experiments: splits.map(([owner]) => owner),
    names: splits.map(([, name]) => name),
  });
  const owners = experiments.nodes.map(({ name, runs }) => ({ name, rows: runs.nodes }));
  const found = pick(splits, owners);
  if (found) return found;
  const [owner, name] = splits.find(([each]) => owners.some((known) => known.name === each)) ?? splits[0];
  if (!owners.some((known) => known.name === owner)) return await unknownExperiment(session, owner);
  const { experiment } = await session.ask(RunNamesDocument, { experiment: owner });
  const hint = await nearest(name, namesOf(experiment?.runs));
  throw notFound(`The experiment ${owner} has no run ${name}${hint}; \`modelgraph runs list ${owner}\` tells all.`);
}

/** Rejects with the error for an environment that is not there. */
export async function unknownEnvironment(session: Session, name: string): Promise<never> {
  const { servingEnvironments } = await session.ask(EnvironmentNamesDocument, {});
  const hint = await nearest(name, namesOf(servingEnvironments));
  throw notFound(`There is no environment ${name}${hint}; \`modelgraph environments list\` tells all.`);
}

type Split = readonly [owner: string, name: string];

/** All ways to read `A/B/C` as an owner and a name: either may hold a `/`. */
function splitsOf(text: string, form: string): readonly [Split, ...Split[]] {
  const parts = text.split('/');
  const splits = parts
    .slice(1)
    .map((_, index): Split => [parts.slice(0, index + 1).join('/'), parts.slice(index + 1).join('/')])
    .filter(([owner, name]) => owner !== '' && name !== '')
    .toReversed();
  const [first, ...others] = splits;
  if (!first) throw wrongUsage(`${text} is not ${form}.`);
  return [first, ...others];
}

interface Owner {
  readonly name: string | null;
  readonly rows: readonly { readonly databaseId: string; readonly name: string | null }[];
}

function pick(splits: readonly Split[], owners: readonly Owner[]): Found | undefined {
  for (const [owner, name] of splits) {
    const row = owners.find((each) => each.name === owner)?.rows.find((each) => each.name === name);
    if (row) return { databaseId: row.databaseId, name, owner };
  }
  return undefined;
}

/** What the names begin with that a typo may have made of one: most typos leave the first letters alone. */
function beginning(name: string): string {
  return `${name.slice(0, 2).replaceAll(/[%_\\]/g, '_')}%`;
}

function namesOf(
  ...lists: readonly ({ readonly nodes: readonly { readonly name: string | null }[] } | null | undefined)[]
) {
  return lists.flatMap((list) => list?.nodes ?? []).flatMap(({ name }) => name ?? []);
}
