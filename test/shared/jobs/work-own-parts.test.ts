import { describe, expect, it } from 'vitest';
import { createJobRepository } from '#shared/jobs/job-repository.ts';
import { newJob } from '#shared/jobs/start-job.ts';
import { alsoWorkOwnParts } from '#shared/jobs/work-own-parts.ts';
import { recordingLog } from '#test/shared/kernel/recording-log.ts';
import { useTestTables } from '#test/support/dynamodb.ts';

const newTable = useTestTables();
const now = () => new Date('2026-11-24T20:00:00.000Z');
const JOB = 'job_1';

/** A job of two parts on the worker's own queue; each part takes 30 of the 60 seconds an invocation has. */
async function twoSlowParts() {
  const jobs = createJobRepository(await newTable());
  const input = { taskType: 'competitor_import', payload: {}, startedBy: 'user:ines' } as const;
  await jobs.create(newJob(JOB, input, now()));
  for (const last of [false, true]) {
    const job =
      (await jobs.byId(JOB))?.status === 'running'
        ? await jobs.byId(JOB)
        : await jobs.begin(JOB, now().toISOString());
    if (job === undefined) throw new Error('The job is not there.');
    await jobs.addPart(job, { subjects: ['row'], cursor: null, last, sentAt: null });
  }
  const hidden: [string, number][] = [];
  const deliver = (kind: 'plan_job' | 'dispatch_due', receiveCount: number, secondsAPart = 40) => {
    let remaining = 60_000;
    const handle = alsoWorkOwnParts(() => Promise.resolve('acknowledge'), {
      jobs,
      queueOf: () => 'work',
      worker: () => {
        remaining -= secondsAPart * 1_000;
        return Promise.resolve({ kind: 'finished', counts: {} });
      },
      hideMessageFor: (receipt, seconds) => {
        hidden.push([receipt, seconds]);
        return Promise.resolve();
      },
      onFinished: () => undefined,
      now,
    });
    const body = kind === 'plan_job' ? { kind, jobId: JOB } : { kind, scheduledTime: now().toISOString() };
    return handle(
      body,
      { receiveCount, remainingMs: () => remaining, receiptHandle: 'handle' },
      recordingLog().log,
    );
  };
  const partsDone = async () => (await jobs.byId(JOB))?.partsDone;
  return { hidden, deliver, partsDone };
}

describe.each(['plan_job', 'dispatch_due'] as const)('after %s, what the time was too short for', (kind) => {
  it('goes on within a second with the same message', async () => {
    const { hidden, deliver, partsDone } = await twoSlowParts();
    expect(await deliver(kind, 1)).toBe('retry');
    expect(await partsDone()).toBe(1);
    expect(hidden).toEqual([['handle', 1]]);
    expect(await deliver(kind, 2, 5)).toBe('acknowledge');
    expect(await partsDone()).toBe(2);
  });

  it('is left to the dispatcher before the message could become a dead letter', async () => {
    const { hidden, deliver } = await twoSlowParts();
    expect(await deliver(kind, 3)).toBe('acknowledge');
    expect(hidden).toEqual([]);
  });
});
