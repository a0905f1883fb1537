import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

import { fillWithDemoData } from '../../src/demo/fill.ts';
import { openHarness } from '../harness.ts';
import { KINDS } from '../registry/rig.ts';
import { pictureOf } from './picture.ts';

const page = readFileSync(new URL('../../docs/lineage.md', import.meta.url), 'utf8');
/** A query, and what stands below it before the next one: a picture, an answer, or neither. */
const examples = page
  .split('```graphql\n')
  .slice(1)
  .map((part) => {
    const end = part.indexOf('```\n');
    const below = part.slice(end + 4);
    return { query: part.slice(0, end), picture: block(below, 'mermaid'), answer: block(below, 'json') };
  });

function block(text: string, language: string): string | undefined {
  return new RegExp(`\`\`\`${language}\\n(.*?)\`\`\`\\n`, 's').exec(text)?.[1];
}

describe.each(KINDS)('docs/lineage.md on the %s store', (kind) => {
  test('answers as it says, and draws what it answers', async () => {
    await using harness = await openHarness({ kind, fill: fillWithDemoData });
    expect(examples.filter(({ picture, answer }) => picture !== undefined && answer !== undefined)).toHaveLength(3);
    for (const { query, picture, answer } of examples) {
      const { data, errors } = await harness.query(query);
      expect(errors).toBeUndefined();
      if (answer !== undefined) expect(data).toEqual(JSON.parse(answer));
      if (picture !== undefined) expect(pictureOf(data)).toBe(picture);
    }
  });
});
