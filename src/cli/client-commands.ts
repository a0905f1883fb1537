import type { CommandEntry } from './command-tree.ts';

const REGISTRY = { group: 'Registry:', asksGateway: true };
const LINEAGE = { group: 'Lineage:', asksGateway: true };
const MORE = { group: 'More:', asksGateway: true };

/** The commands that ask a gateway, and those that see to servers, tokens and the shell. */
export const CLIENT_COMMANDS: readonly CommandEntry[] = [
  {
    name: 'models',
    description: 'Registered models: list, get, create, update, archive.',
    ...REGISTRY,
    load: async () => (await import('./commands/models.ts')).defineModels,
  },
  {
    name: 'versions',
    description: 'Versions of models: list, get, create, compare.',
    ...REGISTRY,
    load: async () => (await import('./commands/versions.ts')).defineVersions,
  },
  {
    name: 'artifacts',
    description: 'Models, documents, datasets, metrics and parameters: list, get, create.',
    ...REGISTRY,
    load: async () => (await import('./commands/artifacts.ts')).defineArtifacts,
  },
  {
    name: 'experiments',
    description: 'Experiments: list, get.',
    ...REGISTRY,
    load: async () => (await import('./commands/experiments.ts')).defineExperiments,
  },
  {
    name: 'runs',
    description: 'Runs of experiments: list, get, log.',
    ...REGISTRY,
    load: async () => (await import('./commands/runs.ts')).defineRuns,
  },
  {
    name: 'deployments',
    description: 'Which version serves in which environment: what is wanted, and what is.',
    ...REGISTRY,
    load: async () => (await import('./commands/deployments.ts')).defineDeployments,
  },
  {
    name: 'environments',
    description: 'Serving environments: list, get.',
    ...REGISTRY,
    load: async () => (await import('./commands/environments.ts')).defineEnvironments,
  },
  {
    name: 'lineage',
    description: 'What something was made from and what it affects, as a tree.',
    ...LINEAGE,
    load: async () => (await import('./commands/lineage.ts')).defineLineage,
  },
  {
    name: 'impact',
    description: 'Which versions, deployments, services and environments depend on something.',
    ...LINEAGE,
    load: async () => (await import('./commands/impact.ts')).defineImpact,
  },
  {
    name: 'diff',
    description: 'What is different between two things and what they were made of.',
    ...LINEAGE,
    load: async () => (await import('./commands/diff.ts')).defineDiff,
  },
  {
    name: 'query',
    description: 'Send a GraphQL document of your own.',
    ...MORE,
    load: async () => (await import('./commands/query.ts')).defineQuery,
  },
  {
    name: 'login',
    description: 'Keep a server and its token under a name.',
    ...MORE,
    load: async () => (await import('./commands/login.ts')).defineLogin,
  },
  {
    name: 'logout',
    description: 'Forget the token of a server.',
    ...MORE,
    load: async () => (await import('./commands/logout.ts')).defineLogout,
  },
  {
    name: 'context',
    description: 'The servers that are kept: list, use, remove.',
    ...MORE,
    load: async () => (await import('./commands/context.ts')).defineContext,
  },
  {
    name: 'completion',
    description: 'Print what makes a shell complete the commands.',
    ...MORE,
    load: async () => (await import('./commands/completion.ts')).defineCompletion,
  },
  {
    name: 'complete',
    description: 'Complete a command line; the shells ask this.',
    hidden: true,
    ...MORE,
    load: async () => (await import('./commands/completion.ts')).defineComplete,
  },
  {
    name: 'version',
    description: 'Print the version.',
    ...MORE,
    load: async () => (await import('./commands/version.ts')).defineVersion,
  },
  {
    name: 'help',
    description: 'Tell about a command.',
    ...MORE,
    load: async () => (await import('./commands/help.ts')).defineHelp,
  },
];
