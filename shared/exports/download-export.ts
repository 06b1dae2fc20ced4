import type { Actor } from '#shared/audit/actor.ts';
import type { AuditEntry } from '#shared/audit/audit-entry.ts';
import type { Caller } from '#shared/identity/caller.ts';
import type { Job } from '#shared/jobs/job.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { notFound } from '#shared/kernel/errors.ts';
import type { NewId } from '#shared/kernel/ids.ts';
import { OFFERED_HOURS, type ExportDownload } from './contract.ts';
import { EXPORT_TASKS, type ExportPayload } from './tasks.ts';

export interface DownloadExportDeps {
  readonly jobById: (jobId: string) => Promise<Job | undefined>;
  /** Rows that are written so far. */
  readonly rowsOf: (jobId: string) => Promise<number>;
  /** Whether somebody was erased at this time or later. */
  readonly erasedSince: (iso: string) => Promise<boolean>;
  readonly sign: (file: {
    readonly jobId: string;
    readonly fileName: string;
    readonly seconds: number;
  }) => Promise<string>;
  readonly append: (entry: AuditEntry) => Promise<void>;
  readonly now: Clock;
  readonly newId: NewId;
}

/** Long enough to begin a download on a slow phone; one that has begun goes on. */
const ADDRESS_SECONDS = 120;

const MESSAGES = {
  failed:
    'The file could not be prepared. Ask for it again; if that fails too, choose fewer days, a coach or a division.',
  cancelled: 'An admin stopped the preparation of this file. Ask for it again.',
  expired: `Files are kept for ${OFFERED_HOURS} hours, and this one is gone. Ask for it again.`,
  erased:
    'Someone was erased after this file was begun, so it is no longer offered. Ask for it again: the new one is without them.',
} as const;

const none = (state: 'failed' | 'expired', message: string): ExportDownload => ({
  state,
  rows: 0,
  url: null,
  message,
});

/** The file of a job for whoever asked for it, and for admins. Whoever cannot be noted gets no address. */
export function createDownloadExport(
  deps: DownloadExportDeps,
): (jobId: string, caller: Caller, actor: Actor) => Promise<ExportDownload> {
  return async (jobId, caller, actor) => {
    const job = await deps.jobById(jobId);
    if (job?.taskType !== 'table_export') throw notFound();
    const payload = EXPORT_TASKS.table_export.payload.parse(job.payload);
    if (!mayHave(job, payload, caller)) throw notFound();
    const { status, finishedAt } = job;
    if (status === 'failed' || status === 'cancelled') return none('failed', MESSAGES[status]);
    if (status !== 'succeeded' || finishedAt === null) {
      return { state: 'preparing', rows: await deps.rowsOf(jobId), url: null, message: null };
    }
    const now = deps.now();
    if (now.getTime() - Date.parse(finishedAt) >= OFFERED_HOURS * 3_600_000)
      return none('expired', MESSAGES.expired);
    if (await deps.erasedSince(job.createdAt)) return none('expired', MESSAGES.erased);
    const { file, coachId } = payload;
    const rows = job.counts['rows'] ?? 0;
    await deps.append({
      id: deps.newId('aud'),
      at: now.toISOString(),
      actor: actor.sub,
      actingAs: actor.actingAs,
      // As the roster that fits into one answer is noted.
      action: file === 'roster' ? 'roster.export' : 'table.export',
      subject: coachId ?? 'everybody',
      coachId,
      requestId: actor.requestId,
      details: file === 'roster' ? { people: rows, jobId } : { file, rows, jobId },
    });
    const url = await deps.sign({ jobId, fileName: `${file}.csv`, seconds: ADDRESS_SECONDS });
    return { state: 'ready', rows, url, message: null };
  };
}

/** A coach, or an admin who acts as one, has what they asked for of that coach's people alone. */
function mayHave(job: Job, payload: ExportPayload, { role, sub, coachId }: Caller): boolean {
  return role === 'admin' || (job.startedBy === `user:${sub}` && payload.coachId === coachId);
}
