/** Asymmetric algorithms of signatures that may be chosen. There is none that takes a shared secret, and no `none`. */
export const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] as const;

/** One of {@link ALGORITHMS}. */
export type Algorithm = (typeof ALGORITHMS)[number];

/** The algorithms that identity providers use today. */
export const USUAL_ALGORITHMS: readonly Algorithm[] = ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'];

/** Which tokens are taken, and what is read from them. */
export interface JwtSettings {
  /** Those whose tokens are taken, as their `iss` says it: exactly so, with or without a `/` at the end. */
  readonly issuers: readonly string[];
  /** One of them has to be in `aud`. */
  readonly audiences: readonly string[];
  readonly algorithms: readonly Algorithm[];
  /** The claim with the caller's name. */
  readonly nameClaim: string;
  /** The claim with the names of the caller's groups, a list or one text; it may be absent. */
  readonly groupsClaim: string;
  /** Stands before names and groups, so that they are nobody else's. */
  readonly prefix: string;
}
