import { hash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { GraphQLError, type GraphQLSchema, parse, validate } from 'graphql';

import { RegistryError } from './errors.ts';

/** The documents that a gateway runs, and no other. */
export interface TrustedDocuments {
  readonly count: number;
  /** The request's body with the document that it names. UNTRUSTED_DOCUMENT where it is not one of these. */
  fill(method: string, body: unknown): unknown;
}

/** What stands for the operations of the command line and of `modelgraph/client`. */
export const OWN_OPERATIONS = 'modelgraph';

/**
 * Reads the documents to trust: of manifests (JSON), documents (.graphql), folders of both, and our own operations.
 * INVALID_ARGUMENT for a file that cannot be read or that does not fit the schema.
 */
export async function readTrustedDocuments(
  schema: GraphQLSchema,
  sources: readonly string[],
): Promise<TrustedDocuments> {
  const documents = new Map<string, string>();
  for (const source of sources) {
    for (const [id, text, file] of source === OWN_OPERATIONS ? await ownOperations() : documentsAt(source)) {
      refuseInvalid(schema, text, file);
      documents.set(id, text);
      documents.set(idOf(text), text);
    }
  }
  return { count: new Set(documents.values()).size, fill: (method, body) => fill(documents, method, body) };
}

/** An id, the text, and where it is from. */
type Document = readonly [id: string, text: string, file: string];

function documentsAt(path: string): readonly Document[] {
  try {
    if (statSync(path).isDirectory()) {
      const files = readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((file) =>
        /\.(graphql|gql|json)$/.test(file),
      );
      if (files.length === 0) throw wrong(`${path} has no .graphql and no .json file.`);
      return files.sort().flatMap((file) => documentsIn(join(path, file)));
    }
    return documentsIn(path);
  } catch (cause) {
    if (cause instanceof RegistryError) throw cause;
    throw wrong(`The trusted documents at ${path} cannot be read.`, cause);
  }
}

function documentsIn(file: string): readonly Document[] {
  const text = readFileSync(file, 'utf8');
  return file.endsWith('.json') ? documentsOfManifest(file, text) : [[idOf(text), text, file]];
}

/** Either the manifest of Apollo's tools, `{"operations":[{"id","body"}]}`, or that of graphql-codegen, `{"ID":"TEXT"}`. */
function documentsOfManifest(file: string, text: string): readonly Document[] {
  let manifest: unknown;
  try {
    manifest = JSON.parse(text);
  } catch (cause) {
    throw wrong(`${file} is no JSON.`, cause);
  }
  const { operations } = Object(manifest) as { readonly operations?: unknown };
  const pairs: readonly (readonly [unknown, unknown])[] = Array.isArray(operations)
    ? operations.map((each: unknown) => [Object(each).id, Object(each).body] as const)
    : Object.entries(Object(manifest));
  return pairs.map(([id, body]) => {
    if (typeof id === 'string' && typeof body === 'string') return [id, body, file];
    throw wrong(`${file} is no manifest: it has to be {"ID": "DOCUMENT", …} or {"operations": [{"id", "body"}, …]}.`);
  });
}

/** Read late: who trusts other documents does not need them. */
async function ownOperations(): Promise<readonly Document[]> {
  const all = [await import('./generated/cli-operations.ts'), await import('./generated/client-operations.ts')];
  return all
    .flatMap((module) => Object.entries(module))
    .map(([name, text]) => [idOf(String(text)), String(text), name]);
}

function refuseInvalid(schema: GraphQLSchema, text: string, file: string): void {
  try {
    const [error] = validate(schema, parse(text));
    if (error) throw error;
  } catch (cause) {
    if (!(cause instanceof GraphQLError)) throw cause;
    throw wrong(`A trusted document of ${file} does not fit the schema: ${cause.message}`, cause);
  }
}

function idOf(text: string): string {
  return hash('sha256', text);
}

/** An id alone, as `documentId` or as the hash of a persisted query, gets its text. */
function fill(documents: ReadonlyMap<string, string>, method: string, body: unknown): unknown {
  if (method !== 'POST') throw untrusted('Send operations by POST here.');
  const { documentId, query, extensions, ...rest } = Object(body) as Readonly<Record<string, unknown>>;
  const { persistedQuery, ...others } = Object(extensions) as Readonly<Record<string, unknown>>;
  const id = documentId ?? Object(persistedQuery).sha256Hash;
  const known = typeof query === 'string' ? documents.get(idOf(query)) : documents.get(String(id));
  if (known === undefined) throw untrusted('This gateway runs only the documents that it was started with.');
  return { ...rest, query: known, extensions: others };
}

function untrusted(message: string): RegistryError {
  return new RegistryError('UNTRUSTED_DOCUMENT', message);
}

function wrong(message: string, cause?: unknown): RegistryError {
  return new RegistryError('INVALID_ARGUMENT', message, { cause });
}
