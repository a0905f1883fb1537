import type { Command } from 'commander';

import packageJson from '../package.json' with { type: 'json' };
import { CLIENT_COMMANDS } from './cli/client-commands.ts';
import { addClientFlags } from './cli/client-flags.ts';
import { addCommands, type CommandEntry, newProgram } from './cli/command-tree.ts';

const SERVERS = { group: 'Servers:', asksGateway: false };

/** The commands that serve. Whoever only asks a server loads nothing of them. */
const SERVER_COMMANDS: readonly CommandEntry[] = [
  {
    name: 'serve',
    description: 'Serve GraphQL over an embedded store or an MLMD server.',
    ...SERVERS,
    load: async () => (await import('./commands/define.ts')).defineServe,
  },
  {
    name: 'mlmd',
    description: 'Serve an embedded store over gRPC to the clients of ML Metadata.',
    ...SERVERS,
    load: async () => (await import('./commands/define.ts')).defineMlmd,
  },
  {
    name: 'demo',
    description: 'Serve demonstration data from a store that is thrown away afterwards.',
    ...SERVERS,
    load: async () => (await import('./commands/define.ts')).defineDemo,
  },
  {
    name: 'operator',
    description: 'Keep the ModelRegistries of a Kubernetes cluster.',
    ...SERVERS,
    load: async () => (await import('./commands/define.ts')).defineOperator,
  },
];

/** The whole command line. */
export function createProgram(): Command {
  const program = newProgram('modelgraph')
    .description('An ML model registry and lineage gateway: serve one, or ask one.')
    .version(packageJson.version, '--version', 'print the version');
  addClientFlags(program);
  addCommands(program, [...CLIENT_COMMANDS, ...SERVER_COMMANDS]);
  return program;
}
