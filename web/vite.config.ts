import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Builds the site into dist/web. Everything is self-hosted and nothing is inlined, so that the CSP stays strict. */
export default defineConfig({
  root: here('.'),
  plugins: [react(), tailwindcss()],
  build: {
    outDir: here('../dist/web'),
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        codeSplitting: {
          // Libraries of every page in one file: it stays in the browser's cache over releases of the site itself.
          groups: [
            {
              name: 'libraries',
              test: /node_modules[\\/](?:react|react-dom|react-router|scheduler|zod|oidc-client-ts|react-oidc-context|jwt-decode|@tanstack[\\/](?:query-core|react-query))[\\/]/,
            },
            {
              // What only two pages have in common is fetched with them, not with the first view.
              name: 'common',
              test: /web[\\/]src[\\/]shared|[\\/]shared[\\/].*\.ts$|lucide-react/,
              minShareCount: 3,
            },
          ],
        },
      },
    },
  },
});
