import { GamePlatformError } from '#shared/game-platform/game-platform-error.ts';
import { eachSubject } from '#shared/jobs/each-subject.ts';
import type { Job } from '#shared/jobs/job.ts';
import type { PartWorker, WorkContext } from '#shared/jobs/work-part.ts';
import { isOfJob } from './packed-no-op-read.ts';
import type { SyncState } from './score-records.ts';
import { COUNTED_AS, readPeople, type SyncWorkerDeps } from './sync-worker.ts';
import { refreshTotals, type TotalsWorkerDeps } from './totals-worker.ts';

export interface RefreshWorkerDeps {
  readonly scores: SyncWorkerDeps;
  readonly totals: TotalsWorkerDeps;
  /** Asks about the account; answers how it is counted, for example `changed`. */
  readonly account: (
    competitorId: string,
    job: Pick<Job, 'id' | 'createdAt'>,
    context: WorkContext,
  ) => Promise<string>;
}

/** Two calls and a few writes. */
const START_WITH_MS = 8_000;
const WRITE_RESERVE_MS = 3_000;

/** What the platform's refusal of one person's totals is counted as; everything else is thrown on. */
function totalsRefused(error: unknown): string {
  if (!(error instanceof GamePlatformError) || error.waits) throw error;
  switch (error.code) {
    case 'TOKEN_MISSING':
    case 'TOKEN_REFUSED':
    case 'BUDGET_EXHAUSTED':
      throw error;
    case 'NOT_APPROVED':
    case 'USER_UNKNOWN':
      return 'totalsNotShown';
    default:
      return 'totalsFailed';
  }
}

/** Reads the totals and audits the stored solves with them, once for this job. */
async function totalsOf(
  deps: TotalsWorkerDeps,
  state: SyncState,
  job: Pick<Job, 'id' | 'createdAt'>,
  context: WorkContext,
): Promise<string> {
  const { competitorId, coachId } = state;
  const [flags, stats] = await Promise.all([
    deps.totals.ofCompetitors([competitorId]),
    deps.solves.statsOf([competitorId]),
  ]);
  const done = stats.get(competitorId)?.audit;
  if (done?.jobId === job.id) return done.outcome;
  const due = flags.get(competitorId) ?? { competitorId, coachId, mark: `refresh#${job.id}` };
  const budgetMs = Math.floor(context.remainingMs() - WRITE_RESERVE_MS);
  try {
    return await refreshTotals(deps, state, due, { jobId: job.id, budgetMs, log: context.log });
  } catch (error) {
    return totalsRefused(error);
  }
}

/**
 * Processes parts of `competitor_refresh`: everything that the platform says of a competitor, now. Solves and Flash CTFs as
 * a score sync reads them, then the totals with their audit, then the account; each is counted for itself, and what this
 * job has read already is not read again.
 */
export function createRefreshWorker(deps: RefreshWorkerDeps): PartWorker {
  return async (job, part, context) => {
    const read = await readPeople(deps.scores, [job, part, context], (state) =>
      state.lastRun !== undefined && isOfJob(state.lastRun, job.id)
        ? COUNTED_AS[state.lastRun.outcome]
        : { full: false, read: 'both' },
    );
    if (read.kind !== 'finished') return read;
    const states = await deps.totals.syncStates.byIds(part.subjects);
    const accounts: Record<string, number> = {};
    const rest = await eachSubject(
      part.subjects,
      context,
      {
        concurrency: 1,
        startWithMs: START_WITH_MS,
        suspension: deps.scores.processing.suspension,
        block: deps.scores.processing.block,
      },
      async (competitorId) => {
        const state = states.get(competitorId);
        if (state === undefined) return 'left';
        const totals = await totalsOf(deps.totals, state, job, context);
        const account = `account_${await deps.account(competitorId, job, context)}`;
        accounts[account] = (accounts[account] ?? 0) + 1;
        return totals;
      },
    );
    if (rest.kind === 'released') return rest;
    return { ...rest, counts: { ...rest.counts, ...accounts, ...read.counts } };
  };
}
