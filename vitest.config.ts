import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';

import { closingLine } from './tools/closing-line.ts';

const require = createRequire(import.meta.url);

export default defineConfig({
  // As in Node: Vite would take graphql's `module` file for us and leave `main` to the libraries, and two copies of
  // graphql do not know each other's types.
  resolve: { alias: [{ find: /^graphql$/, replacement: require.resolve('graphql') }] },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/cluster/global-setup.ts'],
    reporters: ['default', closingLine],
    // Generous: they only bound a hang, on a loaded machine too.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // More than cores: those that wait for a cluster, a lease or a process leave theirs to others.
    maxWorkers: 4,
  },
});
