import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createExportWorker } from '#shared/exports/export-worker.ts';
import { EXPORT_TASKS, type ExportPayload } from '#shared/exports/tasks.ts';
import { newJob } from '#shared/jobs/start-job.ts';
import { PartFailedError, type JobOf, type PartOutcome } from '#shared/jobs/work-part.ts';
import type { CsvSource } from '#shared/kernel/csv/csv-source.ts';
import { csvFile } from '#shared/kernel/csv/write-csv.ts';
import { KilledError } from '#test/support/dying-table.ts';
import { recordingLog } from '#test/shared/kernel/recording-log.ts';
import { aPart, createFakeBucket } from './fake-bucket.ts';

const payload: ExportPayload = {
  file: 'solves',
  coachId: 'coach_1',
  division: null,
  from: '2026-11-01',
  to: '2026-11-24',
};
const aJob = (attempts = 1): JobOf<ExportPayload> => ({
  ...newJob('job_1', { taskType: 'table_export', payload, startedBy: 'user:ada' }, new Date(0)),
  attempts,
  payload,
});
const PART = aPart('job_1');

const HEADER = ['Name', 'Points'];
const rowsOf = (count: number) => Array.from({ length: count }, (_, n) => [`=Ünal ${n}`, n]);
const wholeOf = (count: number) => csvFile(HEADER, rowsOf(count));

/** Two steps that bring no line, the header, then rows, `size` at a time. */
const sourceOf =
  (count: number, size: number, onStep = (): void => undefined): CsvSource =>
  async (cursor) => {
    onStep();
    const at = Number(cursor?.['at'] ?? -3);
    if (at < -1) return { lines: [], rows: 0, next: { at: at + 1 } };
    if (at === -1) return { lines: [HEADER], rows: 0, next: { at: 0 } };
    const lines = rowsOf(count).slice(at, at + size);
    return { lines, rows: lines.length, next: at + size < count ? { at: at + size } : null };
  };

interface Run {
  readonly count: number;
  readonly size: number;
  readonly partBytes: number;
  /** Steps for which the time of the invocation lasts. */
  readonly steps?: number;
  /** The call of AWS at which the process dies, and whether it still has its effect. */
  readonly crash?: { readonly at: number; readonly after: boolean };
  readonly cancelledAfter?: number;
}

/** One invocation; answers how many calls of AWS it made as well. */
async function work(
  bucket: ReturnType<typeof createFakeBucket>,
  { count, size, partBytes, steps = Infinity, crash, cancelledAfter = Infinity }: Run,
  job = aJob(),
): Promise<{ outcome: PartOutcome | 'killed' | 'failed'; calls: number }> {
  let calls = 0;
  let dead = false;
  const mortal =
    <A extends readonly unknown[], R>(call: (...given: A) => Promise<R>) =>
    async (...given: A): Promise<R> => {
      if (dead) throw new KilledError();
      dead = crash !== undefined && calls === crash.at;
      calls += 1;
      if (dead && crash?.after !== true) throw new KilledError();
      const answer = await call(...given);
      if (dead) throw new KilledError();
      return answer;
    };
  const { storage, progress } = bucket;
  let taken = 0;
  const worker = createExportWorker({
    partBytes,
    progress: { byJob: mortal(progress.byJob), save: mortal(progress.save) },
    storage: async () => ({
      begin: mortal(storage.begin),
      putPart: mortal(storage.putPart),
      complete: mortal(storage.complete),
      scratchOf: (jobId) => {
        const scratch = storage.scratchOf(jobId);
        return { keep: mortal(scratch.keep), read: mortal(scratch.read) };
      },
    }),
    sourceOf: async () => mortal(sourceOf(count, size, () => (taken += 1))),
  });
  try {
    const outcome = await worker(job, PART, {
      remainingMs: () => (taken < steps ? 50_000 : 1_000),
      cancelled: async () => taken >= cancelledAfter,
      log: recordingLog().log,
      lastAttempt: false,
    });
    return { outcome, calls };
  } catch (error) {
    if (error instanceof KilledError) return { outcome: 'killed', calls };
    return { outcome: 'failed', calls };
  }
}

describe('A large file', () => {
  it('is written in parts of a size and counted, and is what one answer would have been', async () => {
    const bucket = createFakeBucket();
    const { outcome } = await work(bucket, { count: 50, size: 7, partBytes: 200 });
    const whole = wholeOf(50);
    expect(bucket.files.get('job_1')).toBe(whole);
    expect(outcome).toEqual({ kind: 'finished', counts: { rows: 50, bytes: Buffer.byteLength(whole) } });
    expect(bucket.rows.get('job_1')?.parts.length).toBeGreaterThan(2);
    expect(bucket.uploads.size).toBe(0);
  });

  it('holds no more than a part and a step', async () => {
    const bucket = createFakeBucket();
    const sizes: number[] = [];
    const { putPart } = bucket.storage;
    const storage = {
      ...bucket.storage,
      putPart: async (...given: Parameters<typeof putPart>) => {
        sizes.push(Buffer.byteLength(given[3]));
        return putPart(...given);
      },
    };
    await work({ ...bucket, storage }, { count: 500, size: 5, partBytes: 300 });
    expect(Math.max(...sizes)).toBeLessThan(300 + 100);
    // S3 takes no part below its least size but the last.
    expect(Math.min(...sizes.slice(0, -1))).toBeGreaterThanOrEqual(300);
  });

  it('goes on in the next invocation when the time is over, without a row lost or doubled', async () => {
    const bucket = createFakeBucket();
    const run = { count: 60, size: 4, partBytes: 150, steps: 3 };
    const outcomes: (PartOutcome | 'killed' | 'failed')[] = [];
    do outcomes.push((await work(bucket, run)).outcome);
    while (!bucket.files.has('job_1') && outcomes.length < 50);
    expect(outcomes.at(-1)).toMatchObject({ kind: 'finished', counts: { rows: 60 } });
    expect(outcomes.slice(0, -1)).toEqual(
      outcomes.slice(1).map(() => ({ kind: 'released', because: 'time', progressed: true })),
    );
    expect(bucket.files.get('job_1')).toBe(wholeOf(60));
  });

  it('is the same whatever call the process dies at, before or after it', async () => {
    const run = { count: 30, size: 4, partBytes: 150 };
    const { calls } = await work(createFakeBucket(), run);
    expect(calls).toBeGreaterThan(20);
    for (let at = 0; at < calls; at += 1) {
      for (const after of [false, true]) {
        const bucket = createFakeBucket();
        const died = await work(bucket, { ...run, crash: { at, after } });
        expect(died.outcome, `call ${at}`).toBe('killed');
        expect((await work(bucket, run)).outcome, `call ${at}`).toMatchObject({
          kind: 'finished',
          counts: { rows: 30 },
        });
        expect(bucket.files.get('job_1'), `call ${at}`).toBe(wholeOf(30));
      }
    }
  });

  it('is the same for any size of parts and steps, any times and any deaths', async () => {
    const runs = fc.array(
      fc.record({
        steps: fc.integer({ min: 1, max: 12 }),
        crash: fc.option(fc.record({ at: fc.nat(25), after: fc.boolean() }), { nil: undefined }),
      }),
      { maxLength: 6 },
    );
    const sizes = {
      count: fc.nat(40),
      size: fc.integer({ min: 1, max: 9 }),
      partBytes: fc.integer({ min: 1, max: 500 }),
    };
    const same = fc.asyncProperty(fc.record(sizes), runs, async (shape, interrupted) => {
      const bucket = createFakeBucket();
      for (const { steps, crash } of interrupted) {
        await work(bucket, { ...shape, steps, ...(crash === undefined ? {} : { crash }) });
      }
      const { outcome } = await work(bucket, shape);
      expect(outcome).toMatchObject({ kind: 'finished', counts: { rows: shape.count } });
      expect(bucket.files.get('job_1')).toBe(wholeOf(shape.count));
    });
    await fc.assert(same, { numRuns: 300 });
  });

  it('is begun again where the bucket has given the upload up', async () => {
    const bucket = createFakeBucket();
    await work(bucket, { count: 30, size: 4, partBytes: 150, steps: 8 });
    bucket.uploads.clear();
    expect((await work(bucket, { count: 30, size: 4, partBytes: 150 })).outcome).toMatchObject({
      kind: 'finished',
    });
    expect(bucket.files.get('job_1')).toBe(wholeOf(30));
  });

  it('is begun again with today’s rows when the job is tried again', async () => {
    const bucket = createFakeBucket();
    await work(bucket, { count: 30, size: 4, partBytes: 150, steps: 8 });
    await work(bucket, { count: 9, size: 4, partBytes: 150 }, aJob(2));
    expect(bucket.files.get('job_1')).toBe(wholeOf(9));
  });

  it('is left to the worker that went on with it meanwhile', async () => {
    const bucket = createFakeBucket();
    const { save } = bucket.progress;
    let overtaken = false;
    const progress: typeof bucket.progress = {
      ...bucket.progress,
      save: async (next, since) => {
        if (next.parts.length === 2 && !overtaken) {
          overtaken = true;
          await work(bucket, { count: 30, size: 4, partBytes: 150 });
        }
        return save(next, since);
      },
    };
    const { outcome } = await work({ ...bucket, progress }, { count: 30, size: 4, partBytes: 150 });
    expect(outcome).toEqual({ kind: 'released', because: 'busy', progressed: false });
    expect(bucket.files.get('job_1')).toBe(wholeOf(30));
  });

  it('stops within a step when the job is canceled, and is not there', async () => {
    const bucket = createFakeBucket();
    const { outcome } = await work(bucket, { count: 30, size: 4, partBytes: 150, cancelledAfter: 7 });
    expect(outcome).toEqual({ kind: 'cancelled', counts: {}, done: 0 });
    expect(bucket.files.size).toBe(0);
  });

  it('of a coach who is gone fails with a sentence', async () => {
    const bucket = createFakeBucket();
    const worker = createExportWorker({
      progress: bucket.progress,
      storage: async () => bucket.storage,
      sourceOf: async () => null,
    });
    const worked = worker(aJob(), PART, {
      remainingMs: () => 50_000,
      log: recordingLog().log,
      lastAttempt: false,
    });
    await expect(worked).rejects.toBeInstanceOf(PartFailedError);
  });

  it('keeps no row of the table that names anybody', async () => {
    const bucket = createFakeBucket();
    await work(bucket, { count: 30, size: 4, partBytes: 150, steps: 8 });
    expect(JSON.stringify([...bucket.rows.values()])).not.toContain('Ünal');
    expect(EXPORT_TASKS.table_export.subjectsOf(payload)).toEqual(['solves']);
  });
});
