import { execFileSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { extname, join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '..');

/** Where the package is put together, in the layout of the checkout: what finds files beside itself finds them there too. */
const FOLDER = join(ROOT, 'dist/package');

/** What is copied as it is; `src/` is compiled. */
const COPIED = [
  'schema',
  'dist/playground',
  'dist/api-docs',
  'tools/modelgraph.cjs',
  'tools/require-node.cjs',
  'LICENSE',
  'README.md',
];

/** What of package.json is for developers. */
const LEFT_OUT: ReadonlySet<string> = new Set(['private', 'scripts', 'devDependencies', 'allowScripts']);

/** The declarations that `exports` reaches: those of the client. */
const DECLARED = /^src\/(client\/[\w-]+|generated\/client-operations)\.d\.ts$/;

/** What code reads at run time, besides JavaScript. */
const KEPT = new Set(['.js', '.map', '.sql', '.binpb']);

// npm run build: the npm package as a folder, for `npm pack dist/package`.
rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER, { recursive: true });
for (const path of COPIED) cpSync(join(ROOT, path), join(FOLDER, path), { recursive: true });
writeFileSync(join(FOLDER, 'package.json'), `${JSON.stringify(packageJson(), null, 2)}\n`);
compile();

/** Our own, without what is for developers, and with what can be imported. */
function packageJson() {
  const own = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const client = { types: './src/client/index.d.ts', default: './src/client/index.js' };
  return {
    ...Object.fromEntries(Object.entries(own).filter(([key]) => !LEFT_OUT.has(key))),
    exports: { './client': client, './package.json': './package.json' },
    files: ['src', 'schema', 'dist', 'tools'],
    sideEffects: ['./src/main.js'],
  };
}

/** Compiles a copy of `src/` in its place, so that source maps name files beside them, and takes the sources away. */
function compile(): void {
  cpSync(join(ROOT, 'src'), join(FOLDER, 'src'), { recursive: true });
  tsc('tsconfig.json', ['src'], { noEmit: false, rootDir: '.', sourceMap: true, inlineSources: true });
  tsc('tsconfig.client.json', ['src/client'], {
    noEmit: false,
    rootDir: '.',
    declaration: true,
    emitDeclarationOnly: true,
  });
  for (const file of globSync('src/**/*.*', { cwd: FOLDER })) {
    if (!KEPT.has(extname(file)) && !DECLARED.test(file)) rmSync(join(FOLDER, file));
  }
}

/** Runs the compiler in the package's folder by one of our configurations. */
function tsc(base: string, include: readonly string[], compilerOptions: Readonly<Record<string, unknown>>): void {
  const config = join(FOLDER, base);
  writeFileSync(config, JSON.stringify({ extends: join(ROOT, base), compilerOptions, include }));
  execFileSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', config], { stdio: 'inherit' });
  rmSync(config);
}
