import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { openRig, type Rig } from './terminal-rig.ts';

let rig: Rig;

beforeAll(async () => {
  rig = await openRig({ gateway: false });
});

afterAll(() => rig[Symbol.asyncDispose]());

describe('complete', () => {
  test.each([
    ['', ['models', 'versions', 'lineage', 'serve', 'completion']],
    ['mod', ['models']],
    ['models ', ['list', 'get', 'create', 'update', 'archive']],
    ['models l', ['list']],
    ['models list --', ['--limit', '--all', '--filter', '--output', '--server', '--token-file', '--context']],
    ['models list -o ', ['table', 'json', 'yaml', 'csv', 'name']],
    ['artifacts list --kind ', ['model', 'doc', 'dataset', 'metric', 'parameter']],
    ['completion ', ['bash', 'zsh', 'fish']],
    ['serve --', ['--db', '--mlmd', '--port']],
    ['lineage --', ['--up', '--down', '--both', '--depth']],
  ])('of `%s`', async (line, wanted) => {
    const words = line.split(' ');
    const { code, stdout, stderr } = await rig.modelgraph(['complete', '--', ...words]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const offered = stdout.split('\n').map((each) => each.split('\t')[0]);
    expect(offered).toEqual(expect.arrayContaining(wanted));
    expect(offered).not.toContain('complete');
    expect(stdout).toMatch(/^:\d+$/m);
  });

  test('offers client flags for no command that serves', async () => {
    expect((await rig.modelgraph(['complete', '--', 'serve', '--'])).stdout).not.toContain('--token-file');
  });
});

describe('the script', () => {
  test.each(['bash', 'zsh', 'fish'])('for %s is one that the shell can read', async (shell) => {
    const script = await rig.modelgraph(['completion', shell]);
    expect(script).toMatchObject({ code: 0, stderr: '' });
    const skip = missing(shell);
    if (skip !== undefined) return;
    writeFileSync(join(rig.home, 'script'), script.stdout);
    const checked = await rig.shell(`${shell} -n script`);
    expect(checked).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  test('for bash completes a command line', async () => {
    // What the package bash-completion gives to every script.
    const words = '_get_comp_words_by_ref() { cur=l; prev=models; cword=2; words=(modelgraph models l); }';
    const script = ['source <(modelgraph completion bash)', words, '__modelgraph_complete', 'echo $COMPREPLY'];
    writeFileSync(join(rig.home, 'complete.sh'), script.join('\n'));
    expect((await rig.shell('bash complete.sh')).stdout.trim()).toMatch(/^list\b/);
  });
});

function missing(shell: string): string | undefined {
  try {
    execFileSync(shell, ['-c', 'true'], { stdio: 'ignore' });
    return undefined;
  } catch {
    if (process.env.MODELGRAPH_TEST_REQUIRE === 'all') throw new Error(`MODELGRAPH_TEST_REQUIRE=all, but no ${shell}`);
    return `skipped: no ${shell}`;
  }
}
