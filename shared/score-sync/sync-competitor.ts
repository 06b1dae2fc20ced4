import type { Activity } from '../activity/activity.ts';
import type { FlashCtfProgress, OdlScores } from '../game-platform/contract.ts';
import { GamePlatformError } from '../game-platform/game-platform-error.ts';
import type { CallOptions } from '../game-platform/game-platform.ts';
import type { Clock } from '../runtime/clock.ts';
import type { NewId } from '../runtime/ids.ts';
import { answerDigest } from './answer-digest.ts';
import { cursorAfter, readAfter } from './read-plan.ts';
import type { FlashEvent, FlashResult, ReadOutcome, Solve, SyncState } from './score-records.ts';
import { mapFlashProgress, mapOdlScores, type Mapped, type Rejected, type Subject } from './solve-mapping.ts';

export interface SyncCompetitorDeps {
  readonly platform: {
    readonly getOdlScores: (id: string, afterUnix?: number, options?: CallOptions) => Promise<OdlScores>;
    readonly getFlashCtfProgress: (id: string, options?: CallOptions) => Promise<FlashCtfProgress>;
  };
  readonly solves: {
    readonly store: (
      subject: Subject,
      solves: readonly Solve[],
      options: {
        readonly since: string;
        readonly totalsMark: string | null;
        readonly activity: ((added: { readonly odl: number; readonly ctf: number }) => Activity) | null;
      },
    ) => Promise<number>;
  };
  readonly flash: {
    readonly resultsOf: (competitorId: string) => Promise<readonly FlashResult[]>;
    readonly saveResult: (result: FlashResult) => Promise<void>;
    readonly saveEvent: (event: FlashEvent) => Promise<void>;
  };
  readonly quarantine: {
    readonly put: (subject: Subject, rejected: Rejected, at: Date) => Promise<void>;
  };
  readonly syncStates: {
    readonly change: (
      state: SyncState,
      change: Partial<Omit<SyncState, 'competitorId' | 'coachId' | 'gamePlatformId'>>,
    ) => Promise<boolean>;
  };
  readonly timeZone: string;
  readonly now: Clock;
  readonly newId: NewId;
}

export interface SyncRun {
  readonly jobId: string;
  /** Solves stored from here on count as this job's, ISO 8601. */
  readonly since: string;
  readonly full: boolean;
  readonly readFlash: boolean;
  /** Flash CTFs known so far, by id; new ones are added. */
  readonly events: Map<string, FlashEvent>;
  readonly call: CallOptions;
}

/** What the platform's refusals come to; undefined: not a matter of this one competitor. */
function outcomeOf(error: unknown): ReadOutcome | undefined {
  if (!(error instanceof GamePlatformError)) return undefined;
  switch (error.code) {
    case 'TOKEN_MISSING':
    case 'TOKEN_REFUSED':
    case 'BUDGET_EXHAUSTED':
      return undefined;
    case 'NOT_APPROVED':
      return 'not_approved';
    case 'USER_UNKNOWN':
      return 'user_unknown';
    default:
      return 'failed';
  }
}

const sameResult = (a: FlashResult | undefined, b: FlashResult): boolean =>
  a !== undefined &&
  a.solved === b.solved &&
  a.points === b.points &&
  a.maxPoints === b.maxPoints &&
  a.rank === b.rank &&
  a.endsAt === b.endsAt;

async function storeAnswer(
  deps: SyncCompetitorDeps,
  state: SyncState,
  run: SyncRun,
  mapped: Mapped,
  readAt: Date,
): Promise<number> {
  for (const rejected of mapped.rejected) await deps.quarantine.put(state, rejected, readAt);
  const at = readAt.toISOString();
  return deps.solves.store(state, mapped.solves, {
    since: run.since,
    totalsMark: deps.newId('mark'),
    activity: (added) => ({
      id: deps.newId('act'),
      coachId: state.coachId,
      at,
      kind: 'solves_stored',
      actor: `job:${run.jobId}`,
      competitorId: state.competitorId,
      details: { ...added },
    }),
  });
}

async function readOdl(deps: SyncCompetitorDeps, state: SyncState, run: SyncRun) {
  const readAt = deps.now();
  const scores = await deps.platform.getOdlScores(state.gamePlatformId, readAfter(state, run.full), run.call);
  const mapped = mapOdlScores(state, { timeZone: deps.timeZone, readAt: readAt.toISOString() }, scores);
  const odlDigest = answerDigest(mapped);
  const stored = odlDigest === state.odlDigest ? 0 : await storeAnswer(deps, state, run, mapped, readAt);
  const cursorUnix = cursorAfter(
    state,
    mapped.solves.map((solve) => solve.solvedAt),
    readAt,
  );
  return { stored, change: { odlDigest, cursorUnix, lastReadAt: deps.now().toISOString() } };
}

async function readFlash(deps: SyncCompetitorDeps, state: SyncState, run: SyncRun) {
  const readAt = deps.now();
  const progress = await deps.platform.getFlashCtfProgress(state.gamePlatformId, run.call);
  const context = { timeZone: deps.timeZone, readAt: readAt.toISOString() };
  const mapped = mapFlashProgress(state, context, progress);
  const flashDigest = answerDigest(mapped);
  let stored = 0;
  if (flashDigest !== state.flashDigest) {
    for (const event of mapped.events) {
      const known = run.events.get(event.eventId);
      if (known !== undefined && known.endsAt >= event.endsAt) continue;
      await deps.flash.saveEvent(event);
      run.events.set(event.eventId, event);
    }
    stored = await storeAnswer(deps, state, run, mapped, readAt);
    const before = new Map(
      (await deps.flash.resultsOf(state.competitorId)).map((result) => [result.eventId, result]),
    );
    for (const result of mapped.results) {
      if (!sameResult(before.get(result.eventId), result)) await deps.flash.saveResult(result);
    }
  }
  return { stored, change: { flashDigest, lastFlashReadAt: deps.now().toISOString() } };
}

/**
 * Reads one competitor's scores and stores what is new. The state (cursor, fingerprints, outcome) is written last and
 * once, so that a crash anywhere before only means reading the same again; a read without news costs that one write.
 * What the platform says of this one competitor is an outcome; a refused token, exhausted time and our own errors
 * are thrown.
 */
export async function syncCompetitor(
  deps: SyncCompetitorDeps,
  state: SyncState,
  run: SyncRun,
): Promise<ReadOutcome> {
  let change: Parameters<SyncCompetitorDeps['syncStates']['change']>[1] = {};
  let stored = 0;
  let outcome: ReadOutcome;
  try {
    const odl = await readOdl(deps, state, run);
    ({ stored, change } = odl);
    if (run.readFlash) {
      const flash = await readFlash(deps, state, run);
      stored += flash.stored;
      change = { ...change, ...flash.change };
    }
    outcome = stored > 0 ? 'synced' : 'skipped_no_new_data';
    change = { ...change, lastFailure: null };
  } catch (error) {
    const refused = outcomeOf(error);
    if (refused === undefined || !(error instanceof GamePlatformError)) throw error;
    outcome = refused;
    change = { ...change, lastFailure: { code: error.code, at: deps.now().toISOString() } };
  }
  await deps.syncStates.change(state, { ...change, lastRun: { jobId: run.jobId, outcome } });
  return outcome;
}
