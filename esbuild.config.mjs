// Bundles every Lambda function: functions/<name>/<name>.lambda.ts → dist/functions/<name>/index.mjs, and writes the
// API document beside the function that serves it.
import { build } from 'esbuild';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

const OUT = 'dist/functions';

export const functionNames = () =>
  readdirSync('functions', { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);

/**
 * Where the SDK looks for credentials when the environment has none. It does on Lambda and in the local stack, so that
 * these are never imported.
 */
const OTHER_CREDENTIALS = [
  '@aws-sdk/credential-provider-ini',
  '@aws-sdk/credential-provider-process',
  '@aws-sdk/credential-provider-sso',
  '@aws-sdk/credential-provider-web-identity',
  '@aws-sdk/credential-provider-http',
  '@smithy/credential-provider-imds',
];
const entryOf = (name) => `functions/${name}/${name}.lambda.ts`;

/** The X-Ray SDK under the tracer is CommonJS and requires modules of Node.js, which ESM bundles cannot by themselves. */
const REQUIRE = {
  banner: {
    js: "import { createRequire } from 'node:module';const require = createRequire(import.meta.url);",
  },
};
const hasTracer = (name) => readFileSync(entryOf(name), 'utf8').includes('powertools-tracing.ts');

/** How these functions are bundled: each into a folder of its own below `out`. */
export const bundleOptions = (names, out) => ({
  entryPoints: names.map((name) => ({ in: entryOf(name), out: `${name}/index` })),
  outdir: out,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  external: OTHER_CREDENTIALS,
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
  ...(names.some(hasTracer) ? REQUIRE : {}),
});

/**
 * How all functions are bundled again after each change, for `npm run dev`: what they share is linked once instead of
 * for every function, and nothing is shortened, which is ten times as quick.
 */
export const watchOptions = (out) => ({
  ...bundleOptions(functionNames(), out),
  splitting: true,
  chunkNames: 'shared/[name]-[hash]',
  minify: false,
  logLevel: 'silent',
});

/** One folder per function, so that each is an asset of its own and only changed ones are deployed. */
export async function buildFunctions() {
  rmSync(OUT, { recursive: true, force: true });
  const names = functionNames();
  const withoutTracer = names.filter((name) => !hasTracer(name));
  // Bundled together, so that what they share is parsed once.
  await Promise.all([names.filter(hasTracer), withoutTracer].map((some) => build(bundleOptions(some, OUT))));
  await writeOpenApiDocument(OUT);
  return names;
}

/** Made from the contracts, which are TypeScript: bundled first, then run. */
export async function writeOpenApiDocument(out) {
  const { outputFiles } = await build({
    stdin: {
      contents:
        "export { openApiDocument } from '#shared/http/openapi.ts'; export { TASKS } from '#shared/composition/tasks.ts';" +
        "export { taskTypeNames } from '#shared/jobs/task-definition.ts';",
      resolveDir: '.',
    },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
  });
  const { openApiDocument, taskTypeNames, TASKS } = await import(
    `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`
  );
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  writeFileSync(
    `${out}/public-api/openapi.json`,
    JSON.stringify(openApiDocument(version, taskTypeNames(TASKS))),
  );
}

if (import.meta.url === `file://${process.argv[1]}`) {
  const names = await buildFunctions();
  console.log(`Built ${names.length} functions into ${OUT}.`);
}
