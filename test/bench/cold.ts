import { build, type BuildOptions } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as z from 'zod';
import { benchArguments } from './arguments.ts';
import { percentile } from './percentiles.ts';
import { machine, writeResults } from './results.ts';
import { textTable } from './table.ts';

/**
 * `npm run bench:cold`: how large each function's bundle is and how long a fresh process imports it, beside a bare
 * handler with one DynamoDB client. Bundled again with the options of `esbuild.config.mjs`.
 */

const options = benchArguments({ runs: 9 });

const importSchema = z.object({ ms: z.number(), cpuMs: z.number() });

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BARE = 'bare handler';
/** For comparison, with all that the options leave out of the SDK. */
const WHOLE = 'bare handler, whole SDK';
const BARE_SOURCE = `
  import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
  const client = new DynamoDBClient({});
  export const handler = (key) => client.send(new GetItemCommand({ TableName: process.env.TABLE_NAME, Key: key }));
`;
/** Where the X-Ray SDK comes from; a function that has it may weigh that much more. */
const TRACER = /node_modules\/(@aws-lambda-powertools\/tracer|aws-xray-sdk-core)\//;

/** Nothing of this process's own environment: what a function finds on Lambda before it reads its own variables. */
const ENVIRONMENT = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
  AWS_LAMBDA_FUNCTION_NAME: 'bench',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
  POWERTOOLS_SERVICE_NAME: 'bench',
  POWERTOOLS_METRICS_NAMESPACE: 'bench',
  NODE_OPTIONS: '--enable-source-maps',
  TABLE_NAME: 'bench',
};

/** Processor time as well, which a busy machine stretches less. */
interface Import {
  readonly ms: number;
  readonly cpuMs: number;
}

interface Bundle {
  readonly name: string;
  readonly file: string;
  readonly kilobytes: number;
  readonly tracer: boolean;
  readonly imports: Import[];
}

/** Bundles one function. */
async function bundle(name: string, own: BuildOptions): Promise<Bundle> {
  const { metafile } = await build({ ...own, absWorkingDir: ROOT, metafile: true });
  const [file, output] = Object.entries(metafile.outputs).find(([path]) => path.endsWith('.mjs')) ?? [];
  if (file === undefined || output === undefined) throw new Error(`${name} was not bundled.`);
  return {
    name,
    file: join(ROOT, file),
    kilobytes: output.bytes / 1024,
    tracer: Object.keys(output.inputs).some((path) => TRACER.test(path)),
    imports: [],
  };
}

/** What it takes a process of its own to import the file. */
function importOnce(file: string): Import {
  const script = `
    const started = performance.now();
    const before = process.cpuUsage();
    const { handler } = await import(${JSON.stringify(pathToFileURL(file).href)});
    const ms = performance.now() - started;
    const { user, system } = process.cpuUsage(before);
    if (typeof handler !== 'function') throw new Error('There is no handler.');
    process.stdout.write(JSON.stringify({ ms, cpuMs: (user + system) / 1_000 }), () => process.exit());
  `;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    env: ENVIRONMENT,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${file} could not be imported. ${stderr}`);
  return importSchema.parse(JSON.parse(stdout));
}

const median = (values: readonly number[]) =>
  percentile(
    values.toSorted((a, b) => a - b),
    0.5,
  );

async function measure(folder: string) {
  const config = await import(new URL('../../esbuild.config.mjs', import.meta.url).href);
  const optionsOf: (names: readonly string[], out: string) => BuildOptions = config.bundleOptions;
  const functionNames: () => readonly string[] = config.functionNames;
  // Of a function without the tracer, whose bundle needs a banner.
  const { entryPoints: _, outdir: __, outExtension: ___, ...same } = optionsOf(['public-api'], folder);
  const bareOptions = (name: string): BuildOptions => ({
    ...same,
    stdin: { contents: BARE_SOURCE, resolveDir: ROOT },
    outfile: join(folder, `${name}.mjs`),
  });
  const bare = await bundle(BARE, bareOptions('bare'));
  const bundles = [bare, await bundle(WHOLE, { ...bareOptions('whole'), external: [] })];
  for (const name of functionNames()) bundles.push(await bundle(name, optionsOf([name], folder)));
  // Once for the disk's sake; then all in turn, so that a busy moment of the machine meets all alike.
  for (const { file } of bundles) importOnce(file);
  for (let run = 0; run < options.runs; run += 1) {
    for (const { file, imports } of bundles) imports.push(importOnce(file));
  }
  /** Divided by the bare one's of the same round. */
  const timesBare = (imports: readonly Import[], figure: keyof Import) =>
    median(imports.map((one, run) => one[figure] / (bare.imports[run]?.[figure] ?? Number.NaN)));
  return bundles.map(({ name, kilobytes, tracer, imports }) => ({
    name,
    kilobytes,
    tracer,
    importMs: median(imports.map(({ ms }) => ms)),
    importTimesBare: timesBare(imports, 'ms'),
    cpuMs: median(imports.map(({ cpuMs }) => cpuMs)),
    cpuTimesBare: timesBare(imports, 'cpuMs'),
    sizeTimesBare: kilobytes / bare.kilobytes,
  }));
}

const folder = mkdtempSync(join(tmpdir(), 'coach-dashboard-cold-'));
try {
  const functions = await measure(folder);
  console.log(`${machine()}; median of ${options.runs} fresh processes, all in turn\n`);
  console.log(
    textTable(
      ['function', 'KB', '÷ bare', 'import ms', '÷ bare', 'CPU ms', '÷ bare', 'tracer'],
      functions.map((one) => [
        one.name,
        one.kilobytes.toFixed(0),
        one.sizeTimesBare.toFixed(2),
        one.importMs.toFixed(0),
        one.importTimesBare.toFixed(2),
        one.cpuMs.toFixed(0),
        one.cpuTimesBare.toFixed(2),
        one.tracer ? 'yes' : 'no',
      ]),
    ),
  );
  const aims = functions
    .filter(({ name, tracer }) => name !== BARE && name !== WHOLE && !tracer)
    .map(({ name, sizeTimesBare, importTimesBare }) => {
      const most = name === 'public-api' ? 1 : 1.5;
      return { name, most, sizeMet: sizeTimesBare <= most, importMet: importTimesBare <= most };
    });
  const missed = (which: 'sizeMet' | 'importMet') =>
    aims
      .filter((aim) => !aim[which])
      .map(({ name, most }) => `${name} (${most})`)
      .join(', ') || 'none';
  console.log(`\nAbove the aim in size: ${missed('sizeMet')}`);
  console.log(`Above the aim in import time: ${missed('importMet')}`);
  console.log(`\n${writeResults('cold', { options, functions, aims })}`);
} finally {
  rmSync(folder, { recursive: true });
}
