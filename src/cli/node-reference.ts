import { FindEnvironmentDocument, FindExperimentDocument } from '../generated/cli-operations.ts';
import { wrongUsage } from './cli-error.ts';
import { findModel, findRun, findVersion, unknownEnvironment, unknownExperiment } from './find-row.ts';
import { nearest } from './nearest.ts';
import type { Session } from './session.ts';

/** How a node may be named, for `--help`. */
export const NODE_HELP = `
A NODE is model:NAME, version:MODEL/NAME, experiment:NAME, run:EXPERIMENT/NAME or run:ID, environment:NAME,
artifact:ID, execution:ID, context:ID, or a global id of GraphQL's. \`-o name\` writes nodes in this form.`;

/** What the gateway calls the node. Rejects with a CliError for what is no node, or not there. */
export async function findNode(session: Session, text: string): Promise<string> {
  const [, prefix, name = ''] = /^([a-zA-Z]+):(.*)$/s.exec(text) ?? [];
  if (prefix === undefined) return globalId(text);
  const find = FINDERS[prefix];
  if (!find)
    throw wrongUsage(
      `${prefix}: is no kind of node${await nearest(prefix, Object.keys(FINDERS))}; --help tells which there are.`,
    );
  if (name === '') throw wrongUsage(`${text} names nothing: put a name or id behind the colon.`);
  return await find(session, name);
}

type Finder = (session: Session, name: string) => Promise<string>;

const FINDERS: Readonly<Record<string, Finder>> = {
  model: async (session, name) => contextOf(await findModel(session, name)),
  version: async (session, name) => contextOf(await findVersion(session, name)),
  run: async (session, name) => contextOf(await findRun(session, name)),
  async experiment(session, name) {
    const { experiment } = await session.ask(FindExperimentDocument, { name });
    return contextOf(experiment ?? (await unknownExperiment(session, name)));
  },
  async environment(session, name) {
    const { servingEnvironment } = await session.ask(FindEnvironmentDocument, { name });
    return contextOf(servingEnvironment ?? (await unknownEnvironment(session, name)));
  },
  artifact: async (_session, id) => byId('artifact', id),
  execution: async (_session, id) => byId('execution', id),
  context: async (_session, id) => byId('context', id),
};

function contextOf({ databaseId }: { readonly databaseId: string }): string {
  return `context:${databaseId}`;
}

function byId(kind: string, id: string): string {
  if (/^\d{1,19}$/.test(id)) return `${kind}:${id}`;
  throw wrongUsage(`${kind}:${id} needs MLMD's id behind the colon, a whole number.`);
}

/** Global ids are base64 of the kind and the id; a bare name is the likelier mistake. */
function globalId(text: string): string {
  const decoded = Buffer.from(text, 'base64url').toString('latin1');
  if (/^(Artifact|Execution|Context):\d+$/.test(decoded)) return text;
  throw wrongUsage(`${text} is no node: say what it is, such as model:${text}; --help tells more.`);
}
