import { readFileSync, statSync } from 'node:fs';

import { RegistryError } from '../../errors.ts';
import { parseRoles } from './parse-roles.ts';
import type { Roles } from './roles.ts';

/** A roles file that is read again whenever it changes. */
export interface RolesFile extends Disposable {
  /** What it says, or what it said last before it became wrong. */
  current(): Roles;
}

/** Who is told of what happens to the file. */
export interface RolesFileEvents {
  readonly onChange: () => void;
  /** It has become wrong: what it said before stays in force. */
  readonly onWrong: (error: unknown) => void;
}

/** How often the file is looked at, in milliseconds. Looking finds also what no event of the file system tells. */
const LOOK_MS = 1_000;

const MAX_BYTES = 2 ** 20;

/** Reads the file. INVALID_ARGUMENT where it cannot be read, or says what it must not. */
export function openRolesFile(file: string, { onChange, onWrong }: RolesFileEvents): RolesFile {
  // Before it is read: what changes meanwhile is found at the next look.
  let state = stateOf(file);
  let roles = read(file);

  function look(): void {
    const now = stateOf(file);
    if (now === state) return;
    state = now;
    try {
      roles = read(file);
      onChange();
    } catch (error) {
      onWrong(error);
    }
  }

  const timer = setInterval(look, LOOK_MS).unref();
  return { current: () => roles, [Symbol.dispose]: () => clearInterval(timer) };
}

/** Another text for another state. Of a symbolic link, what it leads to: a mounted ConfigMap leads elsewhere then. */
function stateOf(file: string): string {
  const found = statSync(file, { bigint: true, throwIfNoEntry: false });
  return found ? [found.dev, found.ino, found.size, found.mtimeNs, found.ctimeNs].join(' ') : 'missing';
}

function read(file: string): Roles {
  return parseRoles(file, readText(file));
}

function readText(file: string): string {
  try {
    const found = statSync(file);
    if (!found.isFile() || found.size > MAX_BYTES) throw new Error('It is no file, or has more than 1 MiB.');
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new RegistryError(
      'INVALID_ARGUMENT',
      `The roles file ${file} cannot be read: it has to be a file of at most 1 MiB.`,
      { cause },
    );
  }
}
