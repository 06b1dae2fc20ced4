import { expect, test, vi } from 'vitest';
import type { JobRepository } from '#shared/jobs/job-repository.ts';
import { createRunsSince } from '#shared/dashboard/runs-since.ts';
import { newJob } from '#shared/jobs/start-job.ts';

const SINCE = '2026-11-23T20:00:00.000Z';

test('the day’s rounds are read once in twenty seconds, and again after a failure', async () => {
  let at = Date.parse('2026-11-24T20:00:00.000Z');
  const page = vi
    .fn<JobRepository['page']>()
    .mockRejectedValueOnce(new Error('throttled'))
    .mockResolvedValue([]);
  const runsSince = createRunsSince(page, () => new Date(at));
  await expect(runsSince(SINCE)).rejects.toThrow('throttled');
  await expect(runsSince(SINCE)).resolves.toEqual([]);
  at += 19_000;
  await runsSince(SINCE);
  expect(page).toHaveBeenCalledTimes(2);
  at += 1_000;
  await runsSince(SINCE);
  expect(page).toHaveBeenCalledTimes(3);
});

test('a dry run is no round', async () => {
  const now = new Date(SINCE);
  const input = { taskType: 'game_platform_sync', payload: { dryRun: true }, startedBy: 'user:ada' };
  const jobs = [newJob('job_2', input, now), newJob('job_1', { ...input, payload: { due: true } }, now)];
  const runsSince = createRunsSince(
    () => Promise.resolve(jobs),
    () => now,
  );
  expect(await runsSince(SINCE)).toEqual([{ createdAt: SINCE, finishedAt: null, failed: false }]);
});
