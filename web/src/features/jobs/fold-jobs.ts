import { TASKS } from '#shared/composition/tasks.ts';
import type { JobView } from '#shared/jobs/contract.ts';
import type { TaskDefinition } from '#shared/jobs/task-definition.ts';
import { clockTime, count, counted, moment } from '#shared/kernel/format.ts';
import { dayOf, hourOf } from '#shared/kernel/days.ts';

/** Quiet runs of schedules as one line an hour; pure. */

const KNOWN = new Map<string, TaskDefinition>(Object.entries(TASKS));
const ROUND = 'game_platform_sync';

export interface JobFold {
  readonly kind: 'fold';
  /** Day and hour. */
  readonly key: string;
  /** Newest first. */
  readonly jobs: readonly JobView[];
}
export type ListEntry = { readonly kind: 'job'; readonly job: JobView } | JobFold;

/** A schedule had it run, it ended well, and it only reads and stores: nobody looks for it by itself. */
const isQuiet = ({ status, startedBy, taskType }: JobView): boolean =>
  status === 'succeeded' && startedBy.startsWith('schedule:') && KNOWN.get(taskType)?.harmless === true;

/** The list with the quiet runs of each hour in one fold, where the newest of them stood; one alone keeps its line. */
export function foldJobs(jobs: readonly JobView[], timeZone: string): readonly ListEntry[] {
  const hourOfJob = ({ createdAt }: JobView): string =>
    `${dayOf(createdAt, timeZone)} ${hourOf(new Date(createdAt), timeZone)}`;
  const quiet = Map.groupBy(jobs.filter(isQuiet), hourOfJob);
  const told = new Set<string>();
  return jobs.flatMap((job): readonly ListEntry[] => {
    const key = hourOfJob(job);
    const same = isQuiet(job) ? (quiet.get(key) ?? []) : [];
    if (same.length < 2) return [{ kind: 'job', job }];
    if (told.has(key)) return [];
    told.add(key);
    return [{ kind: 'fold', key, jobs: same }];
  });
}

const of = ({ result }: JobView, name: string): number => result?.[name] ?? 0;
const sum = (jobs: readonly JobView[], name: string): number =>
  jobs.reduce((all, job) => all + of(job, name), 0);
const isRound = ({ taskType }: JobView): boolean => taskType === ROUND;

/** `9 score rounds and 4 other runs`. */
export function foldCount({ jobs }: JobFold): string {
  const rounds = jobs.filter(isRound).length;
  const others = jobs.length - rounds;
  const words = [
    ...(rounds === 0 ? [] : [counted(rounds, 'score round')]),
    ...(others === 0 ? [] : [rounds === 0 ? counted(others, 'run') : counted(others, 'other run')]),
  ];
  return words.join(' and ');
}

/** `2:00 PM to 2:55 PM`. */
export function foldSpan({ jobs }: JobFold, timeZone: string, now: Date): string {
  const times = jobs.map(({ createdAt }) => createdAt).toSorted();
  const [first = ''] = times;
  return `${moment(first, timeZone, now)} to ${clockTime(times.at(-1) ?? first, timeZone)}`;
}

/** What the rounds found in sum, and what they could not read. */
export function foldFound({ jobs }: JobFold): string {
  const rounds = jobs.filter(isRound);
  const fresh = sum(rounds, 'synced');
  const failed = sum(jobs, 'failed');
  const found =
    fresh === 0
      ? 'nothing new'
      : `${counted(fresh, 'competitor')} with new solves in ${counted(rounds.filter((job) => of(job, 'synced') > 0).length, 'round')}`;
  return failed === 0 ? found : `${found}; ${count(failed)} not read`;
}

/** People read by the rounds. */
export const foldRead = ({ jobs }: JobFold): number => sum(jobs.filter(isRound), 'total');

/** One mark a round, oldest first: how many had new solves. */
export const foldMarks = ({ jobs }: JobFold): readonly number[] =>
  jobs
    .filter(isRound)
    .map((job) => of(job, 'synced'))
    .toReversed();
