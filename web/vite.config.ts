import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * Leaves out what zod writes JSON schemas with, 5 KB (gzip) of every first view: every schema holds on to it, so no bundler can
 * tell that the site never asks. What was exported is there, and does nothing.
 */
const withoutJsonSchemas: Plugin = {
  name: 'without-json-schemas',
  transform(code, id) {
    if (!/zod\/v4\/core\/(?:json-schema-processors|to-json-schema)\.js$/.test(id)) return null;
    const names = [...code.matchAll(/^export (?:const|function|class) (\w+)/gm)].map(([, name]) => name);
    return { code: names.map((name) => `export const ${name} = () => undefined;`).join('\n'), map: null };
  },
};

/** Builds the site into dist/web. Everything is self-hosted and nothing is inlined, so that the CSP stays strict. */
export default defineConfig({
  root: here('.'),
  plugins: [withoutJsonSchemas, react(), tailwindcss()],
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
              // What most pages have in common. With a lower count the first view fetches what only other pages need.
              name: 'common',
              test: /web[\\/]src[\\/]shared|[\\/]shared[\\/].*\.ts$|lucide-react/,
              minShareCount: 12,
            },
          ],
        },
      },
    },
  },
});
