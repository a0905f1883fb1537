// Plain CommonJS, so that any Node runs it. npm 10 skips the packages with Node for other systems, and removes with them
// `node_modules/.bin/node`, the name that all of them share; npm 11 leaves it. This puts it back.
const { existsSync, linkSync, symlinkSync } = require('node:fs');
const { join } = require('node:path');

const windows = process.platform === 'win32';
const file = windows ? 'node.exe' : 'node';
const binary = join(`node-${windows ? 'win' : process.platform}-${process.arch}`, 'bin', file);
const link = join('node_modules', '.bin', file);

if (existsSync(join('node_modules', binary)) && !existsSync(link)) {
  if (windows) linkSync(join('node_modules', binary), link);
  else symlinkSync(join('..', binary), link);
}
