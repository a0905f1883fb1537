import type { Context } from '../../context.ts';
import { fieldNamed, LIGHT } from '../../domain/registry-fields.ts';
import { REGISTRY_KINDS } from '../../domain/registry-kinds.ts';
import { toStoredName } from '../../domain/registry-names.ts';
import type { MetricGoal } from '../../generated/graphql.ts';
import type { Context as ContextMessage } from '../../generated/proto/ml_metadata/proto/metadata_store.ts';

/** Runs that are looked at in one read. */
const RUNS = 1_000;

interface Question {
  readonly metric: string;
  readonly goal: MetricGoal;
}

/** The run whose metric of this name has the best value, the first of equals; archived runs are left out. */
export async function bestRun(
  { id = 0n }: { readonly id?: bigint | undefined },
  { metric, goal }: Question,
  context: Context,
): Promise<ContextMessage | null> {
  const runs = await Promise.all((await runsOf(id, context)).map((run) => scored(run, metric, context)));
  const sign = goal === 'MINIMIZE' ? -1 : 1;
  let best: Scored | undefined;
  for (const run of runs) {
    if (run && (!best || sign * run.value > sign * best.value)) best = run;
  }
  return best?.run ?? null;
}

/** All of them: the best one may be any. */
async function runsOf(experimentId: bigint, { loaders, budget }: Context): Promise<readonly ContextMessage[]> {
  const runs: ContextMessage[] = [];
  for (let more = true; more; ) {
    const page = await loaders.groups.childrenOfContexts.load({
      key: experimentId,
      count: RUNS,
      afterId: runs.at(-1)?.id ?? 0n,
      types: [REGISTRY_KINDS.ExperimentRun.type],
    });
    budget.spend(page.nodes.length);
    runs.push(...page.nodes);
    more = page.more;
  }
  for (const run of runs) loaders.registered.primeContext('ExperimentRun', run);
  return runs;
}

interface Scored {
  readonly run: ContextMessage;
  readonly value: number;
}

/** Undefined for an archived run and for one without a value of this metric. */
async function scored(run: ContextMessage, metric: string, { loaders }: Context): Promise<Scored | undefined> {
  const { type } = REGISTRY_KINDS.Metric;
  const [loaded, measured] = await Promise.all([
    loaders.context.withProperties(run, LIGHT.Context),
    loaders.artifactByName.load({ type, name: toStoredName('Metric', metric, run.id ?? 0n) }),
  ]);
  if (fieldNamed('ExperimentRun', 'state', loaded) === 'ARCHIVED') return undefined;
  const value = measured && fieldNamed('Metric', 'value', measured);
  return typeof value === 'number' ? { run, value } : undefined;
}
