import { GamePlatformError } from '#shared/game-platform/game-platform-error.ts';
import { NO_TRACING, type TraceFields } from '#shared/kernel/tracing.ts';
import type { Suspension } from '#shared/settings/processing.ts';
import type { PartOutcome, WorkContext } from './work-part.ts';
import { OwnError } from '#shared/kernel/errors.ts';

export interface EachSubjectOptions {
  readonly concurrency: number;
  /** No further subject is begun with less time left. */
  readonly startWithMs: number;
  /** @default none: the platform is not called, so that no pause holds the work */
  readonly suspension?: () => Promise<Suspension | null>;
  /** Called when the platform refuses our token: every further call would fail alike. */
  readonly block?: (code: string) => Promise<void>;
  /** Whom or what a subject is, for its step of the trace. @default a competitor */
  readonly traceFields?: (subject: string) => TraceFields;
}

/** Thrown by the work on one subject to stop the whole part and give it back. */
export class StopPartError extends OwnError {
  override readonly name = 'StopPartError';
  constructor(
    readonly because: 'time' | 'suspension' | 'busy',
    /** With it, everybody's calls are stopped for a while. */
    readonly blockCode?: string,
  ) {
    super(`The part was stopped: ${blockCode ?? because}`);
  }
}

/** With this many unexpected errors it is not the subjects: the attempt ends. */
const UNEXPECTED_LIMIT = 3;

/** What stops the part instead of failing one subject; undefined: neither a token nor time is the matter. */
function stopOf(error: unknown): StopPartError | undefined {
  if (error instanceof StopPartError) return error;
  if (!(error instanceof GamePlatformError)) return undefined;
  if (error.code === 'TOKEN_MISSING' || error.code === 'TOKEN_REFUSED') {
    return new StopPartError('suspension', error.code);
  }
  if (error.waits) return new StopPartError('suspension');
  return error.code === 'BUDGET_EXHAUSTED' ? new StopPartError('time') : undefined;
}

/** Counts and why it stopped early, while the subjects are processed. */
interface Progress {
  readonly counts: Map<string, number>;
  readonly unexpected: unknown[];
  stopped: 'time' | 'suspension' | 'busy' | 'cancelled' | null;
  progressed: boolean;
}

/**
 * Processes a part's subjects, a few at a time; `work` answers under which name each is counted. A pause, a refused
 * token or the end of the time stops all of them at once and releases the part; a canceled job ends it with what was
 * done until then; an error that is not the platform's is the attempt's failure after the others were done, or a count
 * of `failed` at the last attempt.
 */
export async function eachSubject(
  subjects: readonly string[],
  context: WorkContext,
  options: EachSubjectOptions,
  work: (subject: string) => Promise<string>,
): Promise<PartOutcome> {
  const progress: Progress = { counts: new Map(), unexpected: [], stopped: null, progressed: false };
  const count = (name: string) => progress.counts.set(name, (progress.counts.get(name) ?? 0) + 1);

  const tracing = context.tracing ?? NO_TRACING;

  const one = async (subject: string): Promise<void> => {
    if (context.remainingMs() < options.startWithMs) {
      progress.stopped = 'time';
      return;
    }
    if (((await options.suspension?.()) ?? null) !== null) {
      progress.stopped = 'suspension';
      return;
    }
    try {
      if ((await context.cancelled?.()) === true) {
        progress.stopped = 'cancelled';
        return;
      }
      await context.beforeSubject?.(subject);
      try {
        const outcome = await tracing.span('subject', (span) => {
          span.annotate(options.traceFields?.(subject) ?? { competitorId: subject });
          return work(subject);
        });
        count(outcome);
      } finally {
        context.afterSubject?.(subject);
      }
      progress.progressed = true;
    } catch (error) {
      const stop = stopOf(error);
      if (stop !== undefined) {
        progress.stopped = stop.because;
        if (stop.blockCode === undefined) return;
        context.log.error('all platform calls are held', { code: stop.blockCode });
        await options.block?.(stop.blockCode);
      } else {
        context.log.error('subject failed', { competitorId: subject }, error);
        progress.unexpected.push(error);
        count('failed');
      }
    }
  };

  const queue = [...subjects];
  const next = async (): Promise<void> => {
    for (let subject = queue.shift(); subject !== undefined; subject = queue.shift()) {
      await one(subject);
      if (progress.stopped !== null || progress.unexpected.length >= UNEXPECTED_LIMIT) return;
    }
  };
  // All of them end before this does: no call may outlive the attempt.
  const ends = await Promise.allSettled(Array.from({ length: options.concurrency }, next));
  const broken = ends.find((end) => end.status === 'rejected');
  if (broken !== undefined) throw broken.reason;

  if (progress.stopped === 'cancelled') {
    const done = [...progress.counts.values()].reduce((sum, n) => sum + n, 0);
    return { kind: 'cancelled', counts: Object.fromEntries(progress.counts), done };
  }
  const [error] = progress.unexpected;
  if (progress.unexpected.length > 0 && !context.lastAttempt) throw error;
  if (progress.unexpected.length >= UNEXPECTED_LIMIT) throw error;
  if (progress.stopped !== null) {
    return { kind: 'released', because: progress.stopped, progressed: progress.progressed };
  }
  return { kind: 'finished', counts: Object.fromEntries(progress.counts) };
}
