// Plain CommonJS, so that a Node that is too old can still run it and say so.
const [major = 0] = process.versions.node.split('.').map(Number);
if (major < 24) {
  console.error(
    `ModelGraph needs Node 24 or newer and found ${process.versions.node}: npm brings its own on Linux and Windows ` +
      '(run npm ci without --omit=optional); on other systems install Node 24.',
  );
  process.exit(1);
}
