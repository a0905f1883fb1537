import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { diffClosures } from '../../src/domain/lineage/diff/diff-closures.ts';
import { keyOf } from '../../src/domain/lineage/graph.ts';
import { closureOf, namesOf, PIPELINE, type Run, type Step } from './runs.ts';

const FIRST: Run = {
  id: '2024-02-20T06:06:37.719832',
  firstId: 1,
  steps: PIPELINE,
  sources: { text: 's3://data/text/v1', labels: 's3://data/labels/v1' },
};
const SECOND: Run = { ...FIRST, id: '2024-02-21T07:00:00.000001', firstId: 101 };

const TRANSFORMED = ['Transform', 'Transform/transform_graph', 'Transform/transformed_examples'];
const FROM_TEXT = ['ExampleGen', 'ExampleGen/examples', 'StatisticsGen', 'StatisticsGen/statistics', 'SchemaGen'];
const ALL_FROM_TEXT = [...FROM_TEXT, 'SchemaGen/schema', ...TRANSFORMED, 'Trainer', 'Trainer/model', 'Evaluator'];

describe('two runs of one pipeline', () => {
  test('with the same inputs do not differ, whatever their ids and times', () => {
    expect(diff(FIRST, SECOND)).toEqual([]);
  });

  test('with one changed dataset differ in it and its descendants, and in no branch beside', () => {
    const changes = diff(FIRST, { ...SECOND, sources: { ...FIRST.sources, labels: 's3://data/labels/v2' } });
    expect(changes).toEqual([
      '0 CHANGED UPSTREAM Evaluator/blessing',
      '1 CHANGED UPSTREAM Evaluator',
      '2 CHANGED UPSTREAM LabelGen/labels',
      '2 CHANGED UPSTREAM Trainer/model',
      '3 CHANGED UPSTREAM LabelGen',
      '3 CHANGED UPSTREAM Trainer',
      '4 CHANGED OWN labels (uri: "s3://data/labels/v1" -> "s3://data/labels/v2")',
    ]);
    const text = diff(FIRST, { ...SECOND, sources: { ...FIRST.sources, text: 's3://data/text/v2' } });
    expect(text.map((each) => each.split(' ')[3]).sort()).toEqual(
      [...ALL_FROM_TEXT, 'Evaluator/blessing', 'text'].sort(),
    );
  });

  test('with a parameter more differ from its step on', () => {
    const changes = diff(FIRST, { ...SECOND, values: { Trainer: { epochs: 3 } } });
    expect(changes).toEqual([
      '0 CHANGED UPSTREAM Evaluator/blessing',
      '1 CHANGED UPSTREAM Evaluator',
      '2 CHANGED UPSTREAM Trainer/model',
      '3 CHANGED OWN Trainer (properties.epochs: null -> 3)',
    ]);
  });

  test('of which both the data and a parameter differ say so', () => {
    const changes = diff(FIRST, {
      ...SECOND,
      sources: { ...FIRST.sources, labels: 's3://data/labels/v2' },
      values: { Trainer: { epochs: 3 } },
    });
    expect(changes).toContain('3 CHANGED BOTH Trainer (properties.epochs: null -> 3)');
  });

  test('a step from the cache is as good as one that ran; a failed one is not', () => {
    expect(diff(FIRST, { ...SECOND, states: { Transform: 'CACHED' } })).toEqual([]);
    expect(diff(FIRST, { ...SECOND, states: { Transform: 'FAILED' } })).toContain(
      '5 CHANGED OWN Transform (state: "COMPLETE" -> "FAILED")',
    );
  });

  test("do not differ in ids of nodes that are each other's", () => {
    const idIn = (run: Run, name: string) => String(closureOf(run, name).root.id);
    const named = (run: Run, name: string): Run => ({
      ...run,
      values: { 'Evaluator/blessing': { current_model_id: idIn(run, name) } },
    });
    const before = named(FIRST, 'Trainer/model');
    expect(diff(before, named(SECOND, 'Trainer/model'))).toEqual([]);
    expect(diff(before, named(SECOND, 'LabelGen/labels'))).toEqual([
      '0 CHANGED OWN Evaluator/blessing (customProperties.current_model_id: "9" -> "104")',
    ]);
  });

  test('the other way round differ in the same', () => {
    const other = { ...SECOND, sources: { ...FIRST.sources, text: 's3://data/text/v2' } };
    const there = diff(FIRST, other).map((each) => each.replace(/ \(.*/, ''));
    expect(diff(other, FIRST).map((each) => each.replace(/ \(.*/, ''))).toEqual(there);
  });
});

describe('two pipelines of which one', () => {
  test('has a step more differ in it, what it made, and what was made of that', () => {
    const tuned: Step = { name: 'Tuner', reads: { examples: ['Transform/transformed_examples'] }, writes: ['best'] };
    const steps = PIPELINE.flatMap((step) =>
      step.name === 'Trainer' ? [tuned, { ...step, reads: { ...step.reads, best: ['Tuner/best'] } }] : [step],
    );
    expect(diff(FIRST, { ...SECOND, steps })).toEqual([
      '0 CHANGED UPSTREAM Evaluator/blessing',
      '1 CHANGED UPSTREAM Evaluator',
      '2 CHANGED UPSTREAM Trainer/model',
      '3 CHANGED UPSTREAM Trainer',
      '4 ADDED Tuner/best',
      '5 ADDED Tuner',
    ]);
    expect(diff({ ...SECOND, steps }, FIRST).slice(-2)).toEqual(['4 REMOVED Tuner/best', '5 REMOVED Tuner']);
  });

  test.each([
    ['a step', 'Gen/out', 'Gen → out → out'],
    ['a file', 'x', 'Dataset → data → Train'],
  ])('has a step between the same ones differs in no more than that, before %s', (_what, source, role) => {
    const gen: Step = { name: 'Gen', reads: { data: ['x'] }, writes: ['out'] };
    const train = (data: string): Step => ({ name: 'Train', reads: { data: [data] }, writes: ['model'] });
    const filter: Step = { name: 'Filter', reads: { data: [source] }, writes: ['out'] };
    const [before, after] = [
      { ...FIRST, sources: { x: 's3://d/1' } },
      { ...SECOND, sources: { x: 's3://d/1' } },
    ];
    const changes = diff(
      { ...before, steps: [gen, train(source)] },
      { ...after, steps: [gen, filter, train('Filter/out')] },
      'Train/model',
    );
    expect(changes).toEqual([
      '0 CHANGED UPSTREAM Train/model',
      `1 CHANGED BOTH Train (INPUT.data: ["${role}"] -> null)`,
      '2 ADDED Filter/out',
      '3 ADDED Filter',
    ]);
  });

  test('takes another input that both have differs in what was taken', () => {
    const steps = PIPELINE.map((step) =>
      step.name === 'Trainer' ? { ...step, reads: { ...step.reads, examples: ['ExampleGen/examples'] } } : step,
    );
    const changes = diff(FIRST, { ...SECOND, steps });
    expect(changes.filter((each) => !each.includes('UPSTREAM'))).toEqual([
      '3 CHANGED BOTH Trainer (INPUT.examples: null -> ["ExampleGen → examples → examples"])',
      '4 REMOVED Transform/transformed_examples',
    ]);
  });
});

type Values = Readonly<Record<string, number>>;

describe('several nodes in one role', () => {
  const gathers: readonly Step[] = [{ name: 'Trainer', reads: { data: ['a', 'b', 'c'] }, writes: ['model'] }];
  const before: Run = { ...FIRST, steps: gathers, sources: { a: 's3://d/1', b: 's3://d/2', c: 's3://d/3' } };

  test('are told apart by their URIs, whatever their order', () => {
    const after = { ...SECOND, steps: gathers, sources: { a: 's3://d/3', b: 's3://d/1', c: 's3://d/2' } };
    expect(diff(before, after, 'Trainer/model')).toEqual([]);
  });

  test('differ in the one that has no like', () => {
    const after = { ...SECOND, steps: gathers, sources: { a: 's3://d/3', b: 's3://d/9', c: 's3://d/2' } };
    expect(diff(before, after, 'Trainer/model').slice(2)).toEqual(['2 CHANGED OWN b (uri: "s3://d/1" -> "s3://d/9")']);
  });

  test('differ by how many they are', () => {
    const two = gathers.map((step) => ({ ...step, reads: { data: ['a', 'b'] } }));
    const after = { ...SECOND, steps: two, sources: { a: 's3://d/3', b: 's3://d/1' } };
    expect(diff(before, after, 'Trainer/model').slice(2)).toEqual(['2 REMOVED b']);
  });

  test('are told apart by their values where nothing else tells them', () => {
    const branches: readonly Step[] = [
      { name: 'Train1', component: 'Train', reads: { data: ['x'] }, writes: ['model'] },
      { name: 'Train2', component: 'Train', reads: { data: ['x'] }, writes: ['model'] },
      { name: 'Merge', reads: { models: ['Train1/model', 'Train2/model'] }, writes: ['model'] },
    ];
    const run = (id: Run, one: Values, two: Values): Run => ({
      ...{ ...id, steps: branches, sources: { x: 's3://d/1' } },
      values: { Train1: one, Train2: two },
    });
    const changes = (one: Values, two: Values) =>
      diff(run(FIRST, { rate: 0.1, depth: 3 }, { rate: 0.2, depth: 5 }), run(SECOND, one, two), 'Merge/model').filter(
        (each) => each.includes('OWN'),
      );
    expect(changes({ rate: 0.2, depth: 5 }, { rate: 0.15, depth: 3 })).toEqual([
      '3 CHANGED OWN Train2 (properties.rate: 0.1 -> 0.15)',
    ]);
    expect(changes({ rate: 0.3, depth: 5 }, { rate: 0.4, depth: 3 })).toEqual([
      '3 CHANGED OWN Train1 (properties.rate: 0.2 -> 0.3)',
      '3 CHANGED OWN Train2 (properties.rate: 0.1 -> 0.4)',
    ]);
  });
});

describe('two runs of any pipeline', () => {
  const SOURCES = ['s0', 's1', 's2'];
  /** Each step reads some of the sources and of what steps before it wrote, by numbers. */
  const pipelines = fc
    .array(fc.array(fc.nat(20), { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 10 })
    .map((inputs) => toSteps(inputs, SOURCES));
  const sources = Object.fromEntries(SOURCES.map((name) => [name, `s3://data/${name}`]));

  test.each([
    ['', undefined],
    [', even if all steps are of one type', 'Step'],
  ])('do not differ where they have the same inputs%s', (_which, component) => {
    fc.assert(
      fc.property(pipelines, fc.boolean(), (unnamed, reversed) => {
        const steps = unnamed.map((step) => ({ ...step, ...(component ? { component } : {}) }));
        const root = `${steps.at(-1)?.name}/out`;
        const other = { ...SECOND, steps: reversed ? steps.toReversed() : steps, sources };
        expect(diff({ ...FIRST, steps, sources }, other, root)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test('do not differ where some of what they made is alike in all, and others took it', () => {
    const reads = [['s0', 's2'], ['s0'], ['0/out'], ['s2', 's0'], ['0/out', '2/out', '3/out', 's0']];
    const steps = reads.map((each, name) => ({ ...alike(`${name}`), reads: { in: each } }));
    const other = { ...SECOND, steps: steps.toReversed(), sources };
    expect(diff({ ...FIRST, steps, sources }, other, '4/out')).toEqual([]);
  });

  test('differ in exactly what is changed and its descendants', () => {
    let changed = 0;
    fc.assert(
      fc.property(pipelines, fc.nat(12), fc.boolean(), (steps, which, reversed) => {
        const root = `${steps.at(-1)?.name}/out`;
        const all = [...SOURCES, ...steps.map(({ name }) => name)];
        const name = all[which % all.length] ?? '';
        const change = name in sources ? { sources: { ...sources, [name]: 's3://data/new' } } : { sources };
        const other = { ...SECOND, steps: reversed ? steps.toReversed() : steps, ...change };
        const values = name in sources ? {} : { values: { [name]: { epochs: 3 } } };
        const changes = diff({ ...FIRST, steps, sources }, { ...other, ...values }, root);
        const expected = descendants(steps, name).filter((each) => ancestors(steps, root).has(each));
        expect(changes.map((each) => each.split(' ')[3]).sort()).toEqual(expected.sort());
        expect(changes.filter((each) => each.includes(' OWN '))).toHaveLength(expected.length > 0 ? 1 : 0);
        changed += expected.length;
      }),
      { numRuns: 300 },
    );
    expect(changed).toBeGreaterThan(300);
  });
});

function alike(name: string) {
  return { name, component: 'Step', writes: ['out'] };
}

function toSteps(inputs: readonly (readonly number[])[], sources: readonly string[]): Step[] {
  return inputs.map((numbers, index) => {
    const known = [...sources, ...Array.from({ length: index }, (_, before) => `step${before}/out`)];
    const reads = [...new Set(numbers.map((number) => known[number % known.length] ?? ''))];
    return { name: `step${index}`, reads: { in: reads }, writes: ['out'] };
  });
}

/** A node and all that is made of it. */
function descendants(steps: readonly Step[], name: string): string[] {
  const found = new Set([name]);
  for (const step of steps) {
    if (
      !found.has(step.name) &&
      !Object.values(step.reads)
        .flat()
        .some((each) => found.has(each))
    )
      continue;
    for (const each of [step.name, ...step.writes.map((place) => `${step.name}/${place}`)]) found.add(each);
  }
  return [...found];
}

/** A node and all that it is made of. */
function ancestors(steps: readonly Step[], name: string): Set<string> {
  const found = new Set([name]);
  for (const step of steps.toReversed()) {
    const writes = step.writes.map((place) => `${step.name}/${place}`);
    if (!writes.some((each) => found.has(each))) continue;
    for (const each of [step.name, ...Object.values(step.reads).flat()]) found.add(each);
  }
  return found;
}

/** The changes between the closures of an artifact in two runs, a line each. */
function diff(before: Run, after: Run, root = 'Evaluator/blessing'): string[] {
  const names = [namesOf(before), namesOf(after)];
  return diffClosures(closureOf(before, root), closureOf(after, root)).map((change) => {
    const { depth, change: what, cause = '', node, differences } = change;
    const name = names[change.after ? 1 : 0]?.get(keyOf(node));
    const values = differences.map(
      ({ field, before, after }) => `${field}: ${JSON.stringify(before)} -> ${JSON.stringify(after)}`,
    );
    return [depth, what, cause, name, values.length > 0 ? `(${values.join(', ')})` : '']
      .filter((x) => x !== '')
      .join(' ');
  });
}
