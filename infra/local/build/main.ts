import { fileURLToPath } from 'node:url';
import { build, FUNCTIONS, SITE } from './build-product.ts';

/** `npm run build`: builds functions and site, at once, where they are not built from the sources as they are. */
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const PRODUCTS = { functions: FUNCTIONS, web: SITE };

const [only] = process.argv.slice(2);
const results = await Promise.allSettled(
  Object.entries(PRODUCTS)
    .filter(([name]) => only === undefined || name === only)
    .map(async ([name, product]) => {
      const since = performance.now();
      const fresh = await build(ROOT, product);
      const seconds = ((performance.now() - since) / 1_000).toFixed(1);
      console.log(
        fresh ? `Built dist/${name} in ${seconds} s.` : `dist/${name} is built from these sources already.`,
      );
    }),
);
for (const result of results) {
  if (result.status === 'fulfilled') continue;
  console.error(result.reason instanceof Error ? result.reason.message : result.reason);
  process.exitCode = 1;
}
