import { groupsOf } from '../caller.ts';
import type { Decide } from '../policy.ts';
import { cannotDecide } from '../refusals.ts';
import type { CreateReview } from './create-review.ts';

/** How access is reviewed. */
export interface AccessReviewOptions {
  readonly review: CreateReview;
  /** The namespace in which rights are looked for, besides those for the whole cluster. */
  readonly namespace?: string | undefined;
  readonly onFailure: (error: unknown) => void;
}

/** The API group of the resources that rights are given for. Nothing else of it need be there. */
export const API_GROUP = 'modelgraph.dev';

const PATH = '/apis/authorization.k8s.io/v1/subjectaccessreviews';

/** Decides by the cluster's own rules: a SubjectAccessReview, the registry being the name of the resource. */
export function decideByAccessReview({ review, namespace, onFailure }: AccessReviewOptions): Decide {
  return async ({ caller, registry, verb, resource }) => {
    const where = { group: API_GROUP, resource, verb, name: registry, ...(namespace !== undefined && { namespace }) };
    const { name: user, uid, extra } = caller;
    const spec = { resourceAttributes: where, user, groups: groupsOf(caller), uid, extra };
    const apiVersion = 'authorization.k8s.io/v1';
    try {
      const status = await review(PATH, { apiVersion, kind: 'SubjectAccessReview', spec });
      if (typeof status['allowed'] !== 'boolean') throw new Error('The review has no decision.');
      // What was decided in spite of an error is not taken for a yes.
      return status['allowed'] && status['denied'] !== true && !status['evaluationError'];
    } catch (error) {
      onFailure(error);
      throw cannotDecide(error);
    }
  };
}
