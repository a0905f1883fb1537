import { type Command, InvalidArgumentError, Option } from 'commander';

import {
  CreateArtifactDocument,
  GetArtifactDocument,
  ListArtifactsDocument,
  ListArtifactsOfRunDocument,
  ListArtifactsOfVersionDocument,
  type UpsertArtifactInput,
} from '../../generated/cli-operations.ts';
import { CliError, notFound, wrongUsage } from '../cli-error.ts';
import { examplesText } from '../examples.ts';
import { bareName, findRun, findVersion } from '../find-row.ts';
import { defineList } from '../list-command.ts';
import type { ListOptions } from '../list-pages.ts';
import { ARTIFACT_KINDS, type ArtifactKind, artifact, artifactInFull } from '../nouns/artifact.ts';
import { showOne } from '../output/show.ts';
import { toProperties, withProperties } from '../property-flags.ts';
import { act, type Session } from '../session.ts';
import { change, type WriteOptions, withDryRun } from '../write-command.ts';

const KINDS = Object.keys(ARTIFACT_KINDS);

/** `modelgraph artifacts`. */
export function defineArtifacts(artifacts: Command): void {
  defineArtifactList(artifacts.command('list').description('List artifacts: all, or those of a version or run.'));
  const get = artifacts.command('get <id>').description('Show an artifact.');
  get.addHelpText('after', examplesText('artifacts get 119', 'artifacts get artifact:119 -o json'));
  act(get, async (session, [text = '']) => {
    const id = bareName(text, 'artifact');
    if (!/^\d+$/.test(id))
      throw wrongUsage(`${text} is no id: it has to be a whole number, as \`artifacts list\` tells it.`);
    const { registryArtifact } = await session.ask(GetArtifactDocument, { id });
    if (!registryArtifact)
      throw notFound(`There is no artifact ${id} in the registry; \`modelgraph artifacts list\` tells all.`);
    await showOne(artifactInFull, registryArtifact, session.format);
  });
  defineCreate(
    artifacts
      .command('create <name>')
      .description('Add an artifact to a version or run; one of the same name is changed.'),
  );
}

interface ArtifactListOptions extends ListOptions {
  readonly kind?: ArtifactKind;
  readonly of?: string;
}

function defineArtifactList(command: Command): void {
  command
    .addOption(new Option('--kind <kind>', 'only those of this kind').choices(KINDS))
    .option('--of <node>', 'only those of version:MODEL/NAME or run:EXPERIMENT/NAME');
  // The owner is looked for once, not for each page.
  const owners = new WeakMap<Session, ReturnType<typeof findOwner>>();
  defineList<Parameters<typeof artifact.ref>[0], ArtifactListOptions>(command, {
    noun: artifact,
    examples: ['artifacts list --kind model', 'artifacts list --of version:resnet-50/imagenet1k-v2 -o json'],
    async read(session, page, _args, { kind, of }) {
      const variables = { ...page, kinds: kind === undefined ? null : [ARTIFACT_KINDS[kind].filter] };
      if (of === undefined) return (await session.ask(ListArtifactsDocument, variables)).page;
      const known = owners.get(session) ?? findOwner(session, of);
      owners.set(session, known);
      const { databaseId: id, isRun } = await known;
      const document = isRun ? ListArtifactsOfRunDocument : ListArtifactsOfVersionDocument;
      const { owner } = await session.ask(document, { ...variables, id });
      if (!owner) throw new CliError(`${of} is gone.`);
      return owner.page;
    },
  });
}

async function findOwner(session: Session, of: string) {
  if (of.startsWith('run:')) return { ...(await findRun(session, of)), isRun: true };
  if (of.startsWith('version:')) return { ...(await findVersion(session, of)), isRun: false };
  throw wrongUsage('What artifacts belong to is version:MODEL/NAME or run:EXPERIMENT/NAME.');
}

interface ArtifactFlags extends WriteOptions {
  readonly kind: ArtifactKind;
  readonly of: string;
  readonly uri?: string;
  readonly value?: string;
  readonly step?: string;
  readonly description?: string;
  readonly externalId?: string;
  readonly property?: readonly (readonly [string, string])[];
}

function defineCreate(command: Command): void {
  command
    .addOption(new Option('--kind <kind>', 'what it is').choices(KINDS).makeOptionMandatory())
    .requiredOption('--of <node>', 'what it belongs to: version:MODEL/NAME or run:EXPERIMENT/NAME')
    .option('--uri <uri>', 'where it is, of a model, doc or dataset')
    .option('--value <value>', 'of a metric, a number; of a parameter, a text')
    .option('--step <number>', 'of a metric, the step of the training', toStep)
    .option('--description <text>', 'what it is')
    .option('--external-id <id>', 'the id that another system knows it by');
  withDryRun(withProperties(command)).addHelpText(
    'after',
    examplesText(
      'artifacts create model --kind model --of version:churn/v1 --uri s3://models/churn/1',
      'artifacts create accuracy --kind metric --of version:churn/v1 --value 0.93',
    ),
  );
  act<ArtifactFlags>(command, async (session, [name = ''], flags) => {
    const described = describe(name, flags);
    const { databaseId: parentId } = await findOwner(session, flags.of);
    await change(
      session,
      flags,
      CreateArtifactDocument,
      { input: { parentId, ...described } },
      artifactInFull,
      'Created',
    );
  });
}

/** The part of the input that says what it is. Throws a CliError for a flag that the kind has not. */
function describe(name: string, flags: ArtifactFlags): Omit<UpsertArtifactInput, 'parentId'> {
  const { kind, uri, value, step, description, externalId, property } = flags;
  const common = { name, description, externalId, customProperties: toProperties(property) };
  const isNumber = kind === 'metric';
  const hasUri = !isNumber && kind !== 'parameter';
  if (hasUri ? value !== undefined || step !== undefined : uri !== undefined)
    throw wrongUsage(`A ${kind} has no ${hasUri ? '--value or --step' : '--uri'}.`);
  if (!hasUri && value === undefined) throw wrongUsage(`A ${kind} needs its --value.`);
  if (kind === 'model') return { modelArtifact: { ...common, uri } };
  if (kind === 'doc') return { docArtifact: { ...common, uri } };
  if (kind === 'dataset') return { dataSet: { ...common, uri } };
  if (kind === 'parameter') return { parameter: { ...common, value } };
  return { metric: { ...common, value: toNumber(value ?? ''), step } };
}

/** A number. Throws a CliError. */
export function toNumber(text: string): number {
  const number = Number(text);
  if (text.trim() !== '' && Number.isFinite(number)) return number;
  throw wrongUsage(`The value of a metric has to be a number, which ${text === '' ? 'nothing' : text} is not.`);
}

function toStep(text: string): string {
  if (/^-?\d{1,19}$/.test(text)) return text;
  throw new InvalidArgumentError('it has to be a whole number');
}
