import { mkdirSync, mkdtempDisposableSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

import type { Caller } from '../../src/auth/caller.ts';
import type { Permission } from '../../src/auth/permission.ts';
import { decideByRoles } from '../../src/auth/roles/decide-by-roles.ts';
import { parseRoles } from '../../src/auth/roles/parse-roles.ts';
import { openRolesFile } from '../../src/auth/roles/roles-file.ts';
import { until } from '../cluster/until.ts';
import { bearer } from './bearer.ts';
import { askRaw, openGuarded } from './guarded.ts';

const FILE = `
roles:
  reader:
    - verbs: [get, list]
      resources: ['*']
  modeller:
    - verbs: ['*']
      resources: [registeredmodels, modelversions]
      registries: [fraud]
    - verbs: [get]
      resources: [lineage]
  nothing: []
subjects:
  - users: [alice@example.org, 'Žofie']
    roles: [reader, modeller]
  - groups: [data-science]
    roles: [modeller]
  - groups: [system:authenticated]
    roles: [nothing]
  - users: [system:anonymous]
    groups: [guests]
    roles: [reader]
`;

describe('a roles file decides', () => {
  const decide = decideByRoles(() => parseRoles('roles.yaml', FILE));
  const known = (name: string, ...groups: string[]): Caller => ({ name, groups, by: 'jwt' });
  const anonymous: Caller = { name: 'system:anonymous', groups: ['system:unauthenticated'], by: 'anonymous' };
  const ask = (caller: Caller, { verb, resource }: Permission, registry = 'fraud') =>
    decide({ caller, verb, resource, registry, credentials: bearer('x') });

  test.each<[string, Caller, string, boolean]>([
    ['a user', known('alice@example.org'), 'get types', true],
    ['by another role too', known('alice@example.org'), 'archive modelversions', true],
    ['in its registry only', known('alice@example.org'), 'archive modelversions in other', false],
    ['a verb that no role has', known('alice@example.org'), 'create types', false],
    ['a name in all writings', known('Žofie'), 'list artifacts', true],
    ['the same name, composed otherwise', known('Z\u030Cofie'), 'list artifacts', false],
    ['a group', known('bob', 'data-science'), 'update registeredmodels', true],
    ['what holds everywhere', known('bob', 'data-science'), 'get lineage in other', true],
    ['a group that begins alike', known('bob', 'data-science,x'), 'update registeredmodels', false],
    ['a user named like a group', known('data-science'), 'update registeredmodels', false],
    ['a group named like a user', known('bob', 'alice@example.org'), 'get types', false],
    ['nobody in particular', known('carol'), 'get types', false],
    ['nobody', anonymous, 'get types', true],
    ['nobody, who is no one of those who are known', anonymous, 'update types', false],
  ])('%s', async (_what, caller, right, may) => {
    const [verb, resource, , registry] = right.split(' ') as [
      Permission['verb'],
      Permission['resource'],
      string,
      string?,
    ];
    expect(await ask(caller, { verb, resource }, registry)).toBe(may);
  });

  test('who is known is in system:authenticated', async () => {
    const all = decideByRoles(() =>
      parseRoles(
        'r',
        "roles: { a: [{ verbs: ['*'], resources: [types] }] }\nsubjects: [{ groups: [system:authenticated], roles: [a] }]",
      ),
    );
    const asked = { verb: 'get', resource: 'types', registry: 'r', credentials: bearer('x') } as const;
    expect([await all({ ...asked, caller: known('x') }), await all({ ...asked, caller: anonymous })]).toEqual([
      true,
      false,
    ]);
  });
});

describe('what is wrong in a roles file is told with its place', () => {
  const change = (from: string, to: string) => FILE.replace(from, to);
  test.each<[string, string, string]>([
    [
      'an unknown verb',
      change('[get, list]', '[get, lst]'),
      "roles.yaml:4:20: 'lst' is no verb; there are '*', get, list, create, update, archive.",
    ],
    [
      'an unknown resource',
      change('registeredmodels,', 'models,'),
      "roles.yaml:8:19: 'models' is no resource; there are '*', registeredmodels, ",
    ],
    ['a name that is no registry', change('[fraud]', '[Fraud]'), "roles.yaml:9:20: 'Fraud' is no name of a registry."],
    [
      'an unknown field',
      change('registries:', 'registry:'),
      "roles.yaml:9:7: A permission has no field 'registry'; there are verbs, resources, registries.",
    ],
    [
      'a missing field',
      change("      resources: ['*']\n", ''),
      'roles.yaml:4:7: A permission has to have `resources`.',
    ],
    [
      'an unknown role',
      change('[nothing]', '[nothink]'),
      "roles.yaml:19:13: There is no role 'nothink'; there is reader, modeller, nothing.",
    ],
    [
      'a subject that is nobody',
      change('  - groups: [data-science]\n', '  -\n'),
      'roles.yaml:17:5: A subject has to have `users` or `groups`.',
    ],
    [
      'a star for a user',
      change("'Žofie'", "'*'"),
      "roles.yaml:14:32: There is no '*' here; for all who are known name the group system:authenticated.",
    ],
    ['one text for a list', change('[get, list]', 'get'), 'roles.yaml:4:14: `verbs` has to be a list.'],
    ['an empty list', change('[get, list]', '[]'), 'roles.yaml:4:14: `verbs` is empty.'],
    [
      'a number for a name',
      change("'Žofie'", '7'),
      'roles.yaml:14:32: `users` has to be a list of texts; put quotes around this one.',
    ],
    ['an alias', change("['*']", '*all'), 'roles.yaml:5:18: `resources` has to be a list.'],
    ['a role twice', change('modeller:', 'reader:'), 'roles.yaml:6:3: the file is not YAML: Map keys must be unique'],
    ['what is no YAML', change('[get, list]', '[get, list'), 'the file is not YAML: '],
    ['two documents', `${FILE}---\n${FILE}`, 'the file is not YAML: '],
    [
      'an unknown part',
      `${FILE}other: 1\n`,
      "roles.yaml:23:1: The file has no field 'other'; there are roles, subjects.",
    ],
    ['a list', '- a\n', 'roles.yaml:1:1: The file has to be a map of names.'],
    ['nothing', '', 'roles.yaml:1:1: The file has to be a map of names.'],
    ['half of it', 'roles: {}\n', 'roles.yaml:1:1: The file has to have `subjects`.'],
    ['a tag that makes an object', change('[get, list]', '!!set { get }'), 'roles.yaml:4:'],
  ])('%s', (_what, text, message) => {
    expect(() => parseRoles('roles.yaml', text)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
    expect(() => parseRoles('roles.yaml', text)).toThrow(message);
  });
});

describe('a roles file that changes', () => {
  const gives = (verb: string) =>
    `roles: { a: [{ verbs: [${verb}], resources: ['*'] }] }\nsubjects: [{ users: [alice], roles: [a] }]\n`;

  test('is in force at once; a wrong one, and none, leave in force what was before, and are told once', async () => {
    using folder = mkdtempDisposableSync(join(tmpdir(), 'modelgraph-roles-'));
    const path = join(folder.path, 'roles.yaml');
    writeFileSync(path, gives('get'));
    const told: string[] = [];
    using file = openRolesFile(path, {
      onChange: () => told.push('changed'),
      onWrong: (error) => told.push(String(error)),
    });
    const verbs = () =>
      file
        .current()
        .roles.get('a')
        ?.flatMap((grant) => grant.verbs);
    expect(verbs()).toEqual(['get']);
    writeFileSync(path, gives('list'));
    await until('the change', () => verbs()?.[0] === 'list');
    writeFileSync(path, gives('nothing'));
    await until('the complaint', () => told.length === 2);
    expect(told[1]).toContain(`${path}:1:24: 'nothing' is no verb`);
    expect(verbs()).toEqual(['list']);
    rmSync(path);
    await until('the complaint', () => told.length === 3);
    expect(told[2]).toContain(`The roles file ${path} cannot be read`);
    expect(verbs()).toEqual(['list']);
    writeFileSync(`${path}.new`, gives('create'));
    renameSync(`${path}.new`, path);
    await until('the change', () => verbs()?.[0] === 'create');
    // A file that was opened later has been looked at again: so has this one, and there was nothing to tell.
    const second = join(folder.path, 'second.yaml');
    writeFileSync(second, gives('get'));
    using other = openRolesFile(second, { onChange: () => {}, onWrong: () => {} });
    writeFileSync(second, gives('list'));
    await until('the other change', () => other.current().roles.get('a')?.[0]?.verbs[0] === 'list');
    expect(told).toHaveLength(4);
  });

  test('is found in a mounted ConfigMap, whose link leads elsewhere', async () => {
    using folder = mkdtempDisposableSync(join(tmpdir(), 'modelgraph-roles-'));
    const at = (...names: string[]) => join(folder.path, ...names);
    for (const [version, verb] of [
      ['..1', 'create'],
      ['..2', 'update'],
    ] as const) {
      mkdirSync(at(version));
      writeFileSync(at(version, 'roles.yaml'), gives(verb));
    }
    symlinkSync('..1', at('..data'));
    symlinkSync('..data/roles.yaml', at('roles.yaml'));
    using file = openRolesFile(at('roles.yaml'), {
      onChange: () => {},
      onWrong: (error) => expect.unreachable(String(error)),
    });
    symlinkSync('..2', at('..new'));
    renameSync(at('..new'), at('..data'));
    await until('the change', () => file.current().roles.get('a')?.[0]?.verbs[0] === 'update');
  });
});

test('at the door, the roles of nobody count for who shows nothing', async () => {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'modelgraph-roles-'));
  const roles = join(folder.path, 'roles.yaml');
  writeFileSync(
    roles,
    'roles: { reader: [{ verbs: [get, list], resources: [artifacts] }] }\nsubjects: [{ groups: [system:unauthenticated], roles: [reader] }]\n',
  );
  await using gateway = await openGuarded({ roles }, { decides: true });
  expect(await gateway.ask()).toEqual({ status: 200, message: undefined });
  expect(await askRaw(gateway.url, 'Authorization: Bearer anything')).toMatch(/^HTTP\/1.1 200 /);
  const { status, errors } = await gateway.query('{ executions { nodes { id } } }');
  expect({ status, message: errors?.[0]?.message }).toEqual({
    status: 403,
    message: "You may not list executions in the registry 'modelgraph'.",
  });
});

test.each([
  ['[get, list]', '["*"]', false],
  ['["*"]', '["*"]', true],
  ['[list]', '[auditlog]', true],
  ['["*"]', '[artifacts]', false],
])('the audit log is for who has verbs %s of resources %s: %s', async (verbs, resources, may) => {
  const file = `roles: {r: [{verbs: ${verbs}, resources: ${resources}}]}\nsubjects: [{users: [a], roles: [r]}]`;
  const decide = decideByRoles(() => parseRoles('roles.yaml', file));
  const caller = { name: 'a', groups: [], by: 'jwt' } as const;
  const credentials = { values: () => [], peer: { address: '' } };
  const question = { caller, credentials, registry: 'modelgraph', verb: 'list', resource: 'auditlog' } as const;
  expect(await decide(question)).toBe(may);
});
