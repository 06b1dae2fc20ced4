import { describe, expect, test } from 'vitest';
import type { Job } from '#shared/jobs/job.ts';
import { createJobRepository } from '#shared/jobs/job-repository.ts';
import type { PlanPage } from '#shared/jobs/plan-page.ts';
import { startPlanned } from '#shared/jobs/start-planned.ts';
import type { PartWorker } from '#shared/jobs/work-part.ts';
import type { Table } from '#shared/table/table.ts';
import { recordingLog } from '#test/shared/kernel/recording-log.ts';
import { useTestTables } from '#test/support/dynamodb.ts';
import { dyingTable, KilledError, type Crash } from '#test/support/dying-table.ts';

const newTable = useTestTables();
const NOW = new Date('2026-11-30T20:00:00.000Z');
const ID = 'job_round';
const FIRING = {
  taskType: 'game_platform_sync',
  payload: {},
  startedBy: 'schedule:score-sync',
  idempotencyId: 'round',
} as const;

interface Options {
  readonly page?: PlanPage | Error;
  readonly own?: PartWorker;
  readonly paused?: boolean;
  readonly remainingMs?: number;
}

/** One process that starts the job, and may be killed. */
async function start(on: Table, { page, own, paused, remainingMs = 60_000 }: Options, crash?: Crash) {
  const { table, calls } = dyingTable(on, crash);
  const sent: number[] = [];
  const finished: Job['status'][] = [];
  const begin = startPlanned(
    {
      jobs: createJobRepository(table),
      planPage: () => {
        if (page instanceof Error) return Promise.reject(page);
        return Promise.resolve(
          page ?? { subjects: ['cmp_a', 'cmp_b'], reasons: ['first', 'first'], next: null },
        );
      },
      suspension: () => Promise.resolve(paused === true ? { kind: 'off' } : null),
      sendWakeUps: (parts) => {
        sent.push(...parts.map(({ part }) => part));
        return Promise.resolve();
      },
      onFinished: ({ status }) => void finished.push(status),
      ...(own === undefined ? {} : { own: { has: () => true, worker: own } }),
      now: () => NOW,
      newId: (prefix) => `${prefix}_x`,
      log: recordingLog().log,
    },
    () => remainingMs,
  );
  const started = await begin(FIRING).catch((error: unknown) => {
    if (error instanceof KilledError) return undefined;
    throw error;
  });
  return { started, sent, finished, calls: calls() };
}

const rowsOf = async (table: Table) => {
  const jobs = createJobRepository(table);
  const parts = [];
  for await (const part of jobs.partsOf(ID)) parts.push(part);
  return { job: await jobs.byId(ID), parts };
};

describe('a scheduled job', () => {
  test('of one part is written running, with its part, by two writes', async () => {
    const table = await newTable();
    const { sent, calls } = await start(table, {});
    expect(calls).toBe(2);
    expect(sent).toEqual([0]);
    expect(await rowsOf(table)).toMatchObject({
      job: { status: 'running', planned: true, parts: 1, total: 2, attempts: 1, partsDone: 0 },
      parts: [{ status: 'pending', subjects: ['cmp_a', 'cmp_b'], reasons: ['first', 'first'], attempts: 0 }],
    });
  });

  test('with nobody to deal with is one write that says so', async () => {
    const table = await newTable();
    const page = { subjects: [], counts: { total: 0, heldBack: 3 }, next: null };
    const { finished, sent, calls } = await start(table, { page });
    expect([calls, finished, sent]).toEqual([1, ['succeeded'], []]);
    expect(await rowsOf(table)).toMatchObject({
      job: { status: 'succeeded', planned: true, parts: 0, counts: { heldBack: 3 } },
      parts: [],
    });
  });

  test('while processing is paused sends nothing; the dispatcher will', async () => {
    const table = await newTable();
    const { sent } = await start(table, { paused: true });
    expect(sent).toEqual([]);
    expect(await rowsOf(table)).toMatchObject({ parts: [{ sentAt: null }] });
  });

  test.each<[string, Options]>([
    ['of several parts', { page: { subjects: ['cmp_a', 'cmp_b'], partSize: 1, next: null } }],
    ['of several pages', { page: { subjects: ['cmp_a'], next: { offset: 1 } } }],
    ['whose planner fails', { page: new Error('The table is slow.') }],
  ])('%s is written pending first', async (_, options) => {
    const table = await newTable();
    const { started, sent } = await start(table, options);
    expect(started?.firstPage).toEqual(options.page instanceof Error ? undefined : options.page);
    expect(sent).toEqual([]);
    expect(await rowsOf(table)).toMatchObject({ job: { status: 'pending', planned: false }, parts: [] });
  });

  const many = Array.from({ length: 60 }, (_, index) => `cmp_01m6h96xyqksh475jxe3vkp${index}`);
  test.each([
    ['a short one', ['cmp_a', 'cmp_b']],
    ['one whose subjects have a row of their own', many],
  ])('killed anywhere and delivered again has one part, whole: %s', async (_, subjects) => {
    for (const side of ['before', 'after'] as const) {
      for (let at = 0; at <= 3; at += 1) {
        const table = await newTable();
        await start(table, { page: { subjects, next: null } }, { at, side });
        // Meanwhile the planner would choose other people.
        const { started } = await start(table, { page: { subjects: ['cmp_later'], next: null } });
        const { job, parts } = await rowsOf(table);
        expect(parts).toHaveLength(1);
        expect(job).toMatchObject({ status: 'running', parts: 1, total: parts[0]?.subjects.length });
        expect(started?.job.id).toBe(ID);
        expect([subjects.length, 1]).toContain(parts[0]?.subjects.length);
      }
    }
  });
});

const fine: PartWorker = () => Promise.resolve({ kind: 'finished', counts: { updated: 2 } });

describe('a scheduled job that is processed where it is planned', () => {
  test('is written with its result', async () => {
    const table = await newTable();
    const { calls, finished, sent } = await start(table, { own: fine });
    expect([calls, finished, sent]).toEqual([2, ['succeeded'], []]);
    expect(await rowsOf(table)).toMatchObject({
      job: { status: 'succeeded', parts: 1, partsDone: 1, done: 2, total: 2, counts: { updated: 2 } },
      parts: [{ status: 'succeeded', done: 2, counts: { updated: 2 }, attempts: 1 }],
    });
  });

  test.each<[string, Options]>([
    ['fails', { own: () => Promise.reject(new Error('broken')) }],
    ['is cut short', { own: () => Promise.resolve({ kind: 'released', because: 'time', progressed: true }) }],
    ['has too little time left', { own: fine, remainingMs: 20_000 }],
  ])('is written pending when it %s, and tried as any other job', async (_, options) => {
    const table = await newTable();
    const { finished } = await start(table, options);
    expect(finished).toEqual([]);
    expect(await rowsOf(table)).toMatchObject({ job: { status: 'pending' }, parts: [] });
  });

  test('killed anywhere and delivered again ends once', async () => {
    for (const side of ['before', 'after'] as const) {
      for (let at = 0; at <= 1; at += 1) {
        const table = await newTable();
        await start(table, { own: fine }, { at, side });
        await start(table, { own: fine });
        expect(await rowsOf(table)).toMatchObject({
          job: { status: 'succeeded', partsDone: 1, counts: { updated: 2 } },
          parts: [{ status: 'succeeded' }],
        });
      }
    }
  });
});
