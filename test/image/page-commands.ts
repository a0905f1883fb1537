import { readFileSync } from 'node:fs';

import { run } from '../process.ts';
import { blocksOf, sectionOf } from '../readme.ts';
import { outputOf } from './containers.ts';

/** How an image is run: what stands before its name, and behind it. */
interface RunCommand {
  readonly options: readonly string[];
  readonly args: readonly string[];
}

/** What docs/deployment.md does with the image, as words of a command line. */
export interface PageCommands {
  /** What it is built with, besides its tag. */
  readonly build: readonly string[];
  readonly serve: RunCommand;
  /** Shows what is in it. */
  readonly show: RunCommand;
}

/** The tag that the page gives the image. */
const TAG = 'modelgraph:0.1.0';

/** Reads the page, which has one command of each. */
export async function pageCommands(): Promise<PageCommands> {
  const blocks = blocksOf(sectionOf(readFileSync('docs/deployment.md', 'utf8'), 'The image'), 'sh');
  const [[, ...build] = [], ...runs] = await callsOf(blocks.join(''));
  const [serve, show] = runs.map(([, ...words]) => {
    const at = words.indexOf(TAG);
    return { options: words.slice(0, at), args: words.slice(at + 1) };
  });
  if (serve === undefined || show === undefined || runs.length > 2) throw new Error('the page has other commands now');
  return { build: without(build.slice(0, -1), '--tag'), serve, show };
}

/** Options without one and its value. */
export function without(options: readonly string[], name: string): string[] {
  return options.filter((option, at) => option !== name && options[at - 1] !== name);
}

/** What a shell gives to docker, word by word; nothing of it is carried out. */
async function callsOf(script: string): Promise<readonly (readonly string[])[]> {
  const shown = 'docker() { printf "%s\\0" "$@"; printf "\\n\\0"; }';
  const output = outputOf(await run(['-euc', `${shown}\n${script}`], { command: ['bash'] }));
  const calls = output.split('\n\0').map((call) => call.split('\0').slice(0, -1));
  return calls.filter((words) => words.length > 0);
}
