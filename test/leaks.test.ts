import { describe, expect, test } from 'vitest';

import { expectNoLeak, leaksIn } from './leaks.ts';

describe('what tells of the inside', () => {
  test.each([
    ['query: INSERT INTO `Artifact` (type_id) VALUES (1)', 'a statement of SQL'],
    ['near "x": SELECT id,\n name FROM Context WHERE 1', 'a statement of SQL'],
    ['there is no ArtifactProperty of it', 'a table'],
    ['UNIQUE constraint failed: Type.name', 'a constraint'],
    ['no such column: gone', 'a constraint'],
    ['given node: type_id: 7 name: "x"', 'a row as a message has it'],
    ['properties { key: "a" value { string_value: "b" } }', 'a row as a message has it'],
    ['connect to 10.0.0.7:8080', 'an address'],
    ['No connection to ipv4:a', 'an address'],
    ['cannot open /srv/data/x', 'a path'],
    ['see file:///home/me/x', 'a path'],
    ['failed in metadata_source.cc:123', 'a file of ours'],
    ['Error\n    at run (file:///a/b.ts:1:2)', 'a frame of a stack'],
    ['@grpc/grpc-js: bad', 'a library'],
    ['better-sqlite3 says no', 'a library'],
    ['ApolloServer (apollo) failed', 'a library'],
    ['connect ECONNREFUSED', 'an error of a library'],
    ['FST_ERR_CTP_BODY_TOO_LARGE', 'an error of a library'],
    ["TypeError: Cannot read properties of undefined (reading 'x')", 'an error of a library'],
    ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.x is no token', 'a token'],
    ['-----BEGIN PRIVATE KEY-----', 'a token'],
  ])('is found: %s', (text, what) => {
    expect(leaksIn(text).some((each) => each.startsWith(`${what}: `))).toBe(true);
    for (const body of [
      JSON.stringify({ code: 'Bad Request', message: text }),
      JSON.stringify({ errors: [{ message: text }], data: { a: null } }),
      JSON.stringify({ data: { createExperiment: { userErrors: [{ message: text }] } } }),
      text,
    ]) {
      expect(() => expectNoLeak(body)).toThrow(/the inside/);
    }
  });

  test.each([
    'There is no artifact with the id 7.',
    "'where' is wrong: it names more than 50 properties and neighbours.",
    'Please provide one of the headers x-apollo-operation-name, apollo-require-preflight',
    'filterQuery is wrong at character 12: custom_properties.k.string_value is a text.',
    'You may not list registeredmodels in the registry "modelgraph".',
  ])('is not: %s', (text) => {
    expect(leaksIn(text)).toEqual([]);
  });

  test('may be in what is stored', () => {
    expectNoLeak(JSON.stringify({ data: { artifact: { uri: 'file:///home/me/weights.py' } } }));
    expectNoLeak(JSON.stringify({ errors: [{ message: 'There is no /srv/x.' }] }), 'nothing /srv/x');
  });
});
