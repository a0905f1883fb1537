import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { listRegistry, type RegistryListArguments } from '../../src/registry/list.ts';
import { STORE_KINDS } from '../harness.ts';
import { requireReference } from '../reference/require.ts';
import { type OpenedStore, openFilled } from '../registry-stores.ts';
import { casesOf, VIEWS } from './cases.ts';
import { fillModels, NAMES, VALUES } from './models.ts';
import type { Plain } from './plain.ts';

describe.each(STORE_KINDS)('the truth table, %s store', (kind) => {
  const missing = kind === 'remote' ? requireReference() : undefined;
  let opened: OpenedStore;
  beforeAll(async () => {
    if (!missing) opened = await openFilled(kind, fillModels);
  });
  afterAll(() => opened?.[Symbol.asyncDispose]());

  async function idsOf(list: RegistryListArguments): Promise<number[]> {
    const page = await listRegistry({ store: opened.store, call: {} }, ['RegisteredModel'], { first: 100, ...list });
    expect(page.hasNextPage).toBe(false);
    return page.rows.map(({ id }) => Number(id));
  }

  async function check(list: RegistryListArguments, holds: (value: Plain) => boolean): Promise<void> {
    const ids = VALUES.flatMap((value, index) => (holds(value) ? [index + 1] : []));
    expect({ list, ids: await idsOf(list) }).toEqual({ list, ids });
  }

  test.skipIf(missing).each(VIEWS)('every operator on a custom property as %s, and its negation', async (view) => {
    for (const { query, where, holds } of casesOf(view)) {
      if (query) await check({ filterQuery: query('p') }, holds);
      if (query) await check({ filterQuery: `NOT ${query('p')}` }, (value) => !holds(value));
      if (where) await check({ where: where('p') }, holds);
      if (where) await check({ where: { not: where('p') } }, (value) => !holds(value));
    }
  });

  test.skipIf(missing).each(NAMES)('a property may be called %s', async (name) => {
    const quoted = `custom_properties.\`${name.replace(/[`\\]/g, '\\$&')}\``;
    const { length } = await Promise.all(
      casesOf('string')
        .filter((_each, index) => index % 5 === 0)
        .map(async ({ query, where, holds }) => {
          if (query) await check({ filterQuery: query(quoted) }, holds);
          if (where) await check({ where: where(name) }, holds);
        }),
    );
    expect(length).toBeGreaterThan(20);
  });

  test.skipIf(missing)('every operator on a field, and on an attribute', async () => {
    const text = (value: Plain) => (value && 'stringValue' in value ? value : undefined);
    const unique = (value: Plain) => (value && 'stringValue' in value && value.stringValue !== '' ? value : undefined);
    const columns = [
      [['owner', 'owner.string_value', 'properties.owner.string_value'], 'owner', text],
      [['externalId', 'external_id'], 'externalId', unique],
    ] as const;
    for (const [names, field, textOf] of columns) {
      for (const { query, where, holds } of casesOf('string')) {
        const plain = query?.('NAME').replace('.string_value', '') ?? '';
        const [name = ''] = names;
        await check({ filterQuery: plain.replace('NAME', name) }, (value) => holds(textOf(value)));
        await check(
          { filterQuery: `NOT (${plain.replace('NAME', names.at(-1) ?? '')})` },
          (value) => !holds(textOf(value)),
        );
        const [conditions] = Object.values((where?.('') ?? {}) as { customProperty?: { string: object }[] });
        const own = conditions?.[0]?.string;
        if (own) await check({ where: { [field]: own } }, (value) => holds(textOf(value)));
      }
    }
  });
});
