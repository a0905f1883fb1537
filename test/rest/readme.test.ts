import { mkdtempDisposableSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { openHarness } from '../harness.ts';
import { run } from '../process.ts';

const page = readFileSync('docs/rest.md', 'utf8');

test('docs/rest.md does what it says: its commands register, change, list and find; its document is a route', async () => {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'modelgraph-rest-'));
  writeFileSync(join(folder.path, 'routes.graphql'), blocks('graphql').join());
  await using gateway = await openHarness({ rest: folder.path });
  const commands = blocks('sh').flatMap((block) => block.replaceAll('\\\n', ' ').split(/\n(?=curl)/));
  expect(commands).toHaveLength(8);
  const answers: unknown[] = [];
  for (const command of commands) {
    const { code, stdout } = await run(['-c', command.replaceAll('localhost:4000', gateway.url)], {
      command: ['bash'],
    });
    expect(code, command).toBe(0);
    answers.push(JSON.parse(stdout));
  }
  const [made, changed, listed, found, lineage, impact, diff, mine] = answers;
  expect(made).toMatchObject({ name: 'churn', owner: 'alice' });
  expect(changed).toMatchObject({ name: 'churn', owner: 'alice', description: 'Who leaves?' });
  expect(listed).toMatchObject({ items: [changed], pageSize: 50, size: 1, nextPageToken: '' });
  expect(found).toEqual(changed);
  expect(lineage).toMatchObject({
    nodes: [{ kind: 'RegisteredModel', label: 'churn' }],
    completeness: { complete: true },
  });
  expect(impact).toMatchObject({ items: [], missing: ['artifact:2'] });
  expect(diff).toMatchObject({ code: 'Not Found' }); // nothing is registered under these ids here
  expect(mine).toMatchObject({ items: [{ name: 'churn', registeredAt: expect.stringMatching(/^\d{13}$/) }] });
});

function blocks(language: string): string[] {
  return [...page.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))].map(([, block = '']) => block);
}
