import { type Command, InvalidArgumentError, Option } from 'commander';

import { ALGORITHMS, type Algorithm, USUAL_ALGORITHMS } from '../../auth/jwt/settings.ts';
import { isRegistryName } from '../../auth/registry-name.ts';

/** Ways to know who asks. */
export const AUTH_MODES = ['none', 'jwt', 'kubernetes', 'authorino', 'certificate', 'proxy'] as const;

/** One of {@link AUTH_MODES}. */
export type AuthMode = (typeof AUTH_MODES)[number];

/** Who may decide what a caller may do. */
export const DECIDERS = ['roles', 'kubernetes', 'authorino'] as const;

/** One of {@link DECIDERS}. */
export type Decider = (typeof DECIDERS)[number];

/** The options that say who may do what, as the command line has them. */
export interface AuthOptions {
  readonly allowUnauthenticated?: boolean;
  readonly auth?: readonly AuthMode[];
  readonly registry: string;
  readonly authorize?: Decider;
  readonly roles?: string;
  readonly jwtIssuer?: readonly string[];
  readonly jwtAudience?: readonly string[];
  readonly jwtJwks?: string;
  readonly jwtAlgorithm?: readonly Algorithm[];
  readonly jwtNameClaim: string;
  readonly jwtGroupsClaim: string;
  readonly jwtPrefix?: string;
  readonly kubernetesAudience?: readonly string[];
  readonly kubernetesNamespace?: string;
  readonly kubeconfig?: string;
  readonly authorinoUrl?: string;
  readonly authorinoHost?: string;
  readonly authorinoCa?: string;
  readonly trustedProxy?: readonly string[];
  readonly proxyUserHeader: string;
  readonly proxyGroupsHeader: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly tlsClientCa?: string;
}

/** Adds the options that say who may do what. */
export function addAuthOptions(command: Command): Command {
  command.optionsGroup('Who may do what (docs/security.md):');
  addModes(command);
  command.optionsGroup('Tokens of identity providers, --auth jwt:');
  addJwt(command);
  command.optionsGroup('A cluster, a proxy, certificates:');
  return addOthers(command);
}

function addModes(command: Command): void {
  command
    .option('--allow-unauthenticated', 'serve everyone who can reach an address other than loopback')
    .addOption(
      new Option(
        '--auth <mode>',
        `how callers are known, several in their order: ${AUTH_MODES.join(', ')} (default: none)`,
      ).argParser(listOf(AUTH_MODES)),
    )
    .addOption(
      new Option('--authorize <decider>', 'who decides (default: --roles, or the same as --auth)').choices(DECIDERS),
    )
    .option('--roles <file>', 'YAML file of roles and who has them; read again when it changes')
    .option('--registry <name>', 'the name of this registry, by which rights are given', toRegistryName, 'modelgraph');
}

function addJwt(command: Command): void {
  command
    .option('--jwt-issuer <url>', 'whose tokens are taken; may be repeated', collect)
    .option('--jwt-audience <name>', 'whom they have to be meant for; may be repeated', collect)
    .option('--jwt-jwks <place>', 'https address or file of the keys (default: where the issuer says)')
    .addOption(
      new Option(
        '--jwt-algorithm <name>',
        `which signatures are taken; may be repeated (default: ${USUAL_ALGORITHMS.join(', ')})`,
      ).argParser(listOf(ALGORITHMS)),
    )
    .option('--jwt-name-claim <name>', "the claim with the caller's name", 'sub')
    .option('--jwt-groups-claim <name>', "the claim with the caller's groups", 'groups')
    .option('--jwt-prefix <text>', 'stands before names and groups');
}

function addOthers(command: Command): Command {
  return command
    .option('--kubeconfig <file>', 'how to reach the cluster (default: as the pod that this is)')
    .option('--kubernetes-audience <name>', 'whom tokens have to be meant for (default: modelgraph)', collect)
    .option('--kubernetes-namespace <name>', 'look for rights in this namespace too')
    .option('--authorino-url <url>', 'where Authorino answers /check')
    .option('--authorino-host <host>', 'the host of its AuthConfig (default: modelgraph)')
    .option('--authorino-ca <file>', 'PEM file of the authorities of its certificate')
    .option('--trusted-proxy <name>', '`loopback`, or the common name of a certificate; may be repeated', collect)
    .option('--proxy-user-header <name>', 'where a trusted proxy names the user', toHeaderName, 'x-forwarded-user')
    .option('--proxy-groups-header <name>', 'and the groups, by commas', toHeaderName, 'x-forwarded-groups')
    .option('--tls-cert <file>', 'PEM file of our certificate; serve TLS')
    .option('--tls-key <file>', 'PEM file of its key')
    .option('--tls-client-ca <file>', 'PEM file of the authorities of client certificates');
}

function collect(text: string, before: readonly string[] = []): readonly string[] {
  if (text.trim() === '') throw new InvalidArgumentError('it must not be empty');
  return [...before, text];
}

/** Takes one or several by commas, again and again. */
function listOf<Choice extends string>(choices: readonly Choice[]) {
  return (text: string, before: readonly Choice[] = []): readonly Choice[] => {
    const found = text.split(',').map((each) => {
      const choice = choices.find((one) => one === each.trim());
      if (choice === undefined) throw new InvalidArgumentError(`allowed choices are ${choices.join(', ')}`);
      return choice;
    });
    return [...before, ...found];
  };
}

function toRegistryName(text: string): string {
  if (isRegistryName(text)) return text;
  throw new InvalidArgumentError('it has to be 1 to 63 small letters, digits and hyphens, with no hyphen at an end');
}

function toHeaderName(text: string): string {
  if (/^[\w!#$%&'*+.^`|~-]+$/.test(text)) return text.toLowerCase();
  throw new InvalidArgumentError('it has to be the name of a header');
}
