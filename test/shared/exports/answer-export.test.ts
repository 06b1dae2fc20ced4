import { describe, expect, it } from 'vitest';
import { createAnswerExport } from '#shared/exports/answer-export.ts';
import { newJob } from '#shared/jobs/start-job.ts';
import type { CsvSource } from '#shared/kernel/csv/csv-source.ts';
import { csvFile } from '#shared/kernel/csv/write-csv.ts';

const HEADER = ['Name'];
const sourceOf =
  (rows: readonly string[]): CsvSource =>
  async (cursor) => {
    const at = Number(cursor?.['at'] ?? -1);
    if (at < 0) return { lines: [HEADER], rows: 0, next: { at: 0 } };
    return { lines: [[rows[at] ?? '']], rows: 1, next: at + 1 < rows.length ? { at: at + 1 } : null };
  };

async function answer(rows: readonly string[], { mostBytes = 1_000, steps = Infinity } = {}) {
  const planned: string[] = [];
  let taken = 0;
  const source = sourceOf(rows);
  const given = await createAnswerExport({
    start: async (input) => newJob('job_1', input, new Date(0)),
    planSoon: async (jobId) => {
      planned.push(jobId);
    },
    mostBytes,
  })({
    source: (cursor) => {
      taken += 1;
      return source(cursor);
    },
    payload: { file: 'solves', coachId: null, division: null, from: '2026-11-01', to: '2026-11-24' },
    actor: { sub: 'ada', actingAs: null, requestId: 'req_1' },
    remainingMs: () => (taken < steps ? 28_000 : 10_000),
  });
  return { given, planned, taken };
}

describe('A file that is asked for', () => {
  const rows = ['Ünal', '=1+1', 'Quill'];
  const whole = csvFile(
    HEADER,
    rows.map((row) => [row]),
  );

  it('is answered whole up to the very byte that an answer holds', async () => {
    const mostBytes = Buffer.byteLength(whole);
    expect((await answer(rows, { mostBytes })).given).toEqual({ kind: 'file', csv: whole, rows: 3 });
    const { given, planned } = await answer(rows, { mostBytes: mostBytes - 1 });
    expect(given).toEqual({ kind: 'job', jobId: 'job_1' });
    expect(planned).toEqual(['job_1']);
  });

  it('is read no further than that it is too much', async () => {
    expect((await answer(rows, { mostBytes: 1 })).taken).toBe(1);
  });

  it('is left to a job when it takes too long, but not when it is whole by then', async () => {
    expect((await answer(rows, { steps: 2 })).given).toEqual({ kind: 'job', jobId: 'job_1' });
    expect((await answer(rows, { steps: 4 })).given).toMatchObject({ kind: 'file' });
  });
});
