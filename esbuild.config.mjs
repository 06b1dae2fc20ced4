// Bundles every Lambda function: functions/<name>/<name>.lambda.ts → dist/functions/<name>/index.mjs.
import { build } from 'esbuild';
import { readdirSync, rmSync } from 'node:fs';

const OUT = 'dist/functions';

export const functionNames = () =>
  readdirSync('functions', { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);

/** How one function is bundled. */
export const bundleOptions = (name) => ({
  entryPoints: [`functions/${name}/${name}.lambda.ts`],
  outfile: `${OUT}/${name}/index.mjs`,
  bundle: true,
  minify: true,
  keepNames: true,
  sourcemap: 'linked',
  sourcesContent: false,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  mainFields: ['module', 'main'],
  legalComments: 'none',
  logLevel: 'warning',
});

/** One folder per function, so that each is an asset of its own and only changed ones are deployed. */
export async function buildFunctions() {
  rmSync(OUT, { recursive: true, force: true });
  const names = functionNames();
  await Promise.all(names.map((name) => build(bundleOptions(name))));
  return names;
}

if (import.meta.url === `file://${process.argv[1]}`) {
  const names = await buildFunctions();
  console.log(`Built ${names.length} functions into ${OUT}.`);
}
