import { type Command, InvalidArgumentError, Option } from 'commander';

import { CliError, EXIT } from '../cli/cli-error.ts';
import { examplesText } from '../cli/examples.ts';
import { registryErrorIn } from '../errors.ts';
import type { Rate } from '../limits/buckets.ts';
import { LOG_LEVELS } from '../observe.ts';
import { addAuthOptions } from './auth/options.ts';

/** `modelgraph serve`: its options, and what it does. */
export function defineServe(command: Command): void {
  withGatewayOptions(command)
    .addOption(
      new Option(
        '--db <file>',
        'SQLite file of the embedded store; made where there is none (default: modelgraph.db)',
      ).conflicts('mlmd'),
    )
    .addOption(new Option('--mlmd <host:port>', 'an MLMD gRPC server, in place of the embedded store'))
    .option('--mlmd-tls', 'speak TLS with the MLMD server')
    .option('--mlmd-ca <file>', 'PEM file of the authorities to trust (default: the public ones)')
    .option('--mlmd-cert <file>', 'PEM file of our certificate, for mutual TLS')
    .option('--mlmd-key <file>', 'PEM file of its key')
    .option('--rest <folder>', 'serve the routes of the GraphQL documents in this folder too')
    .option('--grpc-port <number>', 'serve the store over gRPC too, as `mlmd` does, on this port', toPort);
  addAuthOptions(command)
    .addHelpText('after', examplesText('serve --db metadata.sqlite', 'serve --mlmd localhost:8080 --port 4000'))
    .action(async (options) => told((await import('./serve.ts')).serve(options)));
}

/** `modelgraph mlmd`: its options, and what it does. */
export function defineMlmd(command: Command): void {
  withListenOptions(command, 8080).option(
    '--db <file>',
    'SQLite file of the store; made where there is none',
    'modelgraph.db',
  );
  withLimitOptions(command);
  addAuthOptions(command)
    .addHelpText('after', examplesText('mlmd --db metadata.sqlite --port 8080'))
    .action(async (options) => told((await import('./mlmd.ts')).mlmd(options)));
}

/** `modelgraph demo`: its options, and what it does. */
export function defineDemo(command: Command): void {
  addAuthOptions(withGatewayOptions(command))
    .addHelpText('after', examplesText('demo', 'demo --port 0'))
    .action(async (options) => told((await import('./demo.ts')).demo(options)));
}

/** `modelgraph operator`: its options, and what it does. */
export function defineOperator(command: Command): void {
  command
    .option('--kubeconfig <file>', 'the cluster (default: as kubectl finds it; in a pod its own)')
    .option('--image <image>', 'image of the registries that name none (default: modelgraph:VERSION)')
    .option('--lease-seconds <seconds>', 'how long others wait for a leader that is silent', toCount, 15)
    .option('--relist-seconds <seconds>', 'how often all is listed anew, as a watch can miss something', toCount, 30)
    .option('--port <number>', 'port of /healthz and /readyz; 0 takes a free one', toPort, 8081)
    .option('--metrics-port <number>', 'serve metrics for Prometheus at /metrics on this port (default: none)', toPort)
    .option('--host <address>', 'address to listen on', toHost, '0.0.0.0')
    .addOption(logLevelOption())
    .addHelpText('after', examplesText('operator', 'operator --kubeconfig ~/.kube/config --port 0'))
    .action(async (options) => told((await import('./operator.ts')).operator(options)));
}

/** Does the work; what goes wrong in it becomes a sentence with an exit code. */
async function told(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    const known = registryErrorIn(error);
    if (!known) throw error;
    const code = known.code === 'INVALID_ARGUMENT' ? EXIT.WRONG_USAGE : EXIT.FAILED;
    throw new CliError(known.message, code, { cause: error });
  }
}

/** The options of every command with a gateway. */
function withGatewayOptions(command: Command): Command {
  const timed = withListenOptions(command, 4000)
    .option('--trace-otlp <url>', 'send traces to this OpenTelemetry collector (default: $OTEL_EXPORTER_OTLP_ENDPOINT)')
    .option('--timeout <seconds>', 'how long one request may take', toSeconds, 10);
  return withGatewayLimits(withLimitOptions(timed)).optionsGroup('Options:');
}

/** The options that hold many off, or one who asks too much. */
function withLimitOptions(command: Command): Command {
  return command
    .optionsGroup('Limits:')
    .option(
      '--rate-limit <rate>',
      'cost for each caller, as PER-SECOND or PER-SECOND:BURST, or off (default: 2000:20000, off for yourself)',
      toRate,
    )
    .option('--change-limit <rate>', 'changes for each caller, likewise (default: 20:200, off for yourself)', toRate)
    .option('--max-in-flight <count>', 'requests worked on at once; one more is refused', toCount, 256);
}

/** Those of them that only a gateway has. */
function withGatewayLimits(command: Command): Command {
  return command
    .option(
      '--failed-login-limit <count>',
      'failed logins a minute for each address, or off (default: 10, off for yourself)',
      toLoginRate,
    )
    .option('--allow-introspection', 'show the schema to everyone beyond loopback too')
    .option(
      '--trusted-documents <path>',
      "run only the documents of this manifest, file or folder; 'modelgraph' stands for our own; may be repeated",
      (path: string, before: readonly string[] = []) => [...before, path],
    );
}

/** The options of every command that listens. */
function withListenOptions(command: Command, port: number): Command {
  return command
    .option('--port <number>', 'port to listen on; 0 takes a free one', toPort, port)
    .option('--host <address>', 'address to listen on', toHost, '127.0.0.1')
    .option('--drain-seconds <seconds>', 'how long to go on serving after SIGTERM, not ready any more', toDelay, 0)
    .option(
      '--audit-log [file]',
      'keep who wrote what and who was refused: in the store, and in this file (- is stdout)',
    )
    .option('--metrics-port <number>', 'serve metrics for Prometheus at /metrics on this port (default: none)', toPort)
    .addOption(logLevelOption());
}

function logLevelOption(): Option {
  return new Option('--log-level <level>', 'how much to log on stderr').choices(LOG_LEVELS).default('info');
}

function toPort(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new InvalidArgumentError('it has to be a whole number from 0 to 65535');
}

/** A name or an address; an IPv6 address also in brackets, as in a URL. */
function toHost(text: string): string {
  if (/^[^\s[\]/]+$/.test(text)) return text;
  const bracketed = /^\[([\da-f:.]+)\]$/i.exec(text)?.[1];
  if (bracketed !== undefined) return bracketed;
  throw new InvalidArgumentError('it has to be a name or an address of this machine');
}

/** `2000`, `2000:20000` or `off`. A burst that is not told is ten seconds' worth. */
function toRate(text: string): Rate | 'off' {
  if (text === 'off') return text;
  const [, perSecond = '', burst] = /^(\d{1,9}(?:\.\d{1,3})?)(?::(\d{1,9}))?$/.exec(text) ?? [];
  const rate = { perSecond: Number(perSecond), burst: Number(burst ?? 10 * Number(perSecond)) };
  if (perSecond !== '' && rate.perSecond > 0 && rate.burst >= 1) return rate;
  throw new InvalidArgumentError('it has to be PER-SECOND or PER-SECOND:BURST, both above 0, or off');
}

/** So many a minute, all of which may come at once. */
function toLoginRate(text: string): Rate | 'off' {
  if (text === 'off') return text;
  const perMinute = toCount(text);
  return { perSecond: perMinute / 60, burst: perMinute };
}

function toCount(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('it has to be a whole number from 1 to 999999');
}

/** As the longest time that Kubernetes is likely to be patient with a pod that ends. */
const LONGEST_DELAY = 600;

function toDelay(text: string): number {
  const seconds = Number(text);
  if (/^\d/.test(text) && seconds <= LONGEST_DELAY) return seconds;
  throw new InvalidArgumentError(`it has to be a number of seconds from 0 to ${LONGEST_DELAY}`);
}

function toSeconds(text: string): number {
  const seconds = Number(text);
  if (seconds > 0 && seconds <= 3_600) return seconds;
  throw new InvalidArgumentError('it has to be a number of seconds, above 0 and up to 3600');
}
