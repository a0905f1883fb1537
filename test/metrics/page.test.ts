import { mkdtempDisposableSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { addressOf, start } from '../process.ts';
import { metricsOf, scrape } from './scrape.ts';

const page = readFileSync('docs/monitoring.md', 'utf8');

/** A cluster that never answers: an operator waits for its lease and tells its metrics meanwhile. */
const KUBECONFIG = JSON.stringify({
  apiVersion: 'v1',
  kind: 'Config',
  'current-context': 'a',
  clusters: [{ name: 'a', cluster: { server: 'https://127.0.0.1:9' } }],
  users: [{ name: 'a', user: { token: 'a' } }],
  contexts: [{ name: 'a', context: { cluster: 'a', user: 'a' } }],
});

test('docs/monitoring.md has the metrics of a gateway, all of them', async () => {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'modelgraph-metrics-'));
  await using server = start(['serve', '--port', '0', '--metrics-port', '0'], { cwd: folder.path });
  await addressOf(server);
  const text = await scrape(await metricsOf(server));
  expect(told('gateway')).toEqual(shown(text, 'modelgraph_'));
  const others = told('process').map(([name]) => name);
  expect(told('process')).toEqual(shown(text, 'process_', 'nodejs_').filter(([name]) => others.includes(name)));
});

test('… and those of an operator', async () => {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'modelgraph-metrics-'));
  const file = join(folder.path, 'kubeconfig');
  writeFileSync(file, KUBECONFIG);
  const flags = ['--kubeconfig', file, '--host', '127.0.0.1', '--port', '0', '--metrics-port', '0'];
  await using operator = start(['operator', ...flags]);
  const text = await scrape(await metricsOf(operator));
  expect(told('operator')).toEqual(shown(text, 'modelgraph_operator_'));
  expect(text).toContain('\nmodelgraph_operator_leading 0\n');
  expect(text).toContain('\nprocess_cpu_seconds_total ');
  operator.kill('SIGTERM');
  expect(await operator.ended()).toBe(0);
});

test('the labels that the page names are those of the series', () => {
  const [, ...rows] = page.split('| label | values |');
  const explained = new Set(
    Array.from((rows.join('').split('\n\n')[0] ?? '').matchAll(/^\| (`.*?`) \|/gm)).flatMap(([, cell = '']) =>
      words(cell),
    ),
  );
  const used = new Set(
    labelsOf('gateway')
      .flat()
      .filter((label) => label !== 'version'),
  );
  expect(explained).toEqual(used);
});

/** Name, type and meaning of the metrics in the page's table below this mark. */
function told(mark: string): readonly (readonly (string | undefined)[])[] {
  return rowsOf(mark).map(([name, type, , meaning]) => [name?.replaceAll('`', ''), type, meaning]);
}

function labelsOf(mark: string): string[][] {
  return rowsOf(mark).map(([, , labels = '']) => words(labels));
}

function words(cell: string): string[] {
  return Array.from(cell.matchAll(/`(\w+)`/g), ([, word = '']) => word);
}

function rowsOf(mark: string): string[][] {
  const [, after = ''] = page.split(`<!-- ${mark} -->\n\n`);
  const [table = ''] = after.split('\n\n');
  const rows = table.split('\n').slice(2);
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/** The same of the metrics that are told and begin so. */
function shown(text: string, ...beginnings: readonly string[]): readonly (readonly (string | undefined)[])[] {
  const found = text.matchAll(/^# HELP (\w+) (.*)\n# TYPE \w+ (\w+)$/gm);
  return Array.from(found, ([, name, help, type]) => [name, type, help]).filter(([name]) =>
    beginnings.some((beginning) => name?.startsWith(beginning)),
  );
}
