import { readFileSync } from 'node:fs';
import type { Logger } from 'pino';

import type { Clock, OnAnswer } from '../../auth/answer-cache.ts';
import type { AskHttp } from '../../auth/ask-http.ts';
import type { AuthorinoOptions } from '../../auth/authorino/check.ts';
import type { CreateReview } from '../../auth/kubernetes/create-review.ts';
import { readPodSurroundings } from '../../config.ts';
import { RegistryError } from '../../errors.ts';
import type { AuthOptions } from './options.ts';

/** What an answer is about: who somebody is, or what they may do. */
export type AnswerAbout = 'caller' | 'decision';

/** What the parts themselves are made of. */
export interface AuthSurroundings {
  readonly options: AuthOptions;
  readonly log: Logger;
  readonly clock: Clock;
  /** What hears of answers about this; undefined where nothing does. */
  onAnswer(about: AnswerAbout): OnAnswer | undefined;
}

/** What modes and deciders are made of; each part is made when it is first needed, for there are many modes. */
export interface AuthParts extends AuthSurroundings {
  ask(): Promise<AskHttp>;
  /** Reviews by the cluster. INVALID_ARGUMENT where it is not known how to reach one. */
  reviews(): Promise<CreateReview>;
  authorino(): Promise<AuthorinoOptions>;
  /** Logs failures of one kind, now and then: an outage fails every request. */
  tell(what: string): (error: unknown) => void;
}

/** The parts for these options. */
export function createAuthParts(surroundings: AuthSurroundings): AuthParts {
  const { options, log, clock } = surroundings;
  const ask = once(async () => (await import('../../auth/ask-http.ts')).createAskHttp());
  const tell = (what: string) => nowAndThen(clock, (error) => log.error({ err: error }, what));
  return {
    ...surroundings,
    ask,
    reviews: once(async () => createReviews(await ask(), options.kubeconfig)),
    authorino: once(async () => ({
      ask: await ask(),
      url: toUrl(options.authorinoUrl ?? ''),
      host: options.authorinoHost ?? 'modelgraph',
      ca: options.authorinoCa === undefined ? undefined : readText(options.authorinoCa),
      onFailure: tell('Authorino gave no answer'),
    })),
    tell,
  };
}

async function createReviews(ask: AskHttp, kubeconfig: string | undefined): Promise<CreateReview> {
  const { createReviews: create } = await import('../../auth/kubernetes/create-review.ts');
  const { readAccess, where } = await accessTo(kubeconfig);
  try {
    await readAccess();
  } catch (cause) {
    if (cause instanceof RegistryError) throw cause;
    throw usage(`The cluster cannot be asked: a file that ${where} names cannot be read.`, cause);
  }
  return create(ask, readAccess);
}

async function accessTo(kubeconfig: string | undefined) {
  if (kubeconfig !== undefined) {
    const { accessByKubeconfig } = await import('../../auth/kubernetes/kubeconfig.ts');
    return { readAccess: accessByKubeconfig(kubeconfig), where: `the kubeconfig ${kubeconfig}` };
  }
  const pod = readPodSurroundings();
  if (!pod) throw usage('This is no pod of a cluster: say with --kubeconfig FILE which cluster to ask.');
  const { accessOfPod } = await import('../../auth/kubernetes/in-cluster.ts');
  return { readAccess: accessOfPod(pod), where: 'a pod finds its service account by' };
}

function toUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol) && url.username === '') return url;
  throw usage(
    `--authorino-url has to be an address such as https://authorino.authorino.svc:5001, and '${text}' is not.`,
  );
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw usage(`The file ${file} cannot be read.`, cause);
  }
}

/** How long nothing more is said of the same, in milliseconds. */
const QUIET_MS = 10_000;

function nowAndThen<Subject>(clock: Clock, act: (subject: Subject) => void): (subject: Subject) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (subject) => {
    if (clock() - last < QUIET_MS) return;
    last = clock();
    act(subject);
  };
}

function once<Made>(make: () => Promise<Made>): () => Promise<Made> {
  let made: Promise<Made> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

function usage(problem: string, cause?: unknown): RegistryError {
  return new RegistryError('INVALID_ARGUMENT', problem, { cause });
}
