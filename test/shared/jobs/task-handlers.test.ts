import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { TASKS } from '#shared/composition/tasks.ts';
import { newJob } from '#shared/jobs/start-job.ts';
import { defineTask, listed, queueOf, startJobSchemaOf } from '#shared/jobs/task-definition.ts';
import { planEach, supersededEach, workEach } from '#shared/jobs/task-handlers.ts';
import type { JobPart } from '#shared/jobs/job.ts';
import { recordingLog } from '#test/shared/kernel/recording-log.ts';

const TWO_TASKS = {
  named: defineTask({
    queue: 'sync',
    labels: { name: 'Named' },
    partSize: 2,
    payload: z.strictObject({ ids: z.array(z.string()), full: z.boolean().default(false) }),
    subjects: ({ ids }) => ids,
  }),
  listed: defineTask({
    queue: 'roster',
    labels: { name: 'Listed' },
    partSize: 3,
    startedByRequest: true,
    payload: z.strictObject({ from: z.int().default(7) }),
    subjects: listed,
  }),
};

const jobOf = (taskType: string, payload: Record<string, unknown> = {}) =>
  newJob('job_1', { taskType, payload, startedBy: 'user:ines' }, new Date(0));

const plan = planEach<{ listed: { from: number } }>(TWO_TASKS, {
  listed: ({ payload }, _cursor, size) =>
    Promise.resolve({ subjects: [`from ${payload.from}`, `size ${size}`], next: null }),
});

describe('The plan of a job', () => {
  test('takes the subjects that its payload names, each once, page after page', async () => {
    const job = jobOf('named', { ids: ['a', 'b', 'a', 'c'] });
    expect(await plan(job, null)).toEqual({ subjects: ['a', 'b'], next: { offset: 2 } });
    expect(await plan(job, { offset: 2 })).toEqual({ subjects: ['c'], next: null });
  });

  test('is left to the planner of its type otherwise, with the payload parsed', async () => {
    expect((await plan(jobOf('listed'), null)).subjects).toEqual(['from 7', 'size 3']);
  });

  test.each(['gone', 'constructor'])(
    'of an unknown type, %s, is refused with a sentence',
    async (taskType) => {
      await expect(plan(jobOf(taskType), null)).rejects.toMatchObject({
        name: 'PlanRefusedError',
        sentence: 'This version knows no jobs of this type.',
      });
    },
  );
});

describe('A part', () => {
  const part = { jobId: 'job_1', part: 0, subjects: [] } as unknown as JobPart;
  const context = { remainingMs: () => 60_000, log: recordingLog().log, lastAttempt: false };
  const work = workEach<{ named: { ids: string[]; full: boolean } }>(TWO_TASKS, {
    named: ({ payload }) => Promise.resolve({ kind: 'finished', counts: { full: Number(payload.full) } }),
  });

  test('goes to the worker of its type, with the payload parsed', async () => {
    const outcome = await work(jobOf('named', { ids: [] }), part, context);
    expect(outcome).toEqual({ kind: 'finished', counts: { full: 0 } });
  });

  test.each(['listed', 'gone', 'constructor'])(
    'of a type that is not processed here, %s, fails for good with a sentence',
    async (taskType) => {
      await expect(work(jobOf(taskType), part, context)).rejects.toMatchObject({
        name: 'PartFailedError',
        sentence: 'This version knows no jobs of this type.',
      });
    },
  );
});

test('a job whose type has no such check is never superseded', async () => {
  const refusal = { code: 'OVER', detail: 'It is over.' };
  const superseded = supersededEach<{ listed: { from: number } }>(TWO_TASKS, {
    listed: ({ payload }) => Promise.resolve(payload.from === 7 ? refusal : null),
  });
  expect(await superseded(jobOf('listed'))).toEqual(refusal);
  expect(await superseded(jobOf('listed', { from: 8 }))).toBeNull();
  expect(await superseded(jobOf('named', { ids: [] }))).toBeNull();
  expect(await superseded(jobOf('gone'))).toBeNull();
});

describe('A declared type', () => {
  test('is started by its name only where it may be', () => {
    const schema = startJobSchemaOf(TWO_TASKS);
    expect(schema.parse({ taskType: 'named', payload: { ids: ['a'] } }).payload).toEqual({
      ids: ['a'],
      full: false,
    });
    expect(schema.safeParse({ taskType: 'listed' }).error?.issues).toMatchObject([{ path: ['taskType'] }]);
    expect(schema.safeParse({ taskType: 'named' }).error?.issues).toMatchObject([
      { path: ['payload', 'ids'] },
    ]);
  });

  test('is processed from its queue, an unknown one where jobs are planned', () => {
    expect(queueOf(TWO_TASKS, 'listed')).toBe('roster');
    expect(queueOf(TWO_TASKS, 'gone')).toBe('work');
  });

  test('has a schedule of its own name, if it has one, and a schedule’s payload fits', () => {
    const scheduled = Object.values(TASKS).flatMap(({ schedule, payload }) =>
      schedule === undefined
        ? []
        : [{ ...schedule, fits: payload.safeParse(schedule.payload ?? {}).success }],
    );
    expect(scheduled.every(({ fits }) => fits)).toBe(true);
    expect(new Set(scheduled.map(({ name }) => name)).size).toBe(scheduled.length);
  });
});
