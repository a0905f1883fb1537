import { defineConfig } from 'vite';

/** GraphiQL from npm as static files in dist/playground, served by src/playground.ts. */
export default defineConfig({
  root: import.meta.dirname,
  base: '/graphiql/',
  build: {
    outDir: '../../dist/playground',
    emptyOutDir: true,
    target: 'es2022',
    chunkSizeWarningLimit: 4000, // kB: Monaco is one chunk
    rolldownOptions: { checks: { moduleLevelDirective: false } }, // 'use client' in libraries means nothing here
  },
  worker: { format: 'es' },
});
