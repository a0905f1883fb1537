import { accessSync, constants, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * True where this process can write the file and make others beside it: by the permission bits too, since access(2) lets
 * root write everything.
 */
export function isWritable(file: string): boolean {
  if ((statSync(file).mode & 0o222) === 0) return false;
  try {
    accessSync(file, constants.W_OK);
    accessSync(dirname(file), constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
