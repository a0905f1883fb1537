#!/usr/bin/env node
// The package's command `modelgraph`: src/main.ts on a Node that runs TypeScript unbuilt. Plain CommonJS, so that any
// Node can start it; one that is too old hands over to the Node that npm brought.
const { spawn } = require('node:child_process');
const { existsSync } = require('node:fs');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');

const root = join(__dirname, '..');
const main = join(root, 'src', 'main.ts');
const brought = join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'node.exe' : 'node');

const [major = 0] = process.versions.node.split('.').map(Number);
if (major >= 24) {
  // What was compiled once is not compiled again: it halves the start.
  require('node:module').enableCompileCache();
  import(pathToFileURL(main).href);
} else if (existsSync(brought)) {
  handOver();
} else {
  require('./require-node.cjs');
}

/** Runs the program as if it were this process: its streams, its signals and its end. */
function handOver() {
  const child = spawn(brought, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.once('exit', (code, signal) => {
    if (signal === null) return process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}
