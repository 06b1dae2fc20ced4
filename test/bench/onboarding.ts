import type { JobView } from '#shared/jobs/contract.ts';
import {
  ADMIN,
  apiOf,
  finished,
  newStateDirectory,
  removeStateDirectory,
  startTestStack,
  until,
  type Api,
  type TestStack,
} from '#test/support/stack.ts';
import { benchArguments } from './arguments.ts';
import { percent, watchMachine } from './load-on-machine.ts';
import { machine, writeResults } from './results.ts';
import { seedPopulation, type BenchPerson, type BenchPopulation } from './roster/population.ts';
import { readableMs, textTable } from './table.ts';

/**
 * `npm run bench:onboarding`: how long it takes to put a coach's people on the platform, alone and while a full score
 * sync takes what the call budget gives. Both on the local stack, one after the other, so that the ratio is that of
 * one run.
 */

const options = benchArguments({
  /** People with an account, whom the sync reads meanwhile. */
  synced: 600,
  /** People of a coach who are put on the platform. */
  people: 60,
  /** The platform's answers take so many milliseconds, and up to as many more. */
  latency: 25,
});
const AIM = 2;

const coaches = [
  'coach-bench-alone',
  'coach-bench-beside',
  'coach-bench-synced',
  'coach-bench-warm-up',
] as const;
const [ALONE, BESIDE, SYNCED, WARM_UP] = coaches;

const peopleOf = (coachId: string, count: number, hasAccount: boolean): BenchPerson[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `cmp-${coachId}-${String(index).padStart(4, '0')}`,
    coachId,
    teamId: null,
    hasAccount,
  }));

const population: BenchPopulation = {
  coachIds: coaches,
  teams: new Map(),
  people: [
    ...peopleOf(ALONE, options.people, false),
    ...peopleOf(BESIDE, options.people, false),
    ...peopleOf(WARM_UP, 5, false),
    ...peopleOf(SYNCED, options.synced, true),
  ],
};

async function start(api: Api, taskType: string, payload: unknown): Promise<string> {
  const { status, body } = await api('POST', '/api/admin/jobs', { body: { taskType, payload } });
  if (status !== 202) throw new Error(`${taskType} was not started: ${JSON.stringify(body)}`);
  return body.jobId;
}

/** Whether the schedules' first round has come, and all that it began is at its end. */
async function isSettled(api: Api): Promise<boolean> {
  const { items } = (await api('GET', '/api/admin/jobs?limit=200')).body;
  const jobs: readonly JobView[] = items;
  return (
    jobs.some(({ taskType }) => taskType === 'game_platform_sync') &&
    jobs.every(({ finishedAt }) => finishedAt !== null)
  );
}

async function onboard(stack: TestStack, api: Api, coachId: string) {
  const { simulator } = stack.gamePlatform;
  const before = simulator?.requests.since().at(-1)?.sequence ?? 0;
  const load = watchMachine();
  const job = await finished(api, await start(api, 'onboard_competitors', { coachId }));
  const ms = Date.parse(job.finishedAt ?? '') - Date.parse(job.createdAt);
  const calls = simulator?.requests.since(before) ?? [];
  return {
    coachId,
    ms,
    onboarded: job.result?.['onboarded'] ?? 0,
    calls: calls.length,
    callsForSync: calls.filter(({ path }) => path.startsWith('/scores')).length,
    cores: load().cores,
  };
}

const stateDirectory = newStateDirectory();
console.log(`${machine()}; ${options.people} people, beside a sync of ${options.synced}`);
const stack = await startTestStack({
  stateDirectory,
  seedDemo: seedPopulation(population),
  simulator: { seed: 7 },
});
try {
  stack.gamePlatform.simulator?.faults.add({
    kind: 'latency',
    ms: options.latency,
    jitterMs: options.latency,
  });
  const api = await apiOf(stack, ADMIN);
  // Everybody's scores are read for the first time when the schedules begin, which would stand beside "alone".
  await until(
    () => isSettled(api),
    (settled) => settled,
    'the end of what the schedules began',
  );
  // Once for whatever is slow the first time.
  await onboard(stack, api, WARM_UP);
  const alone = await onboard(stack, api, ALONE);
  const sync = await start(api, 'game_platform_sync', { full: true });
  const beside = await onboard(stack, api, BESIDE);
  const { status: syncAfter } = (await api('GET', `/api/jobs/${sync}`)).body;
  const runs = [
    { title: 'alone', ...alone },
    { title: 'beside a sync', ...beside },
  ];
  console.log(
    textTable(
      ['', 'time', 'on the platform', 'calls', 'of them the sync’s', 'cores'],
      runs.map((one) => [
        one.title,
        readableMs(one.ms),
        `${one.onboarded} of ${options.people}`,
        String(one.calls),
        String(one.callsForSync),
        percent(one.cores),
      ]),
    ),
  );
  const ratio = beside.ms / alone.ms;
  const refused = runs.some((one) => one.onboarded < options.people);
  if (syncAfter !== 'running') console.log('The sync had ended before: give it more people.');
  console.log(
    `${ratio.toFixed(2)} times as long (aim ${AIM}): ${ratio <= AIM && !refused ? 'met' : 'MISSED'}`,
  );
  console.log(`Written to ${writeResults('onboarding', { options, runs, ratio, syncAfter })}`);
  process.exitCode = refused ? 1 : 0;
} finally {
  await stack.stop();
  removeStateDirectory(stateDirectory);
}
process.exit();
