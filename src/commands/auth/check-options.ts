import { isSafeUrl } from '../../auth/jwt/read-keys.ts';
import { RegistryError } from '../../errors.ts';
import { isLoopback } from '../address.ts';
import type { AuthMode, AuthOptions, Decider } from './options.ts';

/** Which modes and which decider the options choose. */
export interface AuthChoice {
  readonly modes: readonly AuthMode[];
  /** Absent where everyone may do everything. */
  readonly decider?: Decider;
}

/** INVALID_ARGUMENT for options that do not fit together, or would leave a door open that nobody meant to open. */
export function checkAuthOptions(host: string, options: AuthOptions): AuthChoice {
  const modes = options.auth ?? ['none'];
  checkModes(host, modes, options);
  for (const [needed, isThere, given] of needsOf(modes, options)) {
    if (given && !isThere) throw usage(`${given} needs ${needed}.`);
  }
  checkJwt(options);
  const decider = deciderOf(modes, options);
  if (decider === 'roles' && options.roles === undefined) {
    throw usage(`Nobody would be allowed anything: add --roles FILE, or --authorize kubernetes or authorino.`);
  }
  if (decider !== 'roles' && options.roles !== undefined) throw usage(`--roles goes with --authorize roles.`);
  return { modes, ...(decider && { decider }) };
}

function checkModes(host: string, modes: readonly AuthMode[], { allowUnauthenticated }: AuthOptions): void {
  if (new Set(modes).size < modes.length) throw usage('--auth has a mode twice.');
  if (modes.slice(0, -1).includes('none')) throw usage('--auth none lets in who shows nothing, so it comes last.');
  if (!modes.includes('none') || allowUnauthenticated || isLoopback(host)) return;
  throw usage(
    `Everyone who can reach ${host} could read and write: choose how callers are known with --auth, or add --allow-unauthenticated if that is meant.`,
  );
}

type Need = readonly [needed: string, isThere: boolean, given: string | false | undefined];

/** What needs what: the name of the option that is given, or of the mode. */
function needsOf(modes: readonly AuthMode[], options: AuthOptions): readonly Need[] {
  const { tlsCert, tlsKey, tlsClientCa, trustedProxy = [], authorinoUrl } = options;
  const has = (mode: AuthMode) => modes.includes(mode);
  const asksCluster = has('kubernetes') || options.authorize === 'kubernetes';
  const asksAuthorino = has('authorino') || options.authorize === 'authorino';
  const given = (flags: Readonly<Record<string, unknown>>) =>
    Object.keys(flags).find((flag) => flags[flag] !== undefined);
  const { jwtIssuer, jwtAudience, jwtJwks, jwtAlgorithm, kubernetesAudience } = options;
  return [
    ['--jwt-issuer URL', jwtIssuer !== undefined, has('jwt') && '--auth jwt'],
    ['--jwt-audience NAME', jwtAudience !== undefined, has('jwt') && '--auth jwt'],
    [
      '--auth jwt',
      has('jwt'),
      given({
        '--jwt-issuer': jwtIssuer,
        '--jwt-audience': jwtAudience,
        '--jwt-jwks': jwtJwks,
        '--jwt-algorithm': jwtAlgorithm,
      }),
    ],
    ['--auth kubernetes', has('kubernetes'), given({ '--kubernetes-audience': kubernetesAudience })],
    ['--auth kubernetes, or --authorize kubernetes', asksCluster, given({ '--kubeconfig': options.kubeconfig })],
    ['--authorino-url URL', authorinoUrl !== undefined, asksAuthorino && 'Authorino'],
    [
      '--auth authorino, or --authorize authorino',
      asksAuthorino,
      given({
        '--authorino-url': authorinoUrl,
        '--authorino-host': options.authorinoHost,
        '--authorino-ca': options.authorinoCa,
      }),
    ],
    ['--trusted-proxy NAME', trustedProxy.length > 0, has('proxy') && '--auth proxy'],
    ['--auth proxy', has('proxy'), trustedProxy.length > 0 && '--trusted-proxy'],
    ['--tls-client-ca FILE', tlsClientCa !== undefined, has('certificate') && '--auth certificate'],
    [
      '--tls-client-ca FILE',
      tlsClientCa !== undefined,
      trustedProxy.some((name) => name !== 'loopback') && '--trusted-proxy with the name of a certificate',
    ],
    ['--tls-key FILE', tlsKey !== undefined, given({ '--tls-cert': tlsCert })],
    ['--tls-cert FILE', tlsCert !== undefined, given({ '--tls-key': tlsKey, '--tls-client-ca': tlsClientCa })],
  ];
}

function checkJwt({ jwtIssuer = [], jwtJwks }: AuthOptions): void {
  if (jwtJwks !== undefined && jwtIssuer.length > 1) throw usage('--jwt-jwks goes with one --jwt-issuer.');
  const places = jwtJwks === undefined ? jwtIssuer : [jwtJwks].filter((place) => URL.canParse(place));
  const unsafe = places.find((place) => !isSafeUrl(place));
  if (unsafe !== undefined) throw usage(`Keys are read over https only, and ${unsafe} is no such address.`);
}

function deciderOf(modes: readonly AuthMode[], { authorize, roles }: AuthOptions): Decider | undefined {
  if (authorize !== undefined) return authorize;
  if (roles !== undefined) return 'roles';
  const same = modes.find((mode) => mode === 'kubernetes' || mode === 'authorino');
  if (same !== undefined) return same;
  return modes.every((mode) => mode === 'none') ? undefined : 'roles';
}

function usage(problem: string): RegistryError {
  return new RegistryError('INVALID_ARGUMENT', problem);
}
