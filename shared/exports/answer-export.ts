import type { Actor } from '#shared/audit/actor.ts';
import type { startAuditedJob, StartOf } from '#shared/jobs/start-job.ts';
import type { CsvCursor, CsvSource } from '#shared/kernel/csv/csv-source.ts';
import { csvLines } from '#shared/kernel/csv/write-csv.ts';
import type { EXPORT_TASKS, ExportPayload } from './tasks.ts';

export interface AnswerExportDeps {
  readonly start: ReturnType<typeof startAuditedJob>;
  /** Asks for the job to be planned now; never rejects. */
  readonly planSoon: (jobId: string) => Promise<void>;
  /** The most that one answer takes. Lambda ends at 6 MB, the escaping of the text included. */
  readonly mostBytes: number;
}

export type ExportAnswer =
  | { readonly kind: 'file'; readonly csv: string; readonly rows: number }
  | { readonly kind: 'job'; readonly jobId: string };

/** With less time left the file is left to a job as well: half of what a request has. */
const LEFT_MS = 14_000;

/** A table as one answer; undefined when it is too much, or takes too long. */
async function wholeFile(
  source: CsvSource,
  mostBytes: number,
  remainingMs: () => number,
): Promise<Extract<ExportAnswer, { kind: 'file' }> | undefined> {
  let csv = '';
  let bytes = 0;
  let rows = 0;
  let cursor: CsvCursor | null = null;
  do {
    const step = await source(cursor);
    const more = csvLines(step.lines, csv === '' && step.lines.length > 0);
    csv += more;
    bytes += Buffer.byteLength(more);
    rows += step.rows;
    cursor = step.next;
    if (bytes > mostBytes || (cursor !== null && remainingMs() < LEFT_MS)) return undefined;
  } while (cursor !== null);
  return { kind: 'file', csv, rows };
}

export interface ExportAsked {
  readonly source: CsvSource;
  /** The same question for the job. */
  readonly payload: ExportPayload;
  readonly actor: Actor;
  readonly remainingMs: () => number;
}

/** The file itself where one answer holds it, or the job that prepares it. */
export function createAnswerExport({ start, planSoon, mostBytes }: AnswerExportDeps) {
  return async ({ source, payload, actor, remainingMs }: ExportAsked): Promise<ExportAnswer> => {
    const file = await wholeFile(source, mostBytes, remainingMs);
    if (file !== undefined) return file;
    const asked: StartOf<typeof EXPORT_TASKS> = {
      taskType: 'table_export',
      payload,
      startedBy: `user:${actor.sub}`,
    };
    const { id } = await start(asked, actor, { coachId: payload.coachId });
    await planSoon(id);
    return { kind: 'job', jobId: id };
  };
}
