import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defineAll } from '../../src/cli/command-tree.ts';
import { pathOf } from '../../src/cli/usage-problem.ts';
import { createProgram } from '../../src/program.ts';
import { openRig, type Rig } from './terminal-rig.ts';

let rig: Rig;

beforeAll(async () => {
  rig = await openRig();
});

afterAll(() => rig[Symbol.asyncDispose]());

/** Every command that does something, as it is typed behind `modelgraph`. */
const program = createProgram();
await defineAll(program);
const COMMANDS = leaves(program);

function leaves(command: typeof program): (typeof program)[] {
  return command.commands.length === 0 ? [command] : command.commands.flatMap(leaves);
}

/** One wrong use of each command, and what is said of it. */
const WRONG: Readonly<Record<string, RegExp>> = {
  'models list --limit 0': /has to be a whole number above 0\.$/,
  'models get': /missing required argument 'name'/,
  'models create': /missing required argument 'name'/,
  'models update bert-squad': /There is nothing to change: name a field/,
  'models archive bert-squad now': /too many arguments for 'archive', expected 1 argument but got 2/,
  'versions list --filter "name = "': /filterQuery|condition/,
  'versions get bert-squad': /bert-squad is not MODEL\/NAME\./,
  'versions create bert-squad': /missing required argument 'name'/,
  'versions compare bert-squad/base-uncased': /missing required argument 'b'/,
  'artifacts list --kind picture': /is invalid: allowed choices are model, doc, dataset, metric, parameter/,
  'artifacts list --of bert-squad': /What artifacts belong to is version:MODEL\/NAME or run:EXPERIMENT\/NAME\./,
  'artifacts get model': /model is no id: it has to be a whole number/,
  'artifacts create a --kind doc': /required option '--of <node>' not specified/,
  'artifacts create a --kind doc --of version:a/b --value 1': /A doc has no --value or --step\./,
  'artifacts create a --kind metric --of version:a/b --value high': /has to be a number, which high is not/,
  'artifacts create a --kind metric --of version:a/b': /A metric needs its --value\./,
  'experiments list --all yes': /too many arguments for 'list'/,
  'experiments get': /missing required argument 'name'/,
  'runs list --limit many': /has to be a whole number above 0/,
  'runs get lr-2e-5': /lr-2e-5 is not EXPERIMENT\/NAME\./,
  'runs log sst2-learning-rate/lr-2e-5': /There is nothing to log: name a --metric, --parameter or --dataset\./,
  'runs log a/b --metric accuracy=high': /has to be NAME=NUMBER or NAME=NUMBER@STEP/,
  'deployments a b': /too many arguments for 'deployments'/,
  'environments list --limit -1': /has to be a whole number above 0/,
  'environments get': /missing required argument 'name'/,
  'lineage bert-squad': /bert-squad is no node: say what it is, such as model:bert-squad/,
  'lineage modle:bert-squad': /modle: is no kind of node \(did you mean model\?\)/,
  'lineage artifact:x': /artifact:x needs MLMD's id behind the colon/,
  'lineage model: --up': /model: names nothing/,
  'lineage artifact:1 --up --down': /option '--up' cannot be used with option '--down'/,
  'lineage artifact:1 --depth far': /has to be a whole number from 0 to 10000/,
  'impact artifact:1 --limit 10001': /has to be a whole number from 1 to 10000/,
  'diff artifact:1': /missing required argument 'b'/,
  'diff artifact:1 context:1': /kind/,
  'query none.graphql': /The file none\.graphql cannot be read/,
  'query - <<< "{ nothing }"': /Cannot query field "nothing"/,
  'query - <<< "{ nothing"': /The document is not GraphQL: .* \(line 2, column 1\)/,
  'query - --var a=1 <<< "{ __typename }"': /The document declares no variable \$a\./,
  'query - --var a=b <<< "query Q($a: Int) { __typename @skip(if: true) }"': /The value of \$a has to be JSON/,
  'query - -o csv <<< "{ __typename }"': /write it as json or yaml/,
  'login ftp://host': /has to be given as http:\/\/HOST:PORT/,
  'login http://127.0.0.1:1/graphql': /has to be a base address without a path, such as http:\/\/127\.0\.0\.1:1\./,
  'logout a b': /too many arguments for 'logout'/,
  'context list all': /too many arguments for 'list'/,
  'context use': /missing required argument 'name'/,
  'context remove': /missing required argument 'name'/,
  'completion tcsh': /is invalid for argument 'shell': allowed choices are bash, zsh, fish/,
  'version 1': /too many arguments for 'version'/,
  'help modles': /There is no command `modles`/,
  'serve --server http://127.0.0.1:1 --port 0': /unknown option '--server'/,
  'mlmd -o json --port 0': /unknown option '--output'/,
  'demo --token-file x --port 0': /unknown option '--token-file'/,
  'operator --server http://127.0.0.1:1': /unknown option '--server'/,
  'operator --kubeconfig /nowhere': /^modelgraph: \/nowhere cannot be read as a kubeconfig\.$/,
  'models lst': /unknown command 'lst' \(did you mean list\?\)/,
  models: /name a command after `modelgraph models`, list, get, create, update, or archive/,
  'models list -o xml': /is invalid: allowed choices are table, json, yaml, csv, name/,
  'models list --server http://127.0.0.1:1/graphql': /has to be a base address without a path/,
  'models list --server 127.0.0.1:4000': /has to be given as http:\/\/HOST:PORT/,
  'models list --token secret':
    /^modelgraph: unknown option '--token': others could see the token .*; see --token-file\.$/,
  'models list --token=secret':
    /^modelgraph: unknown option '--token': others could see the token .*; see --token-file\.$/,
  'models list --tokens=secret': /^modelgraph: unknown option '--tokens'; --help tells what there is\.$/,
  'models list --server http://127.0.0.1:1 --context a': /name two servers: leave one of them out/,
  'models create a --property b': /has to be NAME=VALUE/,
};

describe('wrong usage is told in one sentence, with exit code 2', () => {
  test.each(Object.entries(WRONG))('%s', async (line, problem) => {
    const { code, stdout, stderr } = await rig.shell(`modelgraph ${line.replaceAll('$', '\\$')}`);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^modelgraph: [^\n]+\.\n$/);
    expect(stderr.trimEnd()).toMatch(problem);
  });

  test('of each command', () => {
    const told = Object.keys(WRONG).map((line) => `modelgraph ${line}`);
    const names = COMMANDS.map(pathOf).filter((path) => path !== 'modelgraph complete');
    expect(names.filter((path) => !told.some((line) => line.startsWith(path)))).toEqual([]);
  });
});

describe('--help', () => {
  test.each(COMMANDS.filter((command) => command.name() !== 'complete').map(pathOf))(
    'of %s has examples',
    async (path) => {
      const { code, stdout, stderr } = await rig.shell(`${path} --help`);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(new RegExp(`^Usage: ${path}\\b`));
      expect(stdout).toMatch(new RegExp(`^Examples:\\n {2}\\$ ${path}\\b`, 'm'));
    },
  );

  test('tells of no flag that would take a token on the command line', () => {
    const flags = [program, ...COMMANDS].flatMap(({ options }) => options.map(({ long }) => long));
    expect(flags).toContain('--token-file');
    expect(flags).not.toContain('--token');
  });
});
