import { styleText } from 'node:util';

import { readEnvironment } from '../../config.ts';

/** What a colour says. */
export type Tone = 'plain' | 'strong' | 'faint' | 'good' | 'open' | 'bad' | 'link';

const STYLES = {
  strong: 'bold',
  faint: 'dim',
  good: 'green',
  open: 'yellow',
  bad: 'red',
  link: 'cyan',
} as const;

let colours: boolean | undefined;

/** The text in that tone where stdout is a terminal that has colours and nobody asked for none; else as it is. */
export function paint(tone: Tone, text: string): string {
  colours ??= hasColours();
  return colours && tone !== 'plain' ? styleText(STYLES[tone], text, { validateStream: false }) : text;
}

function hasColours(): boolean {
  const { noColor, dumbTerminal } = readEnvironment();
  return process.stdout.isTTY === true && !noColor && !dumbTerminal;
}
