import { readFileSync } from 'node:fs';

import { wrongUsage } from './cli-error.ts';

/** The token that stands in a file, or on stdin for `-`. Throws a CliError that repeats nothing of it. */
export async function readToken(file: string): Promise<string> {
  const token = (file === '-' ? await readStdin() : readFile(file)).trim();
  const where = file === '-' ? 'stdin' : `the file ${file}`;
  if (token === '') throw wrongUsage(`There is no token in ${where}.`);
  if (!/^[\x21-\x7e]+$/.test(token))
    throw wrongUsage(`What stands in ${where} is no token: it has to be one word of visible ASCII characters.`);
  return token;
}

async function readStdin(): Promise<string> {
  const { text } = await import('node:stream/consumers');
  return await text(process.stdin);
}

function readFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw wrongUsage(`The token file ${file} cannot be read; name another with --token-file.`, cause);
  }
}
