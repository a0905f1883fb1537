import { decideOnce } from '../../auth/decide-once.ts';
import type { Decide } from '../../auth/policy.ts';
import type { Decider } from './options.ts';
import type { AuthParts } from './parts.ts';

type Make = (parts: AuthParts, stack: DisposableStack) => Promise<Decide>;

/** How each decider is made; what it stands on is loaded with it. */
export const MAKE_DECIDER: { readonly [Each in Decider]: Make } = {
  async roles({ options, log }, stack) {
    const { decideByRoles } = await import('../../auth/roles/decide-by-roles.ts');
    const { openRolesFile } = await import('../../auth/roles/roles-file.ts');
    const file = openRolesFile(options.roles ?? '', {
      onChange: () => log.info('the roles file has changed, and is in force'),
      onWrong: (error) => log.error({ err: error }, 'the roles file is wrong now; what it said before stays in force'),
    });
    stack.use(file);
    return decideByRoles(file.current);
  },
  async kubernetes({ options, reviews, clock, tell, onAnswer }) {
    const { decideByAccessReview } = await import('../../auth/kubernetes/access-review.ts');
    const decide = decideByAccessReview({
      review: await reviews(),
      namespace: options.kubernetesNamespace,
      onFailure: tell('no access review'),
    });
    return decideOnce({ name: 'kubernetes', decide }, clock, onAnswer('decision'));
  },
  async authorino({ authorino, clock, onAnswer }) {
    const { authorizationValues, decideByAuthorino } = await import('../../auth/authorino/decide-by-authorino.ts');
    const decide = decideByAuthorino(await authorino());
    return decideOnce({ name: 'authorino', decide, decidesBy: authorizationValues }, clock, onAnswer('decision'));
  },
};
