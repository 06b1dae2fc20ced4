import type { Activity } from '#shared/audit/activity.ts';
import { GamePlatformError } from '#shared/game-platform/game-platform-error.ts';
import type { CallOptions } from '#shared/game-platform/game-platform.ts';
import type { FlashCtfProgress, OdlScores } from '#shared/game-platform/vendor-contract.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { NewId } from '#shared/kernel/ids.ts';
import { isOpen } from './flash-event-state.ts';
import { renamesIn, underKnownIds } from './flash-renames.ts';
import type { Observation, SeenList } from './observation.ts';
import { openMonth } from './restated-months.ts';
import type {
  FlashEvent,
  FlashResult,
  ReadOutcome,
  ReadWhat,
  Solve,
  SolveSource,
  SyncState,
  SyncStateChange,
} from './score-records.ts';
import type { AuditResult, Claim } from './solve-audit.ts';
import {
  answerDigest,
  mapFlashProgress,
  mapOdlScores,
  type Mapped,
  type MappedFlash,
  type Rejected,
  type Subject,
} from './solve-mapping.ts';
import type { SolveRepository } from './solve-repository.ts';
import type { SyncStateRepository } from './sync-state-repository.ts';

/**
 * How far before the cursor solves are read again, in seconds. The platform may show a solve after a later one has
 * been read; two days cover a weekend's outage there. A no-change read costs nothing more for it (the answer's
 * fingerprint is known), and what comes later still is found by the totals sweep.
 */
export const OVERLAP_SECONDS = 48 * 60 * 60;

/** Solves later than this are asked for, in Unix seconds; undefined: all of them. */
export function readAfter(state: Pick<SyncState, 'cursorUnix'>, full: boolean): number | undefined {
  if (full || state.cursorUnix <= OVERLAP_SECONDS) return undefined;
  return state.cursorUnix - OVERLAP_SECONDS;
}

/**
 * The cursor after a read: the newest solve stored, never past the time of the read, since a solve dated into the
 * future would hide those that follow it; never backwards.
 */
export function cursorAfter(
  state: Pick<SyncState, 'cursorUnix'>,
  solvedAt: readonly string[],
  readStartedAt: Date,
): number {
  const now = Math.floor(readStartedAt.getTime() / 1000);
  const newest = solvedAt.reduce((max, at) => Math.max(max, Math.floor(Date.parse(at) / 1000)), 0);
  return Math.max(state.cursorUnix, Math.min(newest, now));
}

export interface SyncCompetitorDeps {
  readonly platform: {
    readonly getOdlScores: (id: string, afterUnix?: number, options?: CallOptions) => Promise<OdlScores>;
    readonly getFlashCtfProgress: (id: string, options?: CallOptions) => Promise<FlashCtfProgress>;
  };
  readonly solves: Pick<SolveRepository, 'store' | 'reconcile' | 'flagTotals'>;
  readonly flash: {
    readonly resultsOf: (competitorId: string) => Promise<readonly FlashResult[]>;
    /** The solves of an event that stand. */
    readonly solvesOf: (
      competitorId: string,
      eventId: string,
    ) => Promise<readonly Pick<Solve, 'solveId' | 'solvedAt'>[]>;
    readonly saveResult: (result: FlashResult) => Promise<void>;
    readonly saveEvent: (event: FlashEvent) => Promise<void>;
    /** Called for an event that no one was seen in before and that is still open; may come more than once. */
    readonly onOpenEvent?: (event: FlashEvent) => Promise<void>;
  };
  readonly quarantine: {
    readonly put: (subject: Subject, rejected: Rejected, at: Date) => Promise<void>;
  };
  readonly syncStates: Pick<SyncStateRepository, 'recordRead'>;
  readonly timeZone: string;
  readonly now: Clock;
  readonly newId: NewId;
}

export interface SyncRun {
  readonly jobId: string;
  /** Solves stored from here on count as this job's, ISO 8601. */
  readonly since: string;
  readonly full: boolean;
  readonly read: ReadWhat;
  /** Flash CTFs known so far, by id; new ones are added. */
  readonly events: Map<string, FlashEvent>;
  readonly call: CallOptions;
  /** Why this read is made: the reason of the job's part. */
  readonly reason: string;
}

/** What the platform's refusals come to; undefined: not a matter of this one competitor. */
function outcomeOf(error: unknown): ReadOutcome | undefined {
  if (!(error instanceof GamePlatformError) || error.waits) return undefined;
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
  a.eventName === b.eventName &&
  a.platformEventId === b.platformEventId &&
  a.endsAt === b.endsAt;

/** What an answer changed here. */
interface Effect {
  /** Solves that are new. */
  readonly stored: number;
  /** Solves that the platform corrected, took back or gave back. */
  readonly changed: number;
  /** Withdrawals that wait for a second read. */
  readonly pending: number;
  readonly kept: number;
  /** The answer's solves as they are stored now, and those of them that this read stored. */
  readonly solves: readonly Solve[];
  readonly added: readonly Solve[];
}
const NO_EFFECT: Effect = { stored: 0, changed: 0, pending: 0, kept: 0, solves: [], added: [] };

const activityOf =
  (deps: Pick<SyncCompetitorDeps, 'newId'>, state: SyncState, jobId: string, at: string) =>
  (kind: Activity['kind'], details: Activity['details']): Activity => ({
    id: deps.newId('act'),
    coachId: state.coachId,
    at,
    kind,
    actor: `job:${jobId}`,
    competitorId: state.competitorId,
    details,
  });

/** Compares all that is stored with an answer; the totals worker does the same. */
export function auditAnswer(
  deps: Pick<SyncCompetitorDeps, 'solves' | 'newId' | 'timeZone'>,
  state: SyncState,
  claim: Omit<Claim, 'readAt'>,
  readAt: Date,
): Promise<AuditResult | null> {
  const at = readAt.toISOString();
  return deps.solves.reconcile(
    state,
    { ...claim, readAt: at },
    {
      openMonth: openMonth(state, readAt, deps.timeZone),
      totalsMark: deps.newId('mark'),
      activity: activityOf(deps, state, claim.jobId, at),
    },
  );
}

interface Answer {
  readonly source: SolveSource;
  readonly mapped: Mapped;
  readonly readAt: Date;
  /**
   * Compare all that is stored with it: it lists everything, and there may be something to take back. Of a first answer
   * that is so only when it stores nothing: what is new has the totals read anyway.
   */
  readonly audit: boolean | 'ifNothingNew';
}

/** Keeps what could not be read of an answer for an admin to look at. */
export async function setAside(
  deps: Pick<SyncCompetitorDeps, 'quarantine'>,
  state: SyncState,
  { rejected, oddParts }: Pick<Mapped, 'rejected' | 'oddParts'>,
  readAt: Date,
): Promise<void> {
  for (const one of [...rejected, ...oddParts]) await deps.quarantine.put(state, one, readAt);
}

async function storeAnswer(
  deps: SyncCompetitorDeps,
  state: SyncState,
  run: SyncRun,
  { source, mapped, readAt, audit: wanted }: Answer,
): Promise<Effect> {
  await setAside(deps, state, mapped, readAt);
  const line = activityOf(deps, state, run.jobId, readAt.toISOString());
  const { stored, differs, known, added } = await deps.solves.store(state, mapped.solves, {
    since: run.since,
    jobId: run.jobId,
    openMonth: openMonth(state, readAt, deps.timeZone),
    totalsMark: deps.newId('mark'),
    activity: (counts) => line('solves_stored', { ...counts }),
  });
  const none = { ...NO_EFFECT, stored, solves: known, added };
  const audit = wanted === 'ifNothingNew' ? stored === 0 : wanted;
  if (!audit && !differs) return none;
  const claim = { source, mapped, complete: audit, jobId: run.jobId };
  const result = await auditAnswer(deps, state, claim, readAt);
  if (result === null) return none;
  const { found, restored, corrected, revoked, pending, kept } = result;
  return {
    stored: stored + found,
    changed: restored + corrected + revoked,
    pending,
    kept,
    solves: result.solves,
    added,
  };
}

async function readOdl(deps: SyncCompetitorDeps, state: SyncState, run: SyncRun) {
  const readAt = deps.now();
  const after = readAfter(state, run.full);
  const scores = await deps.platform.getOdlScores(state.gamePlatformId, after, run.call);
  const mapped = mapOdlScores(state, { timeZone: deps.timeZone, readAt: readAt.toISOString() }, scores);
  const odlFrom = after ?? 0;
  const known = answerDigest(mapped) === state.odlDigest;
  // A totals sweep may have stored what the platform took back before this first read.
  const audit = run.full || (state.odlFrom === undefined && after === undefined && 'ifNothingNew');
  // A known answer to a filtered call may hide that something older is gone; a full read looks itself.
  const effect =
    known && !run.full
      ? NO_EFFECT
      : await storeAnswer(deps, state, run, { source: 'odl', mapped, readAt, audit });
  // New solves have the totals read anyway; a correction may hide that another solve is gone.
  const mayLackOne = !known && odlFrom === state.odlFrom && effect.stored === 0;
  if (mayLackOne && !run.full) await deps.solves.flagTotals(state, deps.newId('mark'));
  const cursorUnix = cursorAfter(
    state,
    mapped.solves.map((solve) => solve.solvedAt),
    readAt,
  );
  // What the next call will ask for may begin later: it is compared with that part of this answer.
  const nextFrom = readAfter({ cursorUnix }, false) ?? 0;
  const next = mapped.solves.filter(({ solvedAt }) => Date.parse(solvedAt) > nextFrom * 1_000);
  const odlDigest = answerDigest({ ...mapped, solves: next });
  const seen: SeenList = {
    source: 'odl',
    readAt,
    solves: effect.solves,
    added: effect.added,
    accessAt: scores.last_accessed_unix_timestamp,
  };
  return {
    effect,
    seen,
    change: { odlDigest, odlFrom: nextFrom, cursorUnix, lastReadAt: deps.now().toISOString() },
  };
}

async function saveEvents(
  deps: SyncCompetitorDeps,
  run: SyncRun,
  events: readonly FlashEvent[],
  now: Date,
): Promise<void> {
  for (const event of events) {
    const known = run.events.get(event.eventId);
    if (known !== undefined && known.endsAt >= event.endsAt) continue;
    await deps.flash.saveEvent(event);
    // Lost when the worker dies here; the next scheduled job sees the open event, too.
    if (known === undefined && isOpen(event, now)) await deps.flash.onOpenEvent?.(event);
    run.events.set(event.eventId, event);
  }
}

/** The results that an answer changes: those it has, and zeros for events it has no more. */
function changedResults(
  before: readonly FlashResult[],
  mapped: MappedFlash,
  { pending, kept }: Effect,
  readAt: string,
): FlashResult[] {
  const known = new Map(before.map((result) => [result.eventId, result]));
  const listed = new Set(mapped.results.map(({ eventId }) => eventId));
  const changed = mapped.results.filter((result) => !sameResult(known.get(result.eventId), result));
  if (pending > 0 || kept > 0) return changed;
  for (const result of before) {
    const { eventId, solved, points } = result;
    const gone = !listed.has(eventId) && mapped.listsAllOf(eventId);
    if (gone && (solved > 0 || points > 0)) changed.push({ ...result, solved: 0, points: 0, readAt });
  }
  return changed;
}

async function readFlash(deps: SyncCompetitorDeps, state: SyncState, run: SyncRun) {
  const readAt = deps.now();
  const progress = await deps.platform.getFlashCtfProgress(state.gamePlatformId, run.call);
  const context = { timeZone: deps.timeZone, readAt: readAt.toISOString() };
  const answered = mapFlashProgress(state, context, progress);
  const flashDigest = answerDigest(answered);
  let effect = NO_EFFECT;
  if (flashDigest !== state.flashDigest || run.full) {
    const before = await deps.flash.resultsOf(state.competitorId);
    const renames = await renamesIn(answered, before, (eventId) =>
      deps.flash.solvesOf(state.competitorId, eventId),
    );
    const mapped = underKnownIds(answered, renames);
    await saveEvents(deps, run, mapped.events, readAt);
    const audit = state.lastFlashReadAt !== null || state.readBefore === true || run.full;
    effect = await storeAnswer(deps, state, run, { source: 'ctf', mapped, readAt, audit });
    for (const result of changedResults(before, mapped, effect, context.readAt))
      await deps.flash.saveResult(result);
  }
  const waits = effect.pending > 0;
  const seen: SeenList = { source: 'ctf', readAt, solves: effect.solves, added: effect.added };
  return {
    effect,
    seen,
    change: {
      flashDigest: waits ? '' : flashDigest,
      ...(waits || state.flashAgain === true ? { flashAgain: waits } : {}),
      lastFlashReadAt: deps.now().toISOString(),
    },
  };
}

function outcomeOfEffects(effects: readonly Effect[]): ReadOutcome {
  if (effects.some(({ stored }) => stored > 0)) return 'synced';
  return effects.some(({ changed }) => changed > 0) ? 'corrected' : 'skipped_no_new_data';
}

/** What reading a competitor came to. */
export interface CompetitorRead {
  readonly outcome: ReadOutcome;
  /** What it showed for the first time; undefined: nothing. */
  readonly observation: Observation | undefined;
}

/**
 * Reads one competitor's scores and stores what is new. The read is recorded last and once (cursor, fingerprints, outcome,
 * what it observed), so that a crash anywhere before only means reading the same again.
 * What the platform says of this one competitor is an outcome; a refused token, exhausted time and our own errors
 * are thrown.
 */
export async function syncCompetitor(
  deps: SyncCompetitorDeps,
  state: SyncState,
  run: SyncRun,
): Promise<CompetitorRead> {
  let change: SyncStateChange = {};
  const effects: Effect[] = [];
  const lists: SeenList[] = [];
  let outcome: ReadOutcome;
  try {
    if (run.read !== 'flash') {
      const odl = await readOdl(deps, state, run);
      effects.push(odl.effect);
      lists.push(odl.seen);
      change = odl.change;
    }
    if (run.read !== 'odl') {
      const flash = await readFlash(deps, state, run);
      effects.push(flash.effect);
      lists.push(flash.seen);
      change = { ...change, ...flash.change };
    }
    outcome = outcomeOfEffects(effects);
    change = { ...change, lastFailure: null };
  } catch (error) {
    const refused = outcomeOf(error);
    if (refused === undefined || !(error instanceof GamePlatformError)) throw error;
    outcome = refused;
    change = { ...change, lastFailure: { code: error.code, at: deps.now().toISOString() } };
  }
  const { jobId, reason, read } = run;
  const completed = { jobId, reason, read, outcome, lists, change, endedAt: deps.now() };
  const { observation } = await deps.syncStates.recordRead(state, completed);
  return { outcome, observation };
}
