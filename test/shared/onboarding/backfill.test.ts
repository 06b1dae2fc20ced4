import { beforeEach, describe, expect, test } from 'vitest';
import type { Competitor } from '#shared/competitors/competitor.ts';
import { forecastOf, forecastRefusal } from '#shared/jobs/forecast.ts';
import { createBackfillWorker } from '#shared/onboarding/backfill-worker.ts';
import { createLinkAccount } from '#shared/onboarding/link-account.ts';
import { createOnboarding } from '#shared/onboarding/onboard-competitor.ts';
import { createDynamoOnboarding } from '#shared/composition/onboarding.ts';
import { createPlanBackfill } from '#shared/onboarding/plan-backfill.ts';
import { newJob } from '#shared/jobs/start-job.ts';
import { ONBOARDING_TASKS } from '#shared/onboarding/tasks.ts';
import { createCompetitorRepository } from '#shared/competitors/competitor-repository.ts';
import { createJobRepository } from '#shared/jobs/job-repository.ts';
import type { Table } from '#shared/table/table.ts';
import { recordingLog } from '#test/shared/kernel/recording-log.ts';
import { aCoach, aCompetitor } from '#test/support/competitors.ts';
import { useTestTables } from '#test/support/dynamodb.ts';
import { dyingTable, killedAnywhere, KilledError, type Crash } from '#test/support/dying-table.ts';
import { aJobPart } from '#test/support/records.ts';
import { OnboardingWorld } from './onboarding-world.ts';

const newTable = useTestTables();
let world: OnboardingWorld;
beforeEach(async () => {
  world = new OnboardingWorld(await newTable());
  await world.settle();
});

const account = (syned_user_id: string) => ({
  first_name: 'Mira',
  last_name: 'Okafor',
  email: 'mira@example.org',
  role: 'user' as const,
  syned_user_id,
});

const jobWith = (given: Record<string, unknown>) => {
  const payload = ONBOARDING_TASKS.external_id_backfill.payload.parse(given);
  const input = { taskType: 'external_id_backfill', payload, startedBy: 'user:ada' };
  return { ...newJob('job_b', input, new Date('2026-11-19T20:00:00.000Z')), payload };
};

async function run(
  payload: Record<string, unknown>,
  subjects = ['cmp_1'],
  { on = world, crash }: { on?: OnboardingWorld; crash?: Crash } = {},
) {
  const { table, calls } = dyingTable(on.table, crash);
  const onboarding = createDynamoOnboarding({
    table,
    platform: on.platform,
    log: recordingLog().log,
    now: () => on.now,
    sleep: (ms) => {
      on.later(ms / 1000);
      return Promise.resolve();
    },
  });
  const jobs = createJobRepository(table);
  const worker = createBackfillWorker({
    adopt: createOnboarding(onboarding).adopt,
    link: createLinkAccount(onboarding),
    rows: {
      of: (jobId, ids) => jobs.rowsOf(jobId, ids),
      save: (jobId, subject, row) => jobs.saveRow(jobId, subject, row),
    },
    processing: { suspension: () => Promise.resolve(null), block: () => Promise.resolve() },
    now: () => on.now,
  });
  const job = { ...jobWith(payload), startedAt: on.now.toISOString() };
  const part = aJobPart({ jobId: job.id, taskType: job.taskType, subjects, attempts: 1 });
  const context = { remainingMs: () => 20_000, log: recordingLog().log, lastAttempt: false };
  const outcome = await worker(job, part, context).catch((error: unknown) => {
    if (!(error instanceof KilledError)) throw error;
    return undefined;
  });
  return { calls: calls(), outcome };
}

const rowsOf = async (table: Table) => {
  const { rows } = await createJobRepository(table).pageOfRows('job_b', { limit: 50, after: null });
  return rows.map(({ subject, outcome }) => [subject, outcome]);
};

describe('an account that the platform has under our id', () => {
  beforeEach(() => {
    world.platform.accounts.push(account('cmp_1'));
  });

  test('is taken over with user name and status, as onboarding does; nothing is made over there', async () => {
    const { outcome } = await run({});
    expect(outcome).toMatchObject({ kind: 'finished', counts: { total: 1, takenOver: 1, unknown: 0 } });
    expect(await world.endState()).toMatchObject({
      gamePlatformId: 'cmp_1',
      username: 'mira',
      accountStatus: 'pending_approval',
      activity: ['competitor_onboarded'],
      syncState: [{ gamePlatformId: 'cmp_1', lastReadAt: null }],
      totalsDue: ['cmp_1'],
      accounts: [['user', 'cmp_1']],
    });
    expect(await rowsOf(world.table)).toEqual([['cmp_1', 'takenOver']]);
  });

  test('is only counted in a dry run', async () => {
    const { outcome } = await run({ dryRun: true });
    expect(outcome).toMatchObject({ counts: { total: 1, found: 1, unknown: 0 } });
    expect(await world.endState()).toMatchObject({ version: 1, gamePlatformId: null, activity: [] });
    expect(await rowsOf(world.table)).toEqual([['cmp_1', 'found']]);
  });

  test('is taken over once, killed at any await and run again', async () => {
    await killedAnywhere(async (crash) => {
      const one = new OnboardingWorld(await newTable());
      await one.settle();
      one.platform.accounts.push(account('cmp_1'));
      const { calls } = await run({}, ['cmp_1'], { on: one, ...(crash && { crash }) });
      one.later(60);
      await run({}, ['cmp_1'], { on: one });
      const end = await one.endState();
      expect(end, JSON.stringify(crash)).toMatchObject({ version: 2, gamePlatformId: 'cmp_1' });
      expect(end.activity).toEqual(['competitor_onboarded']);
      return calls;
    });
  }, 60_000);

  test.each<[string, Partial<Competitor>, Parameters<typeof aCoach>[0], string]>([
    [
      'whose release is not in',
      { mediaReleaseDate: null, participationAgreementDate: null },
      {},
      'notCompliant',
    ],
    ['who is deactivated', { active: false }, {}, 'notCompliant'],
    ['whose coach is not switched on', {}, { features: { onboarding: false } }, 'notEnabled'],
  ])('of somebody %s stays as it is', async (_, competitor, coach, outcome) => {
    const one = new OnboardingWorld(await newTable());
    await one.settle(competitor, coach);
    one.platform.accounts.push(account('cmp_1'));
    await run({}, ['cmp_1'], { on: one });
    expect(await rowsOf(one.table)).toEqual([['cmp_1', outcome]]);
    expect(await one.endState()).toMatchObject({ gamePlatformId: null });
  });
});

test('who is not known there stays as they are, and no account is made', async () => {
  const { outcome } = await run({});
  expect(outcome).toMatchObject({ counts: { takenOver: 0, unknown: 1 } });
  expect(await world.endState()).toMatchObject({
    version: 1,
    gamePlatformId: null,
    refusal: null,
    accounts: [],
  });
});

describe('an id known from an older system', () => {
  const known = [{ competitorId: 'cmp_1', platformUserId: 'their-1' }];
  beforeEach(async () => {
    world = new OnboardingWorld(await newTable());
    await world.settle({}, { gamePlatformId: 'coa_1' });
    world.platform.accounts.push(account('their-1'));
  });

  test('is taken over though nobody was refused before, and audited for the admin', async () => {
    await run({ known });
    expect(await rowsOf(world.table)).toEqual([['cmp_1', 'takenOver']]);
    expect(await world.endState()).toMatchObject({ gamePlatformId: 'their-1', audit: ['competitor.link'] });
  });

  test('is only counted in a dry run', async () => {
    await run({ known, dryRun: true });
    expect(await rowsOf(world.table)).toEqual([['cmp_1', 'found']]);
    expect(await world.endState()).toMatchObject({ gamePlatformId: null });
  });

  test('that is somebody else’s is refused', async () => {
    const other = aCompetitor({ id: 'cmp_2', gamePlatformId: 'their-1' });
    await createCompetitorRepository(world.table).put(other);
    await run({ known });
    expect(await rowsOf(world.table)).toEqual([['cmp_1', 'taken']]);
  });
});

const people = (count: number) =>
  Array.from({ length: count }, (_, n) => aCompetitor({ id: `cmp_${String(n).padStart(3, '0')}` }));

function planning(today: number, of: Readonly<Record<string, readonly Competitor[]>>) {
  const ids = Object.keys(of).toSorted();
  const forecasts: unknown[] = [];
  return {
    forecasts,
    deps: {
      competitors: {
        pageOfCoach: (id: string, { limit, afterId }: { limit: number; afterId: string | null }) =>
          Promise.resolve((of[id] ?? []).filter((one) => one.id > (afterId ?? '')).slice(0, limit)),
      },
      coaches: {
        page: ({ limit, fromId }: { limit: number; fromId: string | null }) =>
          Promise.resolve(
            ids
              .filter((id) => id >= (fromId ?? ''))
              .slice(0, limit)
              .map((id) => aCoach({ id })),
          ),
      },
      backfill: {
        callsLeft: () => Promise.resolve({ today, perDay: 100 }),
        noteForecast: (_: unknown, forecast: unknown) => {
          forecasts.push(forecast);
          return Promise.resolve();
        },
      },
    },
  };
}

async function allPages(today: number, payload: Record<string, unknown>, of: Record<string, Competitor[]>) {
  const { deps, forecasts } = planning(today, of);
  const subjects: string[] = [];
  let cursor: Record<string, unknown> | null = null;
  do {
    const page = await createPlanBackfill(deps)(jobWith(payload), cursor, 50);
    subjects.push(...page.subjects);
    cursor = page.next;
  } while (cursor !== null);
  return { subjects, forecasts };
}

describe('before the first call', () => {
  test('everybody without an id is listed once, coach after coach, and forecast', async () => {
    const has = aCompetitor({ id: 'cmp_has', gamePlatformId: 'gp' });
    const all = people(120);
    const of = { coa_1: all.slice(0, 60), coa_2: [has], coa_3: [], coa_4: all.slice(60) };
    const { subjects, forecasts } = await allPages(500, {}, of);
    expect(subjects).toEqual(all.map(({ id }) => id));
    expect(forecasts).toEqual([{ calls: 120, leftToday: 500, days: 1 }]);
    expect((await allPages(500, { coachId: 'coa_4' }, of)).subjects).toHaveLength(60);
    expect((await allPages(500, { competitorIds: ['a', 'b', 'a'] }, of)).subjects).toEqual(['a', 'b']);
  });

  test('what does not fit into the day is refused with the numbers, unless its days are accepted', async () => {
    const of = { coa_1: people(120) };
    await expect(allPages(20, {}, of)).rejects.toMatchObject({
      sentence: expect.stringContaining('120 look-ups, and today’s budget leaves 20') as unknown,
    });
    const { subjects, forecasts } = await allPages(20, { acceptDays: true }, of);
    expect(subjects).toHaveLength(120);
    expect(forecasts).toEqual([{ calls: 120, leftToday: 20, days: 2 }]);
  });

  test('a budget that leaves reads nothing is said', () => {
    expect(forecastRefusal(forecastOf(5, { today: 0, perDay: 0 }), false)).toContain('no day leaves any');
  });
});
