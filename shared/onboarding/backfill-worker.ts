import { eachSubject, StopPartError } from '#shared/jobs/each-subject.ts';
import { actorOfJob } from '#shared/jobs/job-audit.ts';
import type { JobRow } from '#shared/jobs/job.ts';
import type { PayloadOf } from '#shared/jobs/task-definition.ts';
import type { PartWorker } from '#shared/jobs/work-part.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { ProcessingSwitch } from '#shared/settings/processing-switch.ts';
import type { LinkOutcome, LinkRequest } from './link-account.ts';
import type { AdoptOutcome, OnboardRequest } from './onboard-competitor.ts';
import { NOT_ENABLED_WORDS } from './onboarding-switch.ts';
import type { ONBOARDING_TASKS } from './tasks.ts';
import { OwnError } from '#shared/kernel/errors.ts';

type Outcome = AdoptOutcome | LinkOutcome;

export interface BackfillWorkerDeps {
  /** Takes over the account under the competitor's own id; with `countOnly` it only says whether there is one. */
  readonly adopt: (request: OnboardRequest & { readonly countOnly: boolean }) => Promise<AdoptOutcome>;
  /** Takes over the account under an id known from elsewhere. */
  readonly link: (request: LinkRequest) => Promise<LinkOutcome>;
  readonly rows: {
    readonly of: (jobId: string, subjects: readonly string[]) => Promise<ReadonlyMap<string, JobRow>>;
    readonly save: (jobId: string, subject: string, row: JobRow) => Promise<void>;
  };
  readonly processing: ProcessingSwitch;
  readonly now: Clock;
}

/** The platform could not say it now; the part is tried again, and who is done stays done. */
class AskLaterError extends OwnError {
  override readonly name = 'AskLaterError';
}

/** One look-up and a transaction. */
const START_WITH_MS = 6_000;
/** A few calls in flight: the day's reads go on beside it. */
const AT_ONCE = 2;

/** Codes that end the part, not one person: there is no call to give, or somebody asked for silence. */
const WAITS: ReadonlySet<string> = new Set(['RATE_LIMITED', 'BREAKER_OPEN', 'DAY_SPENT', 'THROTTLED']);

function stopFor(outcome: Outcome): StopPartError | undefined {
  if (outcome.kind !== 'refused') return undefined;
  const { nature, code } = outcome.refusal;
  if (nature === 'paused') return new StopPartError('suspension', code);
  if (WAITS.has(code)) return new StopPartError('suspension');
  return code === 'BUDGET_EXHAUSTED' ? new StopPartError('time') : undefined;
}

/** The row of an outcome; null: not settled yet, another attempt may. */
function rowOf(outcome: Outcome): Omit<JobRow, 'at'> | null {
  switch (outcome.kind) {
    case 'refused': {
      const { nature, message, remedy } = outcome.refusal;
      return nature === 'final' ? { outcome: 'refused', message: `${message} ${remedy}` } : null;
    }
    case 'in_progress':
      return null;
    case 'onboarded':
      return { outcome: 'takenOver', message: null };
    case 'already':
      return { outcome: 'already', message: 'Already has an account here.' };
    case 'found':
      return {
        outcome: 'found',
        message: 'The platform knows them; a run that is no dry run takes it over.',
      };
    case 'unknown':
      return { outcome: 'unknown', message: 'The platform does not know them under this id.' };
    case 'not_found':
      return { outcome: 'notFound', message: 'The competitor no longer exists.' };
    case 'not_enabled':
      return { outcome: 'notEnabled', message: NOT_ENABLED_WORDS };
    case 'not_compliant': {
      const message = outcome.missing.map((missing) => missing.message).join(' ');
      return { outcome: 'notCompliant', message };
    }
    case 'taken':
      return { outcome: 'taken', message: 'Someone else here has that id.' };
    case 'erased':
      return { outcome: 'taken', message: 'Someone who was erased here had that account.' };
    case 'not_proven':
    case 'not_wanted':
      return {
        outcome: 'notWanted',
        message: 'They have another account, are not ready to be added, or their coach has no account yet.',
      };
    default:
      return outcome satisfies never;
  }
}

/**
 * Processes parts of `external_id_backfill`: asks the platform about each competitor who has no platform id here and
 * takes over the account that it has, as onboarding would. Makes nothing there; each has a row that tells the result.
 */
export function createBackfillWorker(
  deps: BackfillWorkerDeps,
): PartWorker<PayloadOf<typeof ONBOARDING_TASKS.external_id_backfill>> {
  return async (job, part, context) => {
    const { dryRun, known = [] } = job.payload;
    const knownIds = new Map(known.map(({ competitorId, platformUserId }) => [competitorId, platformUserId]));
    const done = await deps.rows.of(job.id, part.subjects);
    const save = (subject: string, row: Omit<JobRow, 'at'>) =>
      deps.rows.save(job.id, subject, { ...row, at: deps.now().toISOString() });
    const actor = actorOfJob(job);
    const ask = (competitorId: string): Promise<Outcome> => {
      const { remainingMs } = context;
      const platformUserId = knownIds.get(competitorId) ?? competitorId;
      return platformUserId === competitorId
        ? deps.adopt({
            competitorId,
            by: { kind: 'job', jobId: job.id, actor },
            countOnly: dryRun,
            remainingMs,
          })
        : deps.link({ competitorId, platformUserId, actor, trusted: true, countOnly: dryRun, remainingMs });
    };

    const outcome = await eachSubject(
      part.subjects,
      context,
      {
        concurrency: AT_ONCE,
        startWithMs: START_WITH_MS,
        suspension: deps.processing.suspension,
        block: deps.processing.block,
      },
      async (id) => {
        const before = done.get(id);
        const again = before?.outcome === 'failed' && before.at < (job.startedAt ?? '');
        if (before !== undefined && !again) return before.outcome;
        const result = await ask(id);
        const stop = stopFor(result);
        if (stop !== undefined) throw stop;
        const row = rowOf(result);
        if (row !== null) {
          await save(id, row);
          return row.outcome;
        }
        if (!context.lastAttempt) throw new AskLaterError(`${id} has to wait.`);
        const words = result.kind === 'refused' ? `${result.refusal.message} ${result.refusal.remedy}` : null;
        await save(id, { outcome: 'failed', message: words ?? 'Someone else was adding them.' });
        return 'failed';
      },
    );
    if (outcome.kind !== 'finished') return outcome;
    const main = dryRun ? { found: 0 } : { takenOver: 0 };
    const counts = { total: part.subjects.length, ...main, unknown: 0, failed: 0, ...outcome.counts };
    return { kind: 'finished', counts };
  };
}
