import { globSync, readFileSync } from 'node:fs';
import { mkdir, mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import fastify from 'fastify';
import { buildSchema, type GraphQLSchema, Kind, parse, validate } from 'graphql';
import { describe, expect, test } from 'vitest';

import { servePlayground } from '../src/playground.ts';

const examples = globSync('web/playground/examples/*.graphql').sort();

describe('the examples', () => {
  test('are at least six, each tab with a title of its own', () => {
    const titles = examples.map(titleOf);
    expect(titles.length).toBeGreaterThanOrEqual(6);
    expect(new Set(titles).size).toBe(titles.length);
  });

  test.each(examples)('%s says what it shows and fits the schema', (file) => {
    const text = readFileSync(file, 'utf8');
    expect(text).toMatch(/^(# .{10,57}\n){1,2}(query|mutation) \w+/);
    expect(validate(readSchema(), parse(text))).toEqual([]);
  });
});

describe('the page', () => {
  test('is served with and without the slash, under a strict policy, never from a stale cache', async () => {
    await using gateway = await openGateway(BUILT);
    for (const url of ['/graphiql', '/graphiql/']) {
      const { statusCode, headers, body } = await gateway.app.inject(url);
      expect(statusCode).toBe(200);
      expect(body).toBe(BUILT['index.html']);
      expect(headers).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-cache',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
      });
      expect(headers['content-security-policy']).toMatch(
        /^default-src 'none'; script-src 'self'; connect-src 'self'; /,
      );
      expect(headers['content-security-policy']).not.toMatch(/https?:|\*|unsafe-eval|script-src[^;]*unsafe/);
    }
  });

  test.each([
    ['a1.js', 'application/javascript; charset=utf-8'],
    ['a1.css', 'text/css; charset=utf-8'],
    ['a1.ttf', 'font/ttf'],
  ])('has its asset %s kept for good', async (name, type) => {
    await using gateway = await openGateway(BUILT);
    for (const method of ['GET', 'HEAD'] as const) {
      const { statusCode, headers, body } = await gateway.app.inject({ method, url: `/graphiql/assets/${name}` });
      expect(statusCode).toBe(200);
      expect(headers).toMatchObject({
        'content-type': type,
        'cache-control': 'public, max-age=31536000, immutable',
        'x-content-type-options': 'nosniff',
      });
      expect(body).toBe(method === 'GET' ? BUILT[`assets/${name}`] : '');
    }
  });

  test.each([
    '/graphiql/unknown',
    '/graphiql/index.html',
    '/graphiql/assets/unknown.js',
    '/graphiql/assets/..%2findex.html',
  ])('has nothing at %s', async (url) => {
    await using gateway = await openGateway(BUILT);
    const response = await gateway.app.inject(url);
    expect(response.statusCode).toBe(404);
    expect(response.json()).toMatchObject({ statusCode: 404 });
    expect(response.headers['cache-control']).toBeUndefined();
  });

  test('is where a browser is led from /, and nobody else', async () => {
    await using gateway = await openGateway(BUILT);
    const browser = await gateway.app.inject({
      url: '/',
      headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' },
    });
    expect([browser.statusCode, browser.headers.location]).toEqual([302, '/graphiql']);
    for (const accept of ['*/*', 'application/json', 'text/html-like']) {
      const other = await gateway.app.inject({ url: '/', headers: { accept } });
      expect([other.statusCode, other.headers.vary]).toEqual([404, 'accept']);
    }
  });

  test('says how to build it where it is not built', async () => {
    await using gateway = await openGateway({});
    for (const url of ['/graphiql', '/graphiql/', '/graphiql/assets/a1.js']) {
      const { statusCode, headers, body } = await gateway.app.inject(url);
      expect([statusCode, headers['content-type'], headers['cache-control']]).toEqual([
        503,
        'text/plain; charset=utf-8',
        'no-store',
      ]);
      expect(body).toContain('npm run generate');
    }
  });
});

const BUILT: Readonly<Record<string, string>> = {
  'index.html': '<!doctype html><title>the page</title>',
  'assets/a1.js': 'script',
  'assets/a1.css': 'style',
  'assets/a1.ttf': 'font',
};

async function openGateway(files: Readonly<Record<string, string>>) {
  const folder = await mkdtempDisposable(join(tmpdir(), 'playground-'));
  await mkdir(join(folder.path, 'assets'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder.path, name), text);
  const app = fastify();
  await servePlayground(app, folder.path);
  return {
    app,
    async [Symbol.asyncDispose]() {
      await app.close();
      await folder.remove();
    },
  };
}

function readSchema(): GraphQLSchema {
  const files = globSync('schema/*.graphql').sort();
  return buildSchema(files.map((file) => readFileSync(file, 'utf8')).join('\n'));
}

function titleOf(file: string): string {
  const operation = parse(readFileSync(file, 'utf8')).definitions.find(
    (node) => node.kind === Kind.OPERATION_DEFINITION,
  );
  return operation?.name?.value ?? basename(file);
}
