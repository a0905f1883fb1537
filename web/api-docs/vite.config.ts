import { defineConfig } from 'vite';

/** Swagger UI from npm as static files in dist/api-docs, served by src/api-docs.ts. */
export default defineConfig({
  root: import.meta.dirname,
  base: '/api/docs/',
  build: {
    outDir: '../../dist/api-docs',
    emptyOutDir: true,
    target: 'es2022',
    chunkSizeWarningLimit: 2000, // kB: Swagger UI is one chunk
    rolldownOptions: { checks: { bundlerTimings: false, pluginTimings: false } },
  },
});
