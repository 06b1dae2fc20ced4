import type { JobView } from '#shared/jobs/contract.ts';
import {
  foldCount,
  foldFound,
  foldJobs,
  foldMarks,
  foldRead,
  foldSpan,
  type JobFold,
} from '#web/features/jobs/fold-jobs.ts';
import { describe, expect, test } from 'vitest';

const ZONE = 'America/New_York';
const NOW = new Date('2026-11-19T20:50:00Z');

let made = 0;
const run = (at: string, change: Partial<JobView> = {}): JobView => {
  made += 1;
  return {
    id: `job_${made.toString()}`,
    taskType: 'game_platform_sync',
    status: 'succeeded',
    startedBy: 'schedule:score-sync',
    startedByName: null,
    createdAt: `2026-11-19T${at}:00.000Z`,
    startedAt: null,
    finishedAt: null,
    attempts: 1,
    progress: { done: 0, total: 0 },
    result: { total: 4, synced: 0, skipped: 4, failed: 0 },
    error: null,
    ...change,
  };
};
const shape = (jobs: readonly JobView[]) =>
  foldJobs(jobs, ZONE).map((entry) => (entry.kind === 'fold' ? entry.jobs.length : entry.job.id));
function foldOf(jobs: readonly JobView[]): JobFold {
  const [entry] = foldJobs(jobs, ZONE);
  if (entry?.kind !== 'fold') throw new Error('Nothing was folded.');
  return entry;
}

describe('quiet runs', () => {
  test('are one line an hour of the program’s time zone, where the newest stood', () => {
    expect(shape([run('20:10'), run('20:05'), run('19:55'), run('19:50'), run('19:45')])).toEqual([2, 3]);
  });

  test('that stand alone in their hour keep their line', () => {
    const one = run('20:10');
    expect(shape([one, run('19:55'), run('19:50')])).toEqual([one.id, 2]);
  });

  test.each([
    ['failed', { status: 'failed' as const }],
    ['still running', { status: 'running' as const }],
    ['started by a person', { startedBy: 'user:ada' }],
    ['changing something on the platform', { taskType: 'roster_reconcile' }],
  ])('are not those that are: %s', (_, change) => {
    const other = run('20:07', change);
    expect(shape([run('20:10'), other, run('20:05')])).toEqual([2, other.id]);
  });

  test('of an hour that is listed in two pages are one fold', () => {
    const jobs = [run('20:10'), run('20:05'), run('20:00')];
    expect(shape(jobs.slice(0, 2))).toEqual([2]);
    expect(shape(jobs)).toEqual([3]);
  });
});

describe('a fold', () => {
  const fold = foldOf([
    run('20:40', { result: { total: 6, synced: 2, skipped: 3, failed: 1 } }),
    run('20:35', { taskType: 'job_cleanup', result: { archived: 3 } }),
    run('20:30', { result: { total: 0 } }),
    run('20:25', { result: { total: 5, synced: 1, skipped: 4, failed: 0 } }),
  ]);

  test('says how many runs, over which time, and what they found in sum', () => {
    expect(foldCount(fold)).toBe('3 score rounds and 1 other run');
    expect(foldSpan(fold, ZONE, NOW)).toBe('3:25 PM to 3:40 PM');
    expect(foldFound(fold)).toBe('3 competitors with new solves in 2 rounds; 1 not read');
    expect(foldRead(fold)).toBe(11);
    expect(foldMarks(fold)).toEqual([1, 0, 2]);
  });

  test('of rounds that found nothing says so', () => {
    const quiet = foldOf([run('20:40'), run('20:35')]);
    expect([foldCount(quiet), foldFound(quiet)]).toEqual(['2 score rounds', 'nothing new']);
    const others = foldOf([
      run('20:40', { taskType: 'job_cleanup' }),
      run('20:35', { taskType: 'job_cleanup' }),
    ]);
    expect(foldCount(others)).toBe('2 runs');
  });
});
