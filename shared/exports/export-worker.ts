import type { CsvSource, Scratch } from '#shared/kernel/csv/csv-source.ts';
import { csvLines } from '#shared/kernel/csv/write-csv.ts';
import {
  PartFailedError,
  type JobOf,
  type PartOutcome,
  type PartWorker,
  type WorkContext,
} from '#shared/jobs/work-part.ts';
import * as z from 'zod';
import type { ExportProgress, ExportRepository } from './export-repository.ts';
import { OwnError } from '#shared/kernel/errors.ts';
import type { ExportPayload } from './tasks.ts';

type StoredPart = ExportProgress['parts'][number];

/** The bucket as the worker sees it. Names of objects are the job's id: nothing of what is in them. */
export interface ExportStorage {
  /** Answers the id of the upload. One that is never completed is given up by the bucket after a day. */
  readonly begin: (jobId: string) => Promise<string>;
  /** @param number from 1; a part that is there already gives way */
  readonly putPart: (jobId: string, uploadId: string, number: number, text: string) => Promise<StoredPart>;
  /** Makes the file of its parts, in the place of an earlier one. */
  readonly complete: (jobId: string, uploadId: string, parts: readonly StoredPart[]) => Promise<void>;
  readonly scratchOf: (jobId: string) => Scratch;
}

/** The upload was completed or given up, or a part of it is another worker's. */
export class UploadGoneError extends OwnError {
  override readonly name = 'UploadGoneError';
  constructor(
    readonly code: string,
    options?: ErrorOptions,
  ) {
    super(`The upload cannot be gone on with: ${code}`, options);
  }
}

export interface ExportWorkerDeps {
  readonly progress: ExportRepository;
  /** Made when the first file is written: the worker of the `work` queue seldom needs it. */
  readonly storage: () => Promise<ExportStorage>;
  /** Null when whom it is about is gone. */
  readonly sourceOf: (payload: ExportPayload, scratch: Scratch) => Promise<CsvSource | null>;
  /** Of one part of the file, and so of what is held in memory. S3 takes 5 MiB or more. @default 8 MiB */
  readonly partBytes?: number;
}

const PART_BYTES = 8 * 1024 * 1024;
/** A little less than other messages of the batch are left with, so that the rest goes on with the same message. */
const STOP_WITH_MS = 24_000;

/** Another worker changed the progress: it goes on, this one stops. */
class OvertakenError extends Error {}

/**
 * Writes a table as a file into the bucket, part by part. After each part the progress is in the table: a worker that
 * dies costs no more than the part it was at. The file is there once it is whole, under a name that the job's id gives,
 * so that writing it again puts it in the place of itself.
 */
export function createExportWorker(deps: ExportWorkerDeps): PartWorker<ExportPayload> {
  return async (job, _, context) => {
    try {
      return await write(deps, job, context).catch(async (error: unknown) => {
        if (!(error instanceof UploadGoneError)) throw error;
        // A worker that died had completed it, or the bucket gave it up after a day. Once more, with today's rows.
        context.log.warn('the upload is gone; the file is begun again', { code: error.code });
        await begin(deps, job, await deps.progress.byJob(job.id));
        return write(deps, job, context);
      });
    } catch (error) {
      if (error instanceof OvertakenError) return { kind: 'released', because: 'busy', progressed: false };
      throw error;
    }
  };
}

async function begin(
  { progress, storage }: ExportWorkerDeps,
  { id: jobId, attempts: attempt }: JobOf<ExportPayload>,
  before: ExportProgress | undefined,
): Promise<ExportProgress> {
  const uploadId = await (await storage()).begin(jobId);
  const begun: ExportProgress = {
    jobId,
    version: (before?.version ?? 0) + 1,
    attempt,
    uploadId,
    parts: [],
    rest: null,
    cursor: null,
    ended: false,
    rows: 0,
    bytes: 0,
  };
  if (!(await progress.save(begun, before?.version ?? null))) throw new OvertakenError();
  return begun;
}

async function write(
  deps: ExportWorkerDeps,
  job: JobOf<ExportPayload>,
  context: WorkContext,
): Promise<PartOutcome> {
  const storage = await deps.storage();
  const scratch = storage.scratchOf(job.id);
  const source = await deps.sourceOf(job.payload, scratch);
  if (source === null) throw new PartFailedError('The coach whose file this was to be is gone.');
  const before = await deps.progress.byJob(job.id);
  let file = before?.attempt === job.attempts ? before : await begin(deps, job, before);
  let progressed = false;
  const save = async (change: Partial<ExportProgress>): Promise<void> => {
    const next = { ...file, ...change, version: file.version + 1 };
    if (!(await deps.progress.save(next, file.version))) throw new OvertakenError();
    file = next;
    progressed = true;
  };

  let held = file.rest === null ? '' : z.string().parse(await scratch.read(file.rest));
  while (!file.ended) {
    const filled = await fill(deps, source, context, { file, text: held });
    const { text, cursor, rows, ended } = filled;
    if (filled.stopped === 'cancelled') return { kind: 'cancelled', counts: {}, done: 0 };
    if (filled.stopped === 'time') {
      if (filled.steps > 0) await save({ rest: text === '' ? null : await scratch.keep(text), cursor, rows });
      return { kind: 'released', because: 'time', progressed };
    }
    const part =
      text === '' ? [] : [await storage.putPart(job.id, file.uploadId, file.parts.length + 1, text)];
    const bytes = file.bytes + Buffer.byteLength(text);
    await save({ parts: [...file.parts, ...part], rest: null, cursor, ended, rows, bytes });
    held = '';
  }
  await storage.complete(job.id, file.uploadId, file.parts);
  return { kind: 'finished', counts: { rows: file.rows, bytes: file.bytes } };
}

/** Lines until they are enough for a part, or there are no more, or there is a reason to stop. */
async function fill(
  { partBytes = PART_BYTES }: ExportWorkerDeps,
  source: CsvSource,
  context: WorkContext,
  { file, text: held }: { readonly file: ExportProgress; readonly text: string },
) {
  let text = held;
  let bytes = Buffer.byteLength(text);
  let { cursor, rows } = file;
  let steps = 0;
  const filled = (ended: boolean, stopped: 'time' | 'cancelled' | null) => ({
    text,
    cursor,
    rows,
    steps,
    ended,
    stopped,
  });
  while (bytes < partBytes) {
    if (context.remainingMs() < STOP_WITH_MS) return filled(false, 'time');
    if ((await context.cancelled?.()) === true) return filled(false, 'cancelled');
    const step = await source(cursor);
    const more = csvLines(step.lines, text === '' && file.parts.length === 0 && step.lines.length > 0);
    text += more;
    bytes += Buffer.byteLength(more);
    rows += step.rows;
    cursor = step.next;
    steps += 1;
    if (cursor === null) return filled(true, null);
  }
  return filled(false, null);
}
