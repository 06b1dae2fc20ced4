import { count, counted, decimal, duration, listNames, roughly } from '#shared/kernel/format.ts';
import { TASKS } from '#shared/composition/tasks.ts';
import { cancelRefusal } from '#shared/jobs/cancel-job.ts';
import type { JobDetailView, JobEstimate, JobView } from '#shared/jobs/contract.ts';
import { retryRefusal } from '#shared/jobs/reopen-job.ts';
import { capitalized } from '#shared/kernel/text.ts';
import type { Tone } from '#web/shared/ui/badge.tsx';

/** The words of a job; pure. */

export const isUnderWay = (job: Pick<JobView, 'status'>): boolean =>
  job.status === 'pending' || job.status === 'running';

export const STATE_LABELS: Readonly<
  Record<JobView['status'], { readonly tone: Tone; readonly text: string }>
> = {
  pending: { tone: 'pending', text: 'Pending' },
  running: { tone: 'accent', text: 'Running' },
  succeeded: { tone: 'ok', text: 'Succeeded' },
  failed: { tone: 'error', text: 'Failed' },
  cancelled: { tone: 'neutral', text: 'Canceled' },
};

/** Milliseconds a job took, or has taken so far; null before it started. */
export function jobDuration(job: Pick<JobView, 'startedAt' | 'finishedAt'>, now: Date): number | null {
  if (job.startedAt === null) return null;
  const end = job.finishedAt === null ? now.getTime() : Date.parse(job.finishedAt);
  return Math.max(0, end - Date.parse(job.startedAt));
}

/** What was achieved, what was left alone, what went wrong; DynamoDB keeps no order of a map's fields. */
const COUNT_ORDER = [
  'total',
  'wouldRead',
  'calls',
  'synced',
  'corrected',
  'healed',
  'revoked',
  'held',
  'kept',
  'unexplained',
  'inStep',
  'onboarded',
  'takenOver',
  'found',
  'unknown',
  'notCompliant',
  'archived',
  'read',
  'skipped',
  'notApproved',
  'userUnknown',
  'refused',
  'failed',
  'rows',
  'bytes',
];

const placeOf = (name: string): number => {
  const place = COUNT_ORDER.indexOf(name);
  return place === -1 ? COUNT_ORDER.length : place;
};

/** The total first, then what it is made of; names that are not known come last, by name. */
export const countsOf = (result: Readonly<Record<string, number>>): readonly (readonly [string, number])[] =>
  Object.entries(result).toSorted(([a], [b]) => placeOf(a) - placeOf(b) || a.localeCompare(b));

/**
 * `1 with new solves; 21 checked, nothing new`; zeros are left out, and the total where it is no more than the others
 * together. Null when there is nothing to count.
 */
export function resultLabel(result: JobView['result']): string | null {
  if (result === null) return null;
  const { total } = result;
  const some = countsOf(result).filter(([name, value]) => name !== 'total' && value !== 0);
  const parts = some.map(([name, value]) => `${count(value)} ${countName(name)}`);
  if (parts.length === 0)
    return total === undefined ? null : total === 0 ? 'nothing to do' : `${count(total)} in all`;
  const sum = some.reduce((all, [, value]) => all + value, 0);
  return [...parts, ...(total !== undefined && total > sum ? [`${count(total)} in all`] : [])].join('; ');
}

/** A person by name; oneself is `you`, and of somebody whose sign-in is gone no name is left. */
export const personLabel = (sub: string, name: string | null, ownSub: string): string =>
  sub === ownSub ? 'you' : (name ?? 'someone who is no longer here');

/** Who or what started a job: `schedule:score-sync` and `user:<sub>` in words. */
export function starterLabel(
  { startedBy, startedByName }: Pick<JobView, 'startedBy' | 'startedByName'>,
  ownSub: string,
): string {
  const [kind, id = ''] = startedBy.split(/:(.*)/s);
  if (kind === 'schedule') return `schedule ${id}`;
  return kind === 'user' ? personLabel(id, startedByName, ownSub) : startedBy;
}

/** More values of a list than these are counted, not shown. */
const SHOWN_VALUES = 5;

function valueLabel(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) {
    return listNames(value.map(valueLabel), SHOWN_VALUES);
  }
  if (typeof value === 'object' && value !== null) {
    return Object.values(value).map(valueLabel).join(' = ');
  }
  return String(value);
}

/** A payload as names and values; what was left open is left out. */
export const payloadLines = (
  payload: Readonly<Record<string, unknown>>,
): readonly (readonly [string, string])[] =>
  Object.entries(payload)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => [capitalized(countName(name)), valueLabel(value)]);

/** Counts whose names say too little. */
const COUNT_NAMES: Readonly<Record<string, string>> = {
  inStep: 'matching the platform',
  synced: 'with new solves',
  skipped: 'checked, nothing new',
  skipped_no_new_data: 'checked, nothing new',
  corrected: 'with corrected solves',
  heldBack: 'waiting to be tried again',
  skippedOverlap: 'left to the run before it',
  notApproved: 'waiting for approval',
  userUnknown: 'not found on the platform',
  healed: 'with late solves',
  revoked: 'with withdrawn solves',
  held: 'waiting for a second read',
  kept: 'kept what the platform dropped with a team',
  quarantined: 'with unreadable records',
  unexplained: 'different for no known reason',
  unread: 'with unreadable totals',
  setAside: 'unreadable records set aside',
  takenOver: 'taken over',
  found: 'found there',
  unknown: 'not found there',
  notCompliant: 'not ready',
  notEnabled: 'not switched on for the coach',
  account_changed: 'account changed',
  account_unchanged: 'account unchanged',
  account_failed: 'account not read',
  account_userUnknown: 'account not found there',
  account_left: 'account gone',
  totalsFailed: 'totals not read',
  totalsNotShown: 'totals not shown',
  archived: 'archived',
  wouldRead: 'would be read',
  calls: 'calls to the platform',
  left: 'no longer read',
  waiting: 'waiting for the rest of their job',
};

/** `skipped_no_new_data` and `newSolves` as words. */
export const countName = (name: string): string =>
  COUNT_NAMES[name] ??
  name
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ')
    .toLowerCase();

type Job = Pick<JobDetailView, 'status' | 'taskType' | 'archivedAt' | 'partCounts'>;

export const mayRetry = (job: Job): boolean =>
  retryRefusal({ status: job.status, ...(job.archivedAt === null ? {} : { archivedAt: job.archivedAt }) }) ===
  null;

export const mayCancel = (job: Job): boolean => cancelRefusal(TASKS, job) === null;

/** What a retry will do. */
export function retryLabel({ status, partCounts }: Pick<Job, 'status' | 'partCounts'>): string {
  if (status === 'cancelled') return 'What was left when it was canceled is done now. What is done stays.';
  const { failed } = partCounts;
  if (failed === 0) return 'It continues where it stopped. What is done stays.';
  const parts = failed === 1 ? 'The failed part is' : `The ${failed} failed parts are`;
  return `${parts} redone with today’s data. What succeeded stays and is not done twice.`;
}

/** What the subjects of a type are, where they are not competitors. */
const SUBJECT_NAMES: Readonly<Record<string, readonly [one: string, many: string]>> = {
  onboard_coaches: ['coach', 'coaches'],
  dashboard_rollup: ['part of the program', 'parts of the program'],
  roster_reconcile: ['comparison of all teams', 'comparisons'],
  job_cleanup: ['job', 'jobs'],
};
const MINUTE_MS = 60_000;

/** What an estimate comes to: people, calls, how long at the set rate, and what is left of the day’s calls. */
export function estimateWords(taskType: string, estimate: JobEstimate): string {
  const { subjects, calls, exact, complete, perSecond, seconds, leftToday, refusal } = estimate;
  if (refusal !== null) return 'It would not be started as it is.';
  const [one, many] = SUBJECT_NAMES[taskType] ?? ['competitor', 'competitors'];
  const whom = `${complete ? '' : 'at least '}${counted(subjects, one, many)}`;
  if (calls === 0) return `No calls to the platform, for ${whom}.`;
  const least = exact && complete ? '' : 'At least ';
  const ms = seconds * 1_000;
  const length = `about ${ms < MINUTE_MS ? duration(ms) : roughly(ms)} at ${decimal(perSecond)} a second`;
  return (
    `${least}${counted(calls, 'call')} to the platform for ${whom}, ${length}. ` +
    `${count(leftToday)} of today’s calls are left to reads.`
  );
}
