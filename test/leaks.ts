import { expect } from 'vitest';

/** What tells of the inside, by what it is of. Only the log may have it. */
const INSIDE: Readonly<Record<string, RegExp>> = {
  'a statement of SQL':
    /\b(INSERT (OR \w+ )?INTO [\w`]|SELECT\b.{1,300}\bFROM [\w`]|UPDATE [\w`]+ SET [\w`]|DELETE FROM [\w`]|(CREATE|ALTER|DROP) (TABLE|INDEX) [\w`]|BEGIN IMMEDIATE|PRAGMA \w)/s,
  'a table': /\b(MLMDEnv|(Artifact|Execution|Context)Property|ParentType|TypeProperty|modelgraph_\w+|sqlite_master)\b/,
  'a constraint': /\b(UNIQUE|FOREIGN KEY|NOT NULL|CHECK) constraint|Duplicate entry|no such (table|column)/i,
  'a row as a message has it': /\b(type_id|create_time_since_epoch|last_update_time_since_epoch): \d|\b\w+ \{\s+key: /,
  'an address': /\b(\d{1,3}\.){3}\d{1,3}:\d{2,5}\b|\blocalhost:\d{2,5}\b|\[::1?\]:\d{2,5}\b|\bipv[46]:/,
  'a path': /(^|[\s"'`(=:])(file:\/\/)?\/(home|root|tmp|usr|var|work|srv|opt|proc|app|builds)\/[\w.-]/,
  'a file of ours': /\b[\w-]+\.(ts|js|cjs|mjs|cc|py|go|sqlite)\b(:\d+)?/,
  'a frame of a stack': /\bat (async )?[\w.<>[\] ]+ ?\(?(file:|node:|\/)\S+:\d+/,
  'a library':
    /\b(grpc-js|graphql-j(s|it)|fastify|better-sqlite3|sqlite3?|zetasql|absl|protobufjs|ts-proto|undici|dataloader|pino|jose|mysql)\b|\bnode:\w|\bapollo\b(?!-)/i,
  'an error of a library':
    /\b(E(CONN\w+|NOENT|ACCES|NOSPC|PIPE|MFILE|ADDR\w+|TIMEDOUT|AI_AGAIN)|SQLITE_\w+|FST_ERR_\w+|ERR_[A-Z]+_\w+|(Type|Range|Reference|Syntax|Aggregate)Error)\b/,
  'a token': /\beyJ[\w-]{8,}\.[\w-]{8,}\.|-----BEGIN |\b(Bearer|Basic) [\w.~+/-]{8,}/,
};

/** What a text tells of the inside, with the piece that tells it; not what the request had itself. */
export function leaksIn(text: string, asked = ''): readonly string[] {
  return Object.entries(INSIDE).flatMap(([what, pattern]) => {
    const found = pattern.exec(text);
    if (!found || asked.includes(found[0])) return [];
    return [`${what}: ${text.slice(found.index, found.index + 120)}`];
  });
}

/** Fails where the answer to what was asked tells of the inside: one of GraphQL in its errors, any other in all of it. */
export function expectNoLeak(body: string, asked = ''): void {
  expect(leaksIn(messagesIn(body), asked).join('\n'), 'what a body tells of the inside').toBe('');
}

/** What the gateway itself says in a body: what is stored may have any text. */
function messagesIn(body: string): string {
  const answer = toJson(body);
  if (typeof answer !== 'object' || answer === null) return body;
  if (!('data' in answer)) return texts(answer).join('\n');
  return texts({ ...answer, data: userErrorsIn(answer.data) }).join('\n');
}

function toJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** All texts of a value, without the escapes of JSON, which would hide what stands beside them. */
function texts(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : [];
}

function userErrorsIn(value: unknown): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, each]) =>
    name === 'userErrors' || name === 'warnings' ? [each] : userErrorsIn(each),
  );
}
