import type { SeedContext } from '#infra/local/product/demo/seed-demo.ts';
import { seedAtOnce } from '#test/support/seed-at-once.ts';
import type { JobView } from '#shared/jobs/contract.ts';
import { csvFile } from '#shared/kernel/csv/write-csv.ts';
import { createIdentityRepository } from '#shared/identity/identity-repository.ts';
import {
  ADMIN,
  apiOf,
  finished,
  newStateDirectory,
  removeStateDirectory,
  startTestStack,
  type Api,
} from '#test/support/stack.ts';
import { benchArguments } from './arguments.ts';
import { percent, watchMachine, type MachineLoad } from './load-on-machine.ts';
import { machine, writeResults } from './results.ts';
import { readableMs, textTable } from './table.ts';

/**
 * `npm run bench:import`: how long the dry run and the apply of a large file take on the local stack, from the upload to
 * the end of the job, with ordinary rows and with the worst ones. Each file is of a coach of its own, who has nobody.
 */

const options = benchArguments({ rows: 10_000 });
const AIM_MS = { dry: 60_000, apply: 120_000 } as const;

const HEADER = [
  'first_name',
  'last_name',
  'email',
  'guardian_name',
  'guardian_email',
  'grade',
  'division',
  'media_release_date',
];

type Row = (index: number) => readonly (string | number)[];

const ordinary: Row = (index) => [
  `First${index}`,
  `Last${index}`,
  `student${index}@example.org`,
  `Guardian ${index}`,
  `guardian${index}@example.org`,
  6 + (index % 7),
  'high_school',
  '2026-09-02',
];
const withName = (first: string, last: string, email: string, index: number) => [
  first,
  last,
  email,
  ...ordinary(index).slice(3),
];
/** As long as a cell may be. */
const longest = (index: number, length: number): string => String(index).padEnd(length, 'x');

const CASES: Readonly<Record<string, Row>> = {
  ordinary,
  'one name, addresses': (index) => withName('Ana', 'Reyes', `student${index}@example.org`, index),
  'one name, no address': (index) => withName('Ana', 'Reyes', '', index),
  'one address': (index) => withName(`First${index}`, `Last${index}`, 'family@example.org', index),
  'largest cells': (index) => [
    longest(index, 100),
    longest(index, 100),
    `student${index}@${'a'.repeat(60)}.example.org`,
    longest(index, 100),
    `guardian${index}@${'a'.repeat(60)}.example.org`,
    9,
    'high_school',
    '2026-09-02',
  ],
};

const fileOf = (row: Row): string =>
  csvFile(
    HEADER,
    Array.from({ length: options.rows }, (_, index) => row(index)),
  );

const coachOf = (index: number): string => `coach-import-${index}`;

async function seedCoaches({ table, startedAt }: SeedContext): Promise<void> {
  const { coaches } = createIdentityRepository(table);
  for (const index of Object.keys(CASES).keys()) {
    const id = coachOf(index);
    const school = 'Harbor Middle School';
    await coaches.put({
      id,
      name: `Coach ${index}`,
      email: `${id}@example.org`,
      school,
      enabled: true,
      gamePlatformId: null,
      createdAt: startedAt.toISOString(),
    });
  }
}

async function timed(api: Api, path: string, text?: string) {
  const load = watchMachine();
  const start = performance.now();
  const headers: Record<string, string> = text === undefined ? {} : { 'content-type': 'text/csv' };
  const started = await api('POST', path, { headers, ...(text === undefined ? {} : { text }) });
  if (started.status !== 202) throw new Error(`Not accepted: ${JSON.stringify(started.body)}`);
  const job: JobView = await finished(api, started.body.jobId);
  const ms = performance.now() - start;
  if (job.status !== 'succeeded') throw new Error(`The job ended as ${job.status}: ${job.error}`);
  return { jobId: job.id, result: job.result ?? {}, ms, load: load() };
}

const told = ({ ms, load }: { readonly ms: number; readonly load: MachineLoad }): string =>
  `${readableMs(ms)} (${load.cpuSeconds.toFixed(0)} s of processor, machine busy ${percent(load.cores)})`;
const ratio = (ms: number, of: number): string => `${(ms / of).toFixed(2)} ×`;

async function main(): Promise<void> {
  const stateDirectory = newStateDirectory();
  console.log(`${machine()}; ${options.rows} rows`);
  const stack = await startTestStack({ stateDirectory, seedDemo: seedAtOnce(seedCoaches) });
  try {
    const api = await apiOf(stack, ADMIN);
    const runs = [];
    for (const [index, [name, row]] of Object.entries(CASES).entries()) {
      const text = fileOf(row);
      const dry = await timed(api, `/api/competitors/import?dryRun=true&coachId=${coachOf(index)}`, text);
      console.log(`${name}: ${told(dry)} dry`);
      const apply = await timed(api, `/api/competitors/import/${dry.jobId}/apply`);
      runs.push({ name, megabytes: Buffer.byteLength(text) / 2 ** 20, dry, apply });
      console.log(`${name}: ${told(apply)} applied`);
    }
    const [first] = runs;
    if (first === undefined) return;
    console.log(
      `\n${textTable(
        ['rows', 'MB', 'new', 'refused', 'dry', 'of ordinary', 'applied', 'of ordinary', 'CPU', 'cores'],
        runs.map(({ name, megabytes, dry, apply }) => [
          name,
          megabytes.toFixed(1),
          String(apply.result['new'] ?? 0),
          String(apply.result['refused'] ?? 0),
          readableMs(dry.ms),
          ratio(dry.ms, first.dry.ms),
          readableMs(apply.ms),
          ratio(apply.ms, first.apply.ms),
          readableMs((dry.load.cpuSeconds + apply.load.cpuSeconds) * 1_000),
          `${percent(dry.load.cores)}, ${percent(apply.load.cores)}`,
        ]),
      )}\n`,
    );
    const met = first.dry.ms < AIM_MS.dry && first.apply.ms < AIM_MS.apply;
    console.log(
      `${met ? 'Aim met' : 'AIM MISSED'}: ${readableMs(AIM_MS.dry)} dry, ${readableMs(AIM_MS.apply)} applied`,
    );
    const refusals = stack.aws.refusals().length;
    console.log(`Calls that AWS would have refused: ${refusals}`);
    console.log(`Written to ${writeResults('import', { options, runs, refusals })}`);
  } finally {
    await stack.stop();
    removeStateDirectory(stateDirectory);
  }
}

await main();
process.exit();
