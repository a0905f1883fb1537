import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { noTerminal, openRig, type Rig, steady } from './terminal-rig.ts';

const missing = noTerminal();
let rig: Rig;

beforeAll(async () => {
  rig = await openRig();
});

afterAll(() => rig[Symbol.asyncDispose]());

/** What begins a colour, or moves the cursor. */
const CODE = '\u001b[';

describe.skipIf(missing)(`a terminal ${missing ?? ''}`, () => {
  describe.each([80, 200])('%i columns wide', (columns) => {
    test.each([
      ['models-list', 'modelgraph models list'],
      ['models-get', 'modelgraph models get bert-squad'],
      ['versions-compare', 'modelgraph versions compare bert-base-uncased-sst2/v2 v3'],
      ['deployments', 'modelgraph deployments'],
      ['lineage', 'modelgraph lineage version:bert-base-uncased-sst2/v3'],
      ['impact', 'modelgraph impact artifact:1'],
      ['diff', 'modelgraph diff version:bert-base-uncased-sst2/v2 version:bert-base-uncased-sst2/v3'],
    ])('holds every line of %s', async (name, line) => {
      const { code, stdout } = await rig.terminal(line, columns);
      expect(code).toBe(0);
      expect(stdout).toContain(CODE);
      const lines = stripVTControlCharacters(stdout.replaceAll('\r', ''));
      expect(lines.split('\n').filter((each) => [...each].length > columns)).toEqual([]);
      await expect(steady(lines)).toMatchFileSnapshot(`goldens/terminal/${name}.${columns}.txt`);
    });

    test('cuts nothing of what is written for scripts', async () => {
      for (const format of ['json', 'csv']) {
        const { stdout } = await rig.terminal(`modelgraph deployments -o ${format}`, columns);
        const piped = await rig.modelgraph(['deployments', '-o', format]);
        expect(stdout.replaceAll('\r', '')).toBe(piped.stdout);
      }
    });
  });

  test.each([
    ['NO_COLOR', { NO_COLOR: '1' }],
    ['NO_COLOR, whatever FORCE_COLOR says', { NO_COLOR: '1', FORCE_COLOR: '3' }],
    ['TERM=dumb', { TERM: 'dumb' }],
  ])('gets no colours with %s', async (_why, env) => {
    for (const line of ['modelgraph models list', 'modelgraph lineage artifact:1', 'modelgraph models get bert-squad'])
      expect((await rig.terminal(line, 120, env)).stdout).not.toContain(CODE);
  });

  test('is told how far a long list is, in a line that goes away', async () => {
    const { stdout } = await rig.terminal('modelgraph artifacts list --all -o json > all.json', 80);
    expect(stripVTControlCharacters(stdout)).toMatch(/^100 of \d+ artifacts …$/);
    expect(stdout).toContain(`…${CODE}1G${CODE}0K`);
    expect(stdout).not.toContain('{');
  });
});

test('what is no terminal gets no colours, also with FORCE_COLOR, and hears of no progress', async () => {
  const { stdout, stderr } = await rig.modelgraph(['artifacts', 'list', '--all'], {
    TERM: 'xterm',
    FORCE_COLOR: '3',
  });
  expect(stdout).not.toContain(CODE);
  expect(stderr).toBe('');
});

test('names that would move the cursor or turn the writing around are shown as harmless text', async () => {
  const name = 'a\u001b[2J\u001b]0;x\u0007b\nc\u202ed';
  const created = await rig.modelgraph(['models', 'create', 'odd', '--owner', name]);
  expect(created.code).toBe(0);
  const { stdout } = await rig.modelgraph(['models', 'list', '--filter', "name = 'odd'"]);
  for (const code of ['\u001b', '\u0007', '\u202e']) expect(stdout).not.toContain(code);
  expect(stdout).toMatch(/ ab c\ufffdd /);
  const json = JSON.parse((await rig.modelgraph(['models', 'list', '--filter', "name = 'odd'", '-o', 'json'])).stdout);
  expect(json).toMatchObject([{ owner: name }]);
});

test('wide characters take the two columns that they have', async () => {
  await rig.modelgraph(['models', 'create', '感情分析', '--owner', '🚀 team']);
  await rig.modelgraph(['models', 'create', 'plain', '--owner', 'team']);
  const { stdout } = await rig.modelgraph(['models', 'list', '--filter', "name IN ('感情分析', 'plain')"]);
  const [wide = '', plain = ''] = stdout.split('\n').slice(1);
  // Each of the four characters of the name is two columns wide; the rocket is two characters already.
  expect(wide.indexOf('LIVE') + 4).toBe(plain.indexOf('LIVE'));
});
