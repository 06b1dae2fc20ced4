import { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createExportStorage, signedAddress } from '#shared/exports/export-storage.ts';
import { createExportWorker, UploadGoneError } from '#shared/exports/export-worker.ts';
import { newJob } from '#shared/jobs/start-job.ts';
import type { CsvSource } from '#shared/kernel/csv/csv-source.ts';
import { csvFile } from '#shared/kernel/csv/write-csv.ts';
import {
  BUCKET,
  clientConfig,
  startTestStack,
  type TestStack,
} from '#test/infra/local/emulator/aws/deployment-fixture.ts';
import { recordingLog } from '#test/shared/kernel/recording-log.ts';
import { aPart, createFakeBucket } from './fake-bucket.ts';

let stack: TestStack;
let client: S3Client;
beforeAll(async () => {
  stack = await startTestStack();
  client = new S3Client(clientConfig(stack.aws));
});
afterAll(() => stack.remove());

let ids = 0;
const storageOf = () => createExportStorage(client, BUCKET, (prefix) => `${prefix}_${(ids += 1)}`);
const fetched = async (jobId: string): Promise<string> => {
  const address = await signedAddress(client, BUCKET, { jobId, fileName: 'solves.csv', seconds: 60 });
  // As bytes: reading a text takes the byte order mark away.
  return Buffer.from(await (await fetch(address)).arrayBuffer()).toString();
};

describe('The bucket of exports', () => {
  it('takes a file of many parts, written in several invocations', async () => {
    const rows = Array.from({ length: 12_000 }, (_, n) => [`Zoë Ünal-${n}`, 'x'.repeat(1_000)]);
    const header = ['Name', 'Text'];
    const source: CsvSource = async (cursor) => {
      const at = Number(cursor?.['at'] ?? -1);
      if (at < 0) return { lines: [header], rows: 0, next: { at: 0 } };
      const lines = rows.slice(at, at + 200);
      return { lines, rows: lines.length, next: at + 200 < rows.length ? { at: at + 200 } : null };
    };
    const payload = {
      file: 'solves',
      coachId: null,
      division: null,
      from: '2026-11-01',
      to: '2026-11-24',
    } as const;
    const job = {
      ...newJob('job_1', { taskType: 'table_export', payload, startedBy: 'user:ada' }, new Date(0)),
      payload,
    };
    const { progress, rows: kept } = createFakeBucket();
    const worker = createExportWorker({
      progress,
      storage: async () => storageOf(),
      sourceOf: async () => source,
      // The least that S3 takes.
      partBytes: 5 * 1024 * 1024,
    });
    const outcomes: unknown[] = [];
    for (let run = 0; run < 9 && !outcomes.includes('finished'); run += 1) {
      let steps = 0;
      const { kind } = await worker(job, aPart('job_1'), {
        remainingMs: () => ((steps += 1) < 20 ? 50_000 : 1_000),
        log: recordingLog().log,
        lastAttempt: false,
      });
      outcomes.push(kind);
    }
    expect(outcomes).toEqual(['released', 'released', 'released', 'finished']);
    expect(kept.get('job_1')?.parts).toHaveLength(3);
    expect(await fetched('job_1')).toBe(csvFile(header, rows));
  });

  it('says of an upload that is over, and of a part that is another worker’s, that it is gone', async () => {
    const storage = storageOf();
    const uploadId = await storage.begin('job_2');
    const part = await storage.putPart('job_2', uploadId, 1, 'first');
    await storage.putPart('job_2', uploadId, 1, 'second');
    await expect(storage.complete('job_2', uploadId, [part])).rejects.toBeInstanceOf(UploadGoneError);
    const own = await storage.putPart('job_2', uploadId, 1, 'third');
    await storage.complete('job_2', uploadId, [own]);
    expect(await fetched('job_2')).toBe('third');
    await expect(storage.complete('job_2', uploadId, [own])).rejects.toBeInstanceOf(UploadGoneError);
    await expect(storage.putPart('job_2', uploadId, 1, 'x')).rejects.toBeInstanceOf(UploadGoneError);
  });

  it('keeps scratch apart by job and name', async () => {
    const one = storageOf().scratchOf('job_3');
    const [a, b] = [await one.keep(['a']), await one.keep('ü')];
    expect([await one.read(a), await one.read(b)]).toEqual([['a'], 'ü']);
    await expect(storageOf().scratchOf('job_4').read(a)).rejects.toMatchObject({ name: 'NoSuchKey' });
  });
});
