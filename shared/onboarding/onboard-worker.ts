import type { Actor } from '#shared/audit/actor.ts';
import { eachSubject, StopPartError } from '#shared/jobs/each-subject.ts';
import { actorOfJob } from '#shared/jobs/job-audit.ts';
import type { JobRow } from '#shared/jobs/job.ts';
import type { PartWorker } from '#shared/jobs/work-part.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { ProcessingSwitch } from '#shared/settings/processing-switch.ts';
import type { CoachOutcome } from './onboard-coach.ts';
import type { OnboardOutcome } from './onboard-competitor.ts';
import { NOT_ENABLED_WORDS } from './onboarding-switch.ts';
import { OwnError } from '#shared/kernel/errors.ts';

type Outcome = OnboardOutcome | CoachOutcome;

export interface OnboardWorkerDeps {
  /** Whose accounts are made. */
  readonly who: 'competitor' | 'coach';
  readonly onboard: (
    id: string,
    context: {
      readonly jobId: string;
      /** In whose name. */
      readonly actor: Actor;
      readonly remainingMs: () => number;
    },
  ) => Promise<Outcome>;
  readonly rows: {
    readonly of: (jobId: string, subjects: readonly string[]) => Promise<ReadonlyMap<string, JobRow>>;
    readonly save: (jobId: string, subject: string, row: JobRow) => Promise<void>;
  };
  readonly processing: ProcessingSwitch;
  readonly now: Clock;
}

/** The platform could not do it now; the part is tried again, and who is done stays done. */
class OnboardLaterError extends OwnError {
  override readonly name = 'OnboardLaterError';
}

/** One onboarding is up to four calls; the roster function ends after eight seconds. */
const START_WITH_MS = 4_000;

/** The row of an outcome; null: not settled yet, another attempt may. */
function rowOf(outcome: Outcome, who: OnboardWorkerDeps['who']): Omit<JobRow, 'at'> | null {
  if (outcome.kind === 'refused') {
    const { nature, message, remedy } = outcome.refusal;
    return nature === 'final' ? { outcome: 'refused', message: `${message} ${remedy}` } : null;
  }
  if (outcome.kind === 'not_compliant') {
    const message = outcome.missing.map((missing) => missing.message).join(' ');
    return { outcome: 'notCompliant', message };
  }
  if (outcome.kind === 'not_found') {
    return { outcome: 'notFound', message: `This ${who} no longer exists.` };
  }
  if (outcome.kind === 'not_enabled') return { outcome: 'notEnabled', message: NOT_ENABLED_WORDS };
  return outcome.kind === 'in_progress' ? null : { outcome: outcome.kind, message: null };
}

function stopFor(outcome: Outcome): StopPartError | undefined {
  if (outcome.kind !== 'refused') return undefined;
  const { nature, code } = outcome.refusal;
  if (nature === 'paused') return new StopPartError('suspension', code);
  // The budget has no call to give, or the platform asked everybody for silence.
  if (['RATE_LIMITED', 'BREAKER_OPEN', 'DAY_SPENT'].includes(code)) return new StopPartError('suspension');
  if (code === 'THROTTLED' && outcome.refusal.retryAfterMs !== undefined)
    return new StopPartError('suspension');
  return code === 'BUDGET_EXHAUSTED' ? new StopPartError('time') : undefined;
}

/** Processes parts of `onboard_competitors` or `onboard_coaches`: one after another, each with a row that tells its result. */
export function createOnboardWorker(deps: OnboardWorkerDeps): PartWorker {
  return async (job, part, context) => {
    const done = await deps.rows.of(job.id, part.subjects);
    const save = (subject: string, row: Omit<JobRow, 'at'>) =>
      deps.rows.save(job.id, subject, { ...row, at: deps.now().toISOString() });

    const outcome = await eachSubject(
      part.subjects,
      context,
      {
        concurrency: 1,
        startWithMs: START_WITH_MS,
        suspension: deps.processing.suspension,
        block: deps.processing.block,
        traceFields: (id) => (deps.who === 'competitor' ? { competitorId: id } : {}),
      },
      async (id) => {
        const known = done.get(id);
        // What failed in an attempt before this one is what a retry is for.
        const again = known?.outcome === 'failed' && known.at < (job.startedAt ?? '');
        if (known !== undefined && !again) return known.outcome;
        const { remainingMs } = context;
        const result = await deps.onboard(id, { jobId: job.id, actor: actorOfJob(job), remainingMs });
        const stop = stopFor(result);
        if (stop !== undefined) throw stop;
        const row = rowOf(result, deps.who);
        if (row !== null) {
          await save(id, row);
          return row.outcome;
        }
        if (!context.lastAttempt) throw new OnboardLaterError(`${id} has to wait.`);
        const words = result.kind === 'refused' ? `${result.refusal.message} ${result.refusal.remedy}` : null;
        await save(id, { outcome: 'failed', message: words ?? 'Someone else was adding them.' });
        return 'failed';
      },
    );
    if (outcome.kind !== 'finished') return outcome;
    const counts = { total: part.subjects.length, onboarded: 0, failed: 0, ...outcome.counts };
    return { kind: 'finished', counts };
  };
}
