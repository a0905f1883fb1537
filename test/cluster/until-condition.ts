import type { Cluster } from './cluster.ts';
import { until } from './until.ts';

/**
 * Resolves once the object at this path of the API is there and its status says True to a condition. (`kubectl wait` fails
 * on an object that has no conditions yet.)
 */
export async function untilCondition(cluster: Cluster, path: string, condition: string): Promise<void> {
  await until(`${condition} of ${path}`, async () => {
    const { body } = await cluster.request('GET', path);
    const conditions: readonly { readonly type: string; readonly status: string }[] = body.status.conditions;
    return conditions.some(({ type, status }) => type === condition && status === 'True');
  });
}
