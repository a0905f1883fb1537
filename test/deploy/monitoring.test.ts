import { mkdtempDisposableSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';

import { run } from '../process.ts';
import { cachedTool, requireTools } from '../require-tool.ts';
import { DEPLOY, KUBECTL, kustomize } from './render.ts';

const PROMTOOL = cachedTool('prometheus/usr/bin/promtool');
const missing = requireTools([PROMTOOL]);
const unrendered = requireTools([KUBECTL]);

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly description: string };
}

interface RuleFile {
  readonly groups: readonly { readonly name: string; readonly rules: readonly Rule[] }[];
}

const { spec }: { readonly spec: RuleFile } = parse(
  readFileSync(join(DEPLOY, 'monitoring/prometheus-rule.yaml'), 'utf8'),
);
const rules = spec.groups.flatMap((group) => group.rules);
const dashboard = JSON.parse(readFileSync(join(DEPLOY, 'monitoring/dashboard.json'), 'utf8'));

/** What each alert is about: series in which it fires within 30 minutes with these words, and others in which it does not. */
const CASES: Readonly<Record<string, Case>> = {
  ModelGraphDown: {
    fires: { 'up{job="ml/modelgraph"}': '0x60' },
    says: 'No pod of ModelGraph in ml can be scraped.',
    calm: { 'up{job="ml/modelgraph",pod="a"}': '0x60', 'up{job="ml/modelgraph",pod="b"}': '1x60' },
  },
  ModelGraphRequestsFail: {
    fires: {
      'modelgraph_requests_total{door="rest",code="200"}': '0+90x60',
      'modelgraph_requests_total{door="rest",code="503"}': '0+10x60',
    },
    says: '10% of the requests in ml fail.',
    calm: {
      'modelgraph_requests_total{door="rest",code="200"}': '0+90x60',
      'modelgraph_requests_total{door="rest",code="404"}': '0+90x60',
      'modelgraph_requests_total{door="web",code="503"}': '0+90x60',
    },
  },
  ModelGraphInternalErrors: {
    fires: { 'modelgraph_errors_total{code="INTERNAL_SERVER_ERROR"}': '_x25 1x35' },
    says: 'ModelGraph in ml met errors that nobody foresaw.',
    calm: {
      'modelgraph_errors_total{code="INTERNAL_SERVER_ERROR"}': '3x60',
      'modelgraph_errors_total{code="NOT_FOUND"}': '0+9x60',
    },
  },
  ModelGraphStoreAway: {
    fires: {
      'modelgraph_store_call_duration_seconds_count{code="OK"}': '0+1x60',
      'modelgraph_store_call_duration_seconds_count{code="UNAVAILABLE"}': '0+1x60',
    },
    says: '50% of the store calls in ml find no store.',
    calm: {
      'modelgraph_store_call_duration_seconds_count{code="OK"}': '0+1x60',
      'modelgraph_store_call_duration_seconds_count{code="NOT_FOUND"}': '0+1x60',
    },
  },
  ModelGraphStoreDamaged: {
    fires: { 'modelgraph_store_call_duration_seconds_count{code="DATA_LOSS"}': '_x29 1x30' },
    says: 'The store of ModelGraph in ml is damaged.',
    calm: { 'modelgraph_store_call_duration_seconds_count{code="OK"}': '0+1x60' },
  },
  ModelGraphSlow: {
    fires: {
      'modelgraph_request_duration_seconds_bucket{door="rest",le="2.5"}': '0+90x60',
      'modelgraph_request_duration_seconds_bucket{door="rest",le="5"}': '0+100x60',
      'modelgraph_request_duration_seconds_bucket{door="rest",le="+Inf"}': '0+100x60',
    },
    says: 'One request in a hundred in ml takes more than 4.75s.',
    calm: {
      'modelgraph_request_duration_seconds_bucket{door="rest",le="1"}': '0+100x60',
      'modelgraph_request_duration_seconds_bucket{door="rest",le="+Inf"}': '0+100x60',
    },
  },
  ModelGraphOverloaded: {
    fires: { 'modelgraph_errors_total{code="OVERLOADED"}': '0+1x60' },
    says: 'ModelGraph in ml has more to do than it can.',
    calm: { 'modelgraph_errors_total{code="OVERLOADED"}': '7x60' },
  },
  ModelGraphCallersHeldOff: {
    fires: { 'modelgraph_errors_total{code="RATE_LIMITED"}': '0+120x60' },
    says: 'Callers in ml go beyond their limits all the time.',
    calm: { 'modelgraph_errors_total{code="RATE_LIMITED"}': '0+30x60' },
  },
  ModelGraphWritesWait: {
    fires: { 'modelgraph_store_waiting{what="writes"}': '300x60' },
    says: '300 writes wait for the embedded store in ml.',
    calm: {
      'modelgraph_store_waiting{what="writes"}': '20x60',
      'modelgraph_store_waiting{what="transactions"}': '300x60',
    },
  },
  ModelGraphCallersUnknown: {
    fires: {
      'modelgraph_authentications_total{result="failed"}': '1x60',
      'modelgraph_auth_decisions_total{result="failed"}': '0+1x60',
    },
    says: 'ModelGraph in ml cannot find out who asks, or what they may do.',
    calm: { 'modelgraph_authentications_total{result="refused"}': '0+1x60' },
  },
  ModelGraphEventLoopLate: {
    fires: {
      'nodejs_eventloop_lag_p99_seconds{pod="a"}': '0.75x60',
      'modelgraph_build_info{pod="a",version="1"}': '1x60',
    },
    says: 'Work in a begins 750ms late.',
    labels: { pod: 'a' },
    calm: { 'nodejs_eventloop_lag_p99_seconds{pod="another program"}': '0.75x60' },
  },
  ModelGraphOperatorLeaderless: {
    fires: { 'modelgraph_operator_leading{pod="a"}': '0x60', 'modelgraph_operator_leading{pod="b"}': '0x60' },
    says: 'No operator of ModelGraph in ml leads.',
    calm: { 'modelgraph_operator_leading{pod="a"}': '0x60', 'modelgraph_operator_leading{pod="b"}': '1x60' },
  },
  ModelGraphOperatorFails: {
    fires: { 'modelgraph_operator_reconciles_total{result="failed"}': '0+1x60' },
    says: 'The operator in ml fails again and again.',
    calm: { 'modelgraph_operator_reconciles_total{result="refused"}': '0+1x60' },
  },
  ModelGraphOperatorBehind: {
    fires: { modelgraph_operator_queue_length: '30x60' },
    says: '30 ModelRegistries wait for the operator in ml.',
    calm: { modelgraph_operator_queue_length: '3x60' },
  },
};

interface Case {
  readonly fires: Readonly<Record<string, string>>;
  readonly says: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly calm: Readonly<Record<string, string>>;
}

test('each alert has its case, and says what is wrong and what to do', () => {
  expect(rules.map(({ alert }) => alert)).toEqual(Object.keys(CASES));
  for (const { alert, labels, annotations } of rules) {
    expect(['critical', 'warning', 'info'], alert).toContain(labels.severity);
    expect(annotations.description, alert).toMatch(/^[A-Za-z].{30,}\.$/);
  }
});

test('alerts and the dashboard ask for metrics that there are, and for all of ours', () => {
  const page = readFileSync('docs/monitoring.md', 'utf8');
  const there = new Set(Array.from(page.matchAll(/^\| `(\w+)` \| (?:counter|gauge|histogram) /gm), ([, name]) => name));
  const asked = (texts: readonly string[]) => {
    const names = texts.flatMap((text) => text.match(/\b(?:modelgraph|process|nodejs)_[a-z_0-9]+/g) ?? []);
    return new Set(names.map((name) => name.replace(/_(?:bucket|sum|count)$/, '')));
  };
  const panels: readonly { readonly targets: readonly { readonly expr: string }[] }[] = dashboard.panels;
  const shown = asked(panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)));
  expect(shown).toEqual(there);
  expect([...asked(rules.map(({ expr }) => expr))].filter((name) => !there.has(name))).toEqual([]);
});

describe.skipIf(missing)(`promtool ${missing ?? ''}`, () => {
  test('takes the rules', async () => {
    expect(await promtool({ 'rules.yaml': spec }, ['check', 'rules', 'rules.yaml'])).toContain(`${rules.length} rules`);
  });

  test('sees each alert fire, and not fire', async () => {
    const tests = rules.flatMap((rule) => {
      const found = CASES[rule.alert];
      return found ? [toTest(rule, found.fires, found), toTest(rule, found.calm)] : [];
    });
    const files = { 'rules.yaml': spec, 'test.yaml': { rule_files: ['rules.yaml'], evaluation_interval: '1m', tests } };
    expect(await promtool(files, ['test', 'rules', 'test.yaml'])).toContain('SUCCESS');
  });

  test('understands the queries of the dashboard', async () => {
    const groups = dashboard.panels.map(({ id, targets }: { id: number; targets: readonly { expr: string }[] }) => ({
      name: `panel ${id}`,
      rules: targets.map(({ expr }, index) => ({
        record: `panel_${id}_${index}`,
        expr: expr.replaceAll('$__rate_interval', '5m').replaceAll('$namespace', '.*'),
      })),
    }));
    expect(await promtool({ 'panels.yaml': { groups } }, ['check', 'rules', 'panels.yaml'])).toContain('SUCCESS');
  });
});

describe.skipIf(unrendered)(`deploy/monitoring ${unrendered ?? ''}`, () => {
  test('is the rules, the dashboard as Grafana finds it, and the metrics of the operator', async () => {
    const { objects } = await kustomize('monitoring');
    const named = objects.map(({ kind, metadata }) => `${kind} ${metadata['namespace']}/${metadata.name}`);
    expect(named.sort()).toEqual([
      'ConfigMap monitoring/modelgraph-dashboard',
      'PodMonitor modelgraph-system/modelgraph-operator',
      'PrometheusRule monitoring/modelgraph',
    ]);
    const map = objects.find(({ kind }) => kind === 'ConfigMap');
    expect(map?.metadata.labels).toMatchObject({ grafana_dashboard: '1' });
    expect(JSON.parse(map?.['data']['modelgraph.json'])).toEqual(dashboard);
  });
});

/** A test of promtool's: these series for an hour, and what is fired after half of it. */
function toTest({ alert, labels, annotations }: Rule, series: Case['fires'], fired?: Case) {
  const expected = fired && {
    exp_labels: { namespace: 'ml', ...labels, ...fired.labels },
    exp_annotations: { summary: fired.says, description: annotations.description },
  };
  return {
    interval: '1m',
    input_series: Object.entries(series).map(([name, values]) => ({ series: inNamespace(name), values })),
    alert_rule_test: [{ eval_time: '30m', alertname: alert, exp_alerts: expected ? [expected] : [] }],
  };
}

function inNamespace(series: string): string {
  return series.includes('{') ? series.replace('{', '{namespace="ml",') : `${series}{namespace="ml"}`;
}

async function promtool(files: Readonly<Record<string, unknown>>, args: readonly string[]): Promise<string> {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'modelgraph-promtool-'));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder.path, name), stringify(content));
  const { code, stdout, stderr } = await run(args, { command: [PROMTOOL], cwd: folder.path });
  if (code !== 0) throw new Error(stdout + stderr);
  return stdout + stderr;
}
