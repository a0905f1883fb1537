import { KubeError } from '../kube/kube-error.ts';
import { type KubeObject, nameOf } from '../kube/kube-object.ts';
import type { Problem } from './problem.ts';

/** What a refused apply or delete means to the person who wrote the ModelRegistry. */
export function refusalOf(object: KubeObject, error: unknown): Problem {
  const message = `${nameOf(object)}: ${error instanceof Error ? error.message : String(error)}`;
  if (!(error instanceof KubeError)) return { reason: 'ApiUnavailable', message };
  if (error.status === 422 || error.status === 400) return { reason: 'InvalidSpec', message };
  if (error.status === 403 && /exceeded quota/.test(error.message)) return { reason: 'QuotaExceeded', message };
  if (error.status === 403) return { reason: 'Forbidden', message };
  return { reason: 'ApiUnavailable', message };
}

/** Somebody else has an object of the name that we need. */
export function takenProblem(object: KubeObject): Problem {
  const message = `${nameOf(object)} is there already and belongs to somebody else: delete it, or give the ModelRegistry another name.`;
  return { reason: 'NameTaken', message };
}
