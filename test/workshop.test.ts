import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, test } from 'vitest';

interface Locked {
  readonly dev?: boolean;
  readonly resolved?: string;
  readonly hasInstallScript?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const packageJson = JSON.parse(readFileSync('package.json', 'utf8'));
const lock = Object.entries(JSON.parse(readFileSync('package-lock.json', 'utf8')).packages as Record<string, Locked>);

/** Packages that run in production and want to run a script when they are installed; both scripts only print. */
const WITH_SCRIPT = ['@apollo/protobufjs', 'protobufjs'];

/** Apart, like the names below, so that this file has nothing of what it looks for. */
const ROOT = '/';

/** The hosts of package registries. */
const REGISTRIES = ['registry.npmjs', 'pypi', 'files.pythonhosted', 'deb.debian', 'proxy.golang'].map(
  (name) => `${name}.org`,
);

/** Folders of the machine that a file was written on. */
const MACHINE_PATHS = /(?<![\w.}/])\/(work|root|tmp|home)\/\w/;

describe('the README', () => {
  test('starts with the two commands', () => {
    expect(firstCodeBlock(readFileSync('README.md', 'utf8')).map((line) => line.replace(/\s*#.*/, ''))).toEqual([
      'npm ci && npm run demo',
      'npm ci && npm test',
    ]);
  });

  test('has a first code block that is found', () => {
    expect(firstCodeBlock('# A\n\n```sh\nb\nc  # d\n```\n\n```\ne\n```\n')).toEqual(['b', 'c  # d']);
  });
});

describe.skipIf(!existsSync('.git'))('every file of the repository (skipped where there is no git)', () => {
  const files = existsSync('.git') ? listFiles() : [];
  const texts = files.map((file) => [file, readFileSync(file, 'utf8')] as const);

  test('that a page links to is there', () => {
    const pages = texts.filter(([file]) => file.endsWith('.md'));
    expect(pages.length).toBeGreaterThan(2);
    expect(pages.flatMap(([file, text]) => brokenLinks(file, text))).toEqual([]);
  });

  test('names no folder of a machine and no registry', () => {
    // Goldens are what a real pipeline wrote, wherever that ran.
    const own = texts.filter(([file]) => !/^test\/query\/.*\.json$/.test(file));
    expect(own.flatMap(([file, text]) => traces(text).map((trace) => `${file}: ${trace}`))).toEqual([]);
  });
});

test.each([
  [`cd ${ROOT}work/main && npm test`, [`${ROOT}work/m`]],
  [`see \`${ROOT}tmp/out.json\``, [`${ROOT}tmp/o`]],
  [`it asked https://${REGISTRIES[0]}/graphql`, [REGISTRIES[0]]],
  ['a/work/b, {root}/tmp/x, https://a.b/work/c, /tmp', []],
])('a trace of a machine is found: %s', (text, found) => expect(traces(text)).toEqual(found));

test.each([
  ['docs/a.md', '[b](b.md) and ![c](c.png "C")', ['docs/a.md: b.md', 'docs/a.md: c.png']],
  ['docs/a.md', '[up](../package.json#L1) [out](https://a.b/c) [here](#d)', []],
  ['docs/a.md', '[ref][r]\n\n[r]: ../nothing.md', ['docs/a.md: ../nothing.md']],
])('a link to nothing is found: %s %s', (file, text, broken) => expect(brokenLinks(file, text)).toEqual(broken));

describe('the packages', () => {
  test('are pinned', () => {
    const { dependencies, devDependencies, optionalDependencies } = packageJson;
    const versions = Object.entries<string>({ ...dependencies, ...devDependencies, ...optionalDependencies });
    expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
    expect(new Set(Object.values(optionalDependencies)).size).toBe(1); // one version of Node on all systems
  });

  test('are locked without the address that they came from', () => {
    expect(lock.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
  });

  test('are locked for all systems, or npm 11 refuses `npm ci`', () => {
    const names = new Set(lock.map(([path]) => nameOf(path)));
    const optional = lock.flatMap(([, { optionalDependencies = {} }]) => Object.keys(optionalDependencies));
    expect(optional.filter((name) => !names.has(name))).toEqual([]);
  });

  test('run no script when they are installed', () => {
    const withScript = lock.filter(([, { hasInstallScript }]) => hasInstallScript);
    const allowed = withScript.map(([path]) => [nameOf(path), packageJson.allowScripts[nameOf(path)]]);
    expect(allowed.filter(([, isAllowed]) => isAllowed !== false)).toEqual([]);
    expect(withScript.filter(([, { dev }]) => !dev).map(([path]) => nameOf(path))).toEqual(WITH_SCRIPT);
  });
});

test('the licence is the one that package.json names', () => {
  expect(packageJson.license).toBe('Apache-2.0');
  expect(readFileSync('LICENSE', 'utf8')).toMatch(/Apache License\s+Version 2\.0, January 2004/);
});

function firstCodeBlock(markdown: string): string[] {
  return (/^```\w*\n(.*?)\n```$/ms.exec(markdown)?.[1] ?? '').split('\n');
}

/** The files that are committed, or would be. */
function listFiles(): string[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    encoding: 'utf8',
  });
  return listed.split('\0').filter((file) => lstatSync(file, { throwIfNoEntry: false })?.isFile());
}

function traces(text: string): string[] {
  const path = MACHINE_PATHS.exec(text)?.[0];
  return [...(path === undefined ? [] : [path]), ...REGISTRIES.filter((name) => text.includes(name))];
}

/** The links of a page to files that are not there, as they are written. */
function brokenLinks(file: string, text: string): string[] {
  const links = text.matchAll(/\]\(([^)\s]+)[^)]*\)|^\[[^\]]+\]:\s*(\S+)/gm);
  return Array.from(links, ([, inline, reference]) => inline ?? reference ?? '')
    .filter((link) => !/^([a-z]+:|#)/.test(link))
    .filter((link) => !existsSync(posix.join(posix.dirname(file), link.replace(/#.*/, ''))))
    .map((link) => `${file}: ${link}`);
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}
