import type { AskHttp, HttpReply } from '../ask-http.ts';
import type { Credentials } from '../credentials.ts';
import { invalidToken } from '../refusals.ts';

/** Where Authorino is asked. */
export interface AuthorinoOptions {
  readonly ask: AskHttp;
  /** The base address of its raw HTTP interface. */
  readonly url: URL;
  /** The host of the AuthConfig. */
  readonly host: string;
  /** The authority of its certificate; PEM. */
  readonly ca?: string | undefined;
  readonly onFailure: (error: unknown) => void;
}

/** What is asked about. */
export interface AuthorinoQuestion {
  readonly verb: string;
  readonly resource: string;
  /** The registry. */
  readonly name: string;
}

/** The verb that asks only who it is, and about no resource. */
export const AUTHENTICATE = 'authenticate';

/** Authorino's answers that mean something. */
export type Verdict = 'yes' | 'unknown' | 'forbidden';

/** Bytes of an Authorization header at most. */
const MAX_AUTHORIZATION = 8_192 + 'Bearer '.length;

/** The Authorization header, whatever its scheme; UNAUTHENTICATED for several, and for what is no header's text. */
export function authorizationOf(credentials: Credentials): string | undefined {
  const [header, ...more] = credentials.values('authorization');
  if (header === undefined) return undefined;
  if (more.length > 0 || header.length > MAX_AUTHORIZATION || !/^[\x21-\x7e]+(?: +[\x21-\x7e]+)*$/.test(header)) {
    throw invalidToken();
  }
  return header;
}

/** Asks Authorino's `/check`. Rejects where it gives no verdict. Of the request it gets the Authorization header alone. */
export async function check(
  { ask, url, host, ca }: AuthorinoOptions,
  authorization: string | undefined,
  question: AuthorinoQuestion,
): Promise<{ readonly verdict: Verdict; readonly reply: HttpReply }> {
  const reply = await ask({
    method: 'POST',
    url: new URL(`${url.pathname.replace(/\/$/, '')}/check`, url),
    headers: { host, 'content-type': 'application/json', ...(authorization !== undefined && { authorization }) },
    body: JSON.stringify(question),
    ...(ca !== undefined && { tls: { ca } }),
  });
  const verdict = VERDICTS[reply.status];
  if (!verdict) throw new Error(adviceFor(reply.status, host));
  return { verdict, reply };
}

const VERDICTS: Readonly<Record<number, Verdict>> = { 200: 'yes', 401: 'unknown', 403: 'forbidden' };

function adviceFor(status: number, host: string): string {
  if (status !== 404) return `Authorino answered ${status}.`;
  return `Authorino knows no AuthConfig for the host ${host}: apply deploy/authorino/authconfig.yaml with that host, or set --authorino-host.`;
}
