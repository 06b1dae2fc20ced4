import type * as z from 'zod';
import type { jobDetailSchema, jobPartViewSchema } from './contract.ts';
import { jobToView, type NamesBySub } from './job-to-view.ts';
import type { Job, JobPart } from './job.ts';

/** What `GET /api/admin/jobs/{id}` says beyond a line of the list; pure. */

type PartView = z.infer<typeof jobPartViewSchema>;
type JobDetail = z.infer<typeof jobDetailSchema>;

const spanMs = (from: string | null, to: string | null): number | null =>
  from === null || to === null ? null : Math.max(0, Date.parse(to) - Date.parse(from));

function stateOf(job: Pick<Job, 'status'>, part: JobPart, now: Date): PartView['status'] {
  if (part.status !== 'pending') return part.status;
  if (part.claimedUntil !== null && Date.parse(part.claimedUntil) > now.getTime()) return 'running';
  return job.status === 'cancelled' ? 'cancelled' : 'pending';
}

const attemptsOf = (part: JobPart): number =>
  part.attempts + (part.earlier ?? []).reduce((sum, { attempts }) => sum + attempts, 0);

const partToView = (job: Pick<Job, 'status'>, part: JobPart, now: Date): PartView => ({
  number: part.part + 1,
  status: stateOf(job, part, now),
  attempts: attemptsOf(part),
  queuedAt: part.sentAt,
  startedAt: part.startedAt,
  finishedAt: part.finishedAt,
  durationMs: spanMs(part.startedAt, part.finishedAt),
  subjects: part.subjects.length,
  done: part.status === 'pending' ? 0 : (part.done ?? part.subjects.length),
  counts: part.counts,
  error: part.error,
});

/** Why parts failed, the most frequent cause first; of this attempt and of those before, each cause once a part. */
export function causesOf(parts: Iterable<JobPart>): JobDetail['causes'] {
  const causes = new Map<string, { parts: number; open: number }>();
  for (const part of parts) {
    const own = new Set((part.earlier ?? []).flatMap(({ error }) => (error === null ? [] : [error])));
    if (part.error !== null) own.add(part.error);
    for (const cause of own) {
      const known = causes.get(cause) ?? { parts: 0, open: 0 };
      const open = part.status === 'failed' && part.error === cause ? 1 : 0;
      causes.set(cause, { parts: known.parts + 1, open: known.open + open });
    }
  }
  return [...causes]
    .map(([cause, { parts: n, open }]) => ({ cause, parts: n, failedNow: open }))
    .toSorted((a, b) => b.failedNow - a.failedNow || b.parts - a.parts || a.cause.localeCompare(b.cause));
}

export function jobToDetail(
  job: Job,
  page: { readonly parts: readonly JobPart[]; readonly nextCursor: string | null },
  causes: JobDetail['causes'],
  { now, names }: { readonly now: Date; readonly names: NamesBySub },
): JobDetail {
  return {
    ...jobToView(job, names),
    payload: job.payload,
    notBefore: job.notBefore,
    planned: job.planned,
    durationMs: spanMs(job.startedAt, job.finishedAt),
    archivedAt: job.archivedAt ?? null,
    discarded:
      job.discarded === undefined ? null : { ...job.discarded, byName: names.get(job.discarded.by) ?? null },
    forecast: job.forecast ?? null,
    partCounts: { total: job.parts, done: job.partsDone, failed: job.partsFailed },
    parts: {
      items: page.parts.map((part) => partToView(job, part, now)),
      nextCursor: page.nextCursor,
    },
    causes,
    earlier: (job.earlier ?? []).map(({ status, startedAt, finishedAt, error, partsFailed }) => ({
      status,
      startedAt,
      finishedAt,
      durationMs: spanMs(startedAt, finishedAt),
      error,
      partsFailed,
    })),
  };
}
