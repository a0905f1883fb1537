import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

import { parseDockerfile, parseDockerignore } from './parse-dockerfile.ts';
import { run } from './process.ts';
import { cachedTool, requireTools } from './require-tool.ts';

const [image] = parseDockerfile(readFileSync('Dockerfile', 'utf8')).slice(-1);
const packageJson = JSON.parse(readFileSync('package.json', 'utf8'));

test('the image runs as a user who is not root, and serves nobody unless told to', () => {
  expect(theOne('USER')).toMatch(/^[1-9]\d*:[1-9]\d*$/);
  expect(theOne('CMD')).not.toContain('allow-unauthenticated');
  expect(theOne('LABEL')).toContain(`image.version="${packageJson.version}"`);
  expect(theOne('LABEL')).toContain(`image.licenses="${packageJson.license}"`);
});

const hadolint = cachedTool('hadolint-venv/bin/hadolint');
const missing = requireTools([hadolint]);
test.skipIf(missing)(`hadolint finds nothing in the Dockerfile ${missing ?? ''}`, async () => {
  expect(await run(['Dockerfile'], { command: [hadolint] })).toMatchObject({ code: 0, stdout: '' });
});

test.each([
  ['test/harness.ts', false],
  ['node_modules/graphql/index.js', false],
  ['.git/config', false],
  ['src/main.ts', true],
  ['src/generated/graphql.ts', false],
  ['package.json', true],
  ['package.json.orig', false],
])('.dockerignore lets %s in: %s', (file, isIn) => {
  expect(parseDockerignore(readFileSync('.dockerignore', 'utf8'))(file)).toBe(isIn);
});

function theOne(name: string): string {
  const found = image?.instructions.filter((each) => each.name === name) ?? [];
  expect(found.length, name).toBe(1);
  return found[0]?.args ?? '';
}
