#!/usr/bin/env node
// The package's command `modelgraph`: src/main.ts on a Node that runs TypeScript unbuilt, or in an installed package what
// was built of it. Plain CommonJS, so that any Node can start it; one that is too old hands over to the Node that npm
// brought.
const { spawn } = require('node:child_process');
const { existsSync } = require('node:fs');
const { homedir } = require('node:os');
const { dirname, join } = require('node:path');
const { pathToFileURL } = require('node:url');

const source = join(__dirname, '..', 'src', 'main.ts');
const main = existsSync(source) ? source : join(__dirname, '..', 'src', 'main.js');

const [major = 0] = process.versions.node.split('.').map(Number);
if (major >= 24) {
  // What was compiled once is not compiled again: it halves the start. Not in the folder for temporary files, where Node
  // would keep it: there, others could lay compiled code ready for us.
  require('node:module').enableCompileCache(join(homedir(), '.cache', 'modelgraph'));
  import(pathToFileURL(main).href);
} else {
  const brought = findBrought();
  if (brought === undefined) require('./require-node.cjs');
  else handOver(brought);
}

/** The binary of the package with Node for this system, wherever npm put that; undefined where it was not installed. */
function findBrought() {
  const windows = process.platform === 'win32';
  try {
    const json = require.resolve(`node-${windows ? 'win' : process.platform}-${process.arch}/package.json`);
    const binary = join(dirname(json), 'bin', windows ? 'node.exe' : 'node');
    return existsSync(binary) ? binary : undefined;
  } catch {
    return undefined;
  }
}

/** Runs the program as if it were this process: its streams, its signals and its end. */
function handOver(node) {
  const child = spawn(node, [__filename, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.once('exit', (code, signal) => {
    if (signal === null) return process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}
