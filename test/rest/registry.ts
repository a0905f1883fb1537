import { expect } from 'vitest';

import { type Harness, openHarness, type StoreKind } from '../harness.ts';
import { ask } from './ask.ts';

/** Where the registry's API is. */
export const BASE = '/api/model_registry/v1alpha3';

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
export type Body = any;

/** A gateway over an empty store, with requests that have to be answered well. */
export interface Registry extends Harness {
  got(path: string): Promise<Body>;
  made(path: string, body: object): Promise<Body>;
  posted(path: string, body: object): Promise<Body>;
  changed(path: string, body: object): Promise<Body>;
}

/** Opens one; each request gives the body of its answer. */
export async function openRegistry(kind: StoreKind): Promise<Registry> {
  const harness = await openHarness({ kind });
  const well = async (statuses: readonly number[], method: string, path: string, body?: object): Promise<Body> => {
    const { status, json } = await ask(harness.url, method, `${BASE}/${path}`, { body });
    expect(statuses, `${method} ${path}: ${JSON.stringify(json)}`).toContain(status);
    return json;
  };
  return {
    ...harness,
    got: (path) => well([200], 'GET', path),
    made: (path, body) => well([201], 'POST', path, body),
    posted: (path, body) => well([200, 201], 'POST', path, body),
    changed: (path, body) => well([200], 'PATCH', path, body),
  };
}
