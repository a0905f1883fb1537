import type { Mode } from '../../auth/mode.ts';
import type { AuthMode } from './options.ts';
import type { AuthParts } from './parts.ts';

type Make = (parts: AuthParts) => Promise<Mode>;

/** How each mode is made; what it stands on is loaded with it. */
export const MODES: { readonly [Each in Exclude<AuthMode, 'none'>]: Make } = {
  async jwt({ options, ask, clock, tell }) {
    const { openJwtMode } = await import('../../auth/jwt/open-jwt-mode.ts');
    const { USUAL_ALGORITHMS } = await import('../../auth/jwt/settings.ts');
    const failed = tell('the keys of an issuer cannot be read');
    return openJwtMode({
      settings: {
        issuers: options.jwtIssuer ?? [],
        audiences: options.jwtAudience ?? [],
        algorithms: options.jwtAlgorithm ?? USUAL_ALGORITHMS,
        nameClaim: options.jwtNameClaim,
        groupsClaim: options.jwtGroupsClaim,
        prefix: options.jwtPrefix ?? '',
      },
      jwks: options.jwtJwks,
      ask: await ask(),
      clock,
      onFailure: (_issuer, error) => failed(error),
    });
  },
  async kubernetes({ options, reviews, clock, tell, onAnswer }) {
    const { tokenReviewMode } = await import('../../auth/kubernetes/token-review-mode.ts');
    const audiences = options.kubernetesAudience ?? ['modelgraph'];
    const hears = { onFailure: tell('no token review'), onAnswer: onAnswer('caller') };
    return tokenReviewMode({ review: await reviews(), audiences, clock, ...hears });
  },
  async authorino({ options, authorino, clock, onAnswer }) {
    const { authorinoMode } = await import('../../auth/authorino/authorino-mode.ts');
    return authorinoMode(await authorino(), options.registry, clock, onAnswer('caller'));
  },
  async certificate({ options }) {
    const { certificateMode } = await import('../../auth/certificate-mode.ts');
    return certificateMode(proxiesOf(options.trustedProxy));
  },
  async proxy({ options: { trustedProxy = [], proxyUserHeader: userHeader, proxyGroupsHeader: groupsHeader } }) {
    const { proxyMode } = await import('../../auth/proxy-mode.ts');
    const certificates = proxiesOf(trustedProxy);
    return proxyMode({ loopback: trustedProxy.includes(LOOPBACK), certificates, userHeader, groupsHeader });
  },
};

const LOOPBACK = 'loopback';

/** The proxies that are known by their certificates. */
function proxiesOf(trusted: readonly string[] = []): readonly string[] {
  return trusted.filter((name) => name !== LOOPBACK);
}
