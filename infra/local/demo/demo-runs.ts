import type { Job } from '#shared/jobs/job.ts';
import type { Solve } from '#shared/score-sync/score-records.ts';
import { READ_EVERY_MS } from './demo-history.ts';

const RUNS = 47;
const TOOK_MS = 14_000;

/** The score-sync jobs of the last day that belong to the demo's history, oldest first. */
export function demoRuns(solves: readonly Solve[], competitors: number, lastRead: Date): Job[] {
  const readers = Map.groupBy(solves, (solve) => Date.parse(solve.storedAt));
  return Array.from({ length: RUNS }, (_, index): Job => {
    const at = lastRead.getTime() - (RUNS - 1 - index) * READ_EVERY_MS;
    const synced = new Set((readers.get(at) ?? []).map((solve) => solve.competitorId)).size;
    const createdAt = new Date(at).toISOString();
    return {
      id: `job-demo-${createdAt.replaceAll(/[^0-9]/g, '').slice(0, 12)}`,
      taskType: 'game_platform_sync',
      status: 'succeeded',
      startedBy: 'schedule:score-sync',
      payload: {},
      createdAt,
      notBefore: null,
      startedAt: createdAt,
      finishedAt: new Date(at + TOOK_MS).toISOString(),
      attempts: 1,
      planned: true,
      planCursor: null,
      parts: 0,
      partsDone: 0,
      partsFailed: 0,
      done: competitors,
      total: competitors,
      counts: { total: competitors, synced, skipped: competitors - synced, failed: 0 },
      error: null,
    };
  });
}
