import type { JobDetailView } from '#shared/jobs/contract.ts';
import { duration } from '#shared/kernel/format.ts';

/** When each part of a job waited and was worked on, as shares of its time; pure. */

type Part = JobDetailView['parts']['items'][number];

interface Segment {
  readonly kind: 'queued' | 'worked' | 'failed' | 'stopped';
  /** Percent of the width. */
  readonly left: number;
  readonly width: number;
}

export interface WaterfallRow {
  readonly name: string;
  readonly segments: readonly Segment[];
  /** Milliseconds; null: it has not begun, or not ended. */
  readonly waitedMs: number | null;
  readonly workedMs: number | null;
}

export interface Waterfall {
  readonly rows: readonly WaterfallRow[];
  /** From the request to the end, or to now. */
  readonly spanMs: number;
  /** The finding in a sentence. */
  readonly label: string;
}

const KINDS: Readonly<Record<Part['status'], Segment['kind']>> = {
  pending: 'worked',
  running: 'worked',
  succeeded: 'worked',
  failed: 'failed',
  cancelled: 'stopped',
};

const time = (iso: string | null): number | null => (iso === null ? null : Date.parse(iso));

export function waterfallOf(
  job: Pick<JobDetailView, 'createdAt' | 'startedAt' | 'finishedAt' | 'status'>,
  parts: readonly Part[],
  now: Date,
): Waterfall {
  const from = Date.parse(job.createdAt);
  const to = Math.max(time(job.finishedAt) ?? now.getTime(), from + 1);
  const spanMs = to - from;
  const share = (at: number): number => (Math.min(Math.max(at - from, 0), spanMs) / spanMs) * 100;
  const segment = (kind: Segment['kind'], begin: number, end: number): Segment => ({
    kind,
    left: share(begin),
    width: Math.max(0, share(end) - share(begin)),
  });
  const planned = time(job.startedAt);
  const rows = parts.map((part): WaterfallRow => {
    const begun = time(part.startedAt);
    const ended = time(part.finishedAt) ?? (part.status === 'running' ? to : null);
    // A part that was put back waits anew; its earlier tries are not kept.
    const sent = Math.min(time(part.queuedAt) ?? planned ?? from, begun ?? Infinity);
    const isWaiting = begun === null || ended === null;
    return {
      name: `Part ${part.number}`,
      segments: isWaiting
        ? [segment('queued', sent, to)]
        : [segment('queued', sent, begun), segment(KINDS[part.status], begun, ended)],
      waitedMs: begun === null ? null : Math.max(0, begun - sent),
      workedMs: part.durationMs,
    };
  });
  const plan: WaterfallRow = {
    name: 'Planned',
    segments: [segment('queued', from, planned ?? to)],
    waitedMs: planned === null ? null : planned - from,
    workedMs: null,
  };
  return { rows: [plan, ...rows], spanMs, label: findingOf(rows, parts, spanMs, job.finishedAt !== null) };
}

function findingOf(
  rows: readonly WaterfallRow[],
  parts: readonly Part[],
  spanMs: number,
  isOver: boolean,
): string {
  const longest = rows.reduce<WaterfallRow | undefined>(
    (most, row) => ((row.workedMs ?? 0) > (most?.workedMs ?? 0) ? row : most),
    undefined,
  );
  const failed = parts.filter(({ status }) => status === 'failed').length;
  const length = isOver ? `It took ${duration(spanMs)} from the request to the end.` : 'It is not over.';
  const slow =
    longest?.workedMs === undefined || longest.workedMs === null
      ? ''
      : ` ${longest.name} took longest, ${duration(longest.workedMs)}.`;
  return `${length}${slow}${failed === 0 ? '' : ` ${failed} failed.`}`;
}
