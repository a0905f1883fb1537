import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import type { Command } from 'commander';

import { wrongUsage } from '../cli-error.ts';
import { examplesText } from '../examples.ts';
import { showData } from '../output/show.ts';
import { collectPairs } from '../property-flags.ts';
import { act } from '../session.ts';
import { showRequest, type WriteOptions, withDryRun } from '../write-command.ts';

interface QueryFlags extends WriteOptions {
  readonly var?: readonly (readonly [string, string])[];
}

/** `modelgraph query`. */
export function defineQuery(command: Command): void {
  withDryRun(
    command
      .argument('<file>', 'the file with the document; - reads it from stdin')
      .option(
        '--var <name=value>',
        'a variable: a text where the document says String, ID or an enum, else JSON; may be repeated',
        collectPairs,
      ),
  ).addHelpText(
    'after',
    [
      '',
      'The answer is written as JSON, or as YAML with `-o yaml`.',
      examplesText('query models.graphql --var first=10', "query - <<< '{ registeredModels { nodes { name } } }'"),
    ].join('\n'),
  );
  act<QueryFlags>(command, async (session, [file = ''], { var: pairs = [], dryRun }) => {
    if (session.format === 'csv' || session.format === 'name')
      throw wrongUsage('The answer to a query of your own has any form: write it as json or yaml.');
    const source = file === '-' ? await text(process.stdin) : readDocument(file);
    const { toVariables } = await import('../query-variables.ts');
    const variables = toVariables(source, pairs);
    if (dryRun) return await showRequest(session, source, variables);
    await showData(await session.ask<unknown, unknown>(source, variables), session.format);
  });
}

function readDocument(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw wrongUsage(`The file ${file} cannot be read; - reads the document from stdin.`, cause);
  }
}
