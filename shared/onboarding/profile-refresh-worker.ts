import type { Activity } from '#shared/audit/activity.ts';
import type { Competitor } from '#shared/competitors/competitor.ts';
import { isRead } from '#shared/competitors/consent.ts';
import { GamePlatformError } from '#shared/game-platform/game-platform-error.ts';
import type { GamePlatform } from '#shared/game-platform/game-platform.ts';
import { eachSubject } from '#shared/jobs/each-subject.ts';
import type { Job } from '#shared/jobs/job.ts';
import type { PartWorker, WorkContext } from '#shared/jobs/work-part.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { NewId } from '#shared/kernel/ids.ts';
import type { ProcessingSwitch } from '#shared/settings/processing-switch.ts';
import type { ScoreStart } from './account-facts.ts';
import { accountChange } from './account-refresh.ts';
import { OwnError } from '#shared/kernel/errors.ts';

export interface ProfileRefreshDeps {
  readonly platform: Pick<GamePlatform, 'getUser'>;
  /** A moment old: whoever was changed since is read again before anything is written. */
  readonly competitorsByIds: (ids: readonly string[]) => Promise<ReadonlyMap<string, Competitor>>;
  /** Consistent. */
  readonly competitorById: (competitorId: string) => Promise<Competitor | undefined>;
  /** All or nothing; false when the stored version is no longer the one before this. */
  readonly save: (
    competitor: Competitor,
    records: {
      readonly activity: Activity | null;
      readonly totalsDue: Omit<ScoreStart, 'gamePlatformId'> | null;
    },
  ) => Promise<boolean>;
  /** Mends the copies of their teams that the score sync keeps. */
  readonly mendTeams: (competitors: readonly Competitor[]) => Promise<void>;
  /** Notes when the account was asked about, and changes no version; does nothing when the record has changed. */
  readonly noteChecked: (competitor: Competitor, at: string) => Promise<void>;
  readonly processing: ProcessingSwitch;
  /** Accounts asked about at once. @default as many as scores are read at once */
  readonly concurrency?: () => Promise<number>;
  readonly now: Clock;
  readonly newId: NewId;
}

/** Accounts asked about at once by one worker: as many calls in flight as score reads have. */
const CONCURRENCY = 4;
/** One call and a write. */
const START_WITH_MS = 5_000;
/** Kept back from the calls' budget for the writes that follow. */
const WRITE_RESERVE_MS = 3_000;
/** Each further one means that somebody saved the competitor in between. */
const SAVE_ATTEMPTS = 5;

type Refreshed = 'changed' | 'unchanged' | 'userUnknown' | 'left';

async function refreshAccount(
  deps: ProfileRefreshDeps,
  known: Competitor & { readonly gamePlatformId: string },
  jobId: string,
  budgetMs: number,
): Promise<Refreshed> {
  const { gamePlatformId } = known;
  const user = await deps.platform.getUser(gamePlatformId, { budgetMs });
  let competitor: Competitor = known;
  for (let attempt = 1; attempt <= SAVE_ATTEMPTS; attempt += 1) {
    const at = deps.now().toISOString();
    const change = accountChange(competitor, user, at);
    if (change === undefined) {
      await deps.noteChecked(competitor, at);
      return user === null ? 'userUnknown' : 'unchanged';
    }
    const { id: competitorId, coachId } = competitor;
    const { next, status } = change;
    const saved = await deps.save(next, {
      activity:
        status === null
          ? null
          : {
              id: deps.newId('act'),
              coachId,
              at,
              kind: 'account_status_changed',
              actor: `job:${jobId}`,
              competitorId,
              details: { from: status.from ?? '', to: status.to ?? '' },
            },
      // From now on the platform shows the scores; the next sync reads them, the next sweep their totals.
      totalsDue: status?.to === 'approved' ? { competitorId, coachId, mark: `approved#${at}` } : null,
    });
    if (saved) return user === null ? 'userUnknown' : 'changed';
    const current = await deps.competitorById(competitorId);
    if (current === undefined || !isRead(current) || current.gamePlatformId !== gamePlatformId) {
      return 'left';
    }
    competitor = current;
  }
  throw new OwnError(`Competitor ${known.id} was changed ${SAVE_ATTEMPTS} times in a row.`);
}

/** Asks about one account for a job, unless it was asked about since the job began; answers how it is counted. */
export async function readAccount(
  deps: ProfileRefreshDeps,
  competitor: Competitor | undefined,
  job: Pick<Job, 'id' | 'createdAt'>,
  context: WorkContext,
): Promise<string> {
  if (competitor === undefined || !isRead(competitor)) return 'left';
  const { checkedAt } = competitor.platform;
  if (checkedAt !== null && checkedAt >= job.createdAt) return 'unchanged';
  try {
    const budgetMs = Math.floor(context.remainingMs() - WRITE_RESERVE_MS);
    return await refreshAccount(deps, competitor, job.id, budgetMs);
  } catch (error) {
    if (!(error instanceof GamePlatformError) || error.waits) throw error;
    switch (error.code) {
      case 'TOKEN_MISSING':
      case 'TOKEN_REFUSED':
      case 'BUDGET_EXHAUSTED':
        throw error;
      default:
        context.log.warn('account not read', { competitorId: competitor.id, code: error.code });
        return 'failed';
    }
  }
}

/**
 * Processes parts of `profile_refresh`: asks the platform about each account and stores what changed. Whoever was
 * asked about since the job began is not asked about again; one refused look-up does not stop the others.
 */
export function createProfileRefreshWorker(deps: ProfileRefreshDeps): PartWorker {
  return async (job, part, context) => {
    const competitors = await deps.competitorsByIds(part.subjects);
    await deps.mendTeams([...competitors.values()]).catch((error: unknown) => {
      context.log.warn('copies of teams not mended', { people: competitors.size }, error);
    });
    const outcome = await eachSubject(
      part.subjects,
      context,
      {
        concurrency: (await deps.concurrency?.()) ?? CONCURRENCY,
        startWithMs: START_WITH_MS,
        suspension: deps.processing.suspension,
        block: deps.processing.block,
      },
      (competitorId) => readAccount(deps, competitors.get(competitorId), job, context),
    );
    if (outcome.kind !== 'finished') return outcome;
    return {
      kind: 'finished',
      counts: { total: part.subjects.length, changed: 0, unchanged: 0, failed: 0, ...outcome.counts },
    };
  };
}
