import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';

import { blocksOf, sectionOf } from '../readme.ts';
import { requireTools } from '../require-tool.ts';
import { gatewayOf } from './in-other-words.ts';
import { lintManifest } from './lint-manifest.ts';
import { DEPLOY, HELM, helmTemplate, KUBECTL, kustomizeText } from './render.ts';
import { OVERLAYS } from './variants.ts';

const page = readFileSync('docs/deployment.md', 'utf8');
const missing = requireTools([HELM, KUBECTL]);

interface Schema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
}

test('the page names what is there, all of it', () => {
  for (const [path] of page.matchAll(/deploy\/[\w/.-]*\w/g)) expect(existsSync(path), path).toBe(true);
  const told = (section: string) =>
    [...sectionOf(page, section).matchAll(/^\| (`.*?) \|/gm)].flatMap(([, cell]) => words(cell));
  expect(told('Overlays').sort()).toEqual(OVERLAYS);
  const components = globSync('components/*', { cwd: DEPLOY }).map((path) => basename(path));
  expect(told('Your own').sort()).toEqual(components.sort());
});

test('the table of values is that of the schema', () => {
  const schema: Schema = JSON.parse(readFileSync(`${DEPLOY}/helm/modelgraph/values.schema.json`, 'utf8'));
  const rows = leavesOf(schema, []).map(([name, description]) => `| \`${name}\` | ${description} |`);
  const table = ['| value | meaning |', '|---|---|', ...rows].join('\n');
  expect(page).toContain(`<!-- values -->\n\n${table}\n`);
});

describe.skipIf(missing)(`examples of the page ${missing ?? ''}`, () => {
  test('the overlay of your own', async () => {
    const [text = ''] = blocksOf(sectionOf(page, 'Your own'), 'yaml');
    const { objects, yaml } = await kustomizeText(text);
    expect(lintManifest(objects)).toEqual([]);
    expect(gatewayOf(objects)['spec'].template.spec.containers[0].image).toBe(
      'registry.example.com/ml/modelgraph:0.1.0',
    );
    for (const value of ['metadata.example.com:8080', 'authorino.security.svc:5001', 'host: models.example.com']) {
      expect(yaml).toContain(value);
    }
    expect(yaml).not.toContain('modelgraph.example.com');
  });

  test('the values', async () => {
    const [values = ''] = blocksOf(sectionOf(page, 'Helm'), 'yaml');
    const { objects, yaml } = await helmTemplate(values);
    expect(lintManifest(objects)).toEqual([]);
    expect(yaml).toContain('value: "db.example.com"');
    expect(objects.map(({ kind }) => kind)).toContain('HTTPRoute');
  });
});

function words(cell = ''): string[] {
  return Array.from(cell.matchAll(/`([\w-]+)`/g), ([, word = '']) => word);
}

/** The values that have none below them, by their path. */
function leavesOf({ description = '', properties }: Schema, path: readonly string[]): (readonly [string, string])[] {
  const isLeaf = properties === undefined || path.at(-1) === 'resources';
  if (isLeaf) return path.includes('global') ? [] : [[path.join('.'), description]];
  return Object.entries(properties).flatMap(([name, each]) => leavesOf(each, [...path, name]));
}
