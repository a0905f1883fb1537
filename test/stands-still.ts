import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Whether a process that was sent SIGSTOP has stopped, or is gone: the signal is sent, but on a busy machine a thread may
 * still be at work. Only Linux tells.
 */
export function standsStill(pid: number | undefined): boolean {
  const tasks = `/proc/${pid}/task`;
  if (!existsSync(tasks)) return true;
  return readdirSync(tasks).every((task) => /\) [TZX] /.test(readFileSync(join(tasks, task, 'stat'), 'utf8')));
}
