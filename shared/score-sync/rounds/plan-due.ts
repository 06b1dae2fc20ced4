import { isDryRun, type Job, type JobPart } from '#shared/jobs/job.ts';
import type { PlanPage } from '#shared/jobs/plan-page.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { SyncSettings } from '#shared/settings/sync-settings.ts';
import { flashReadDue } from '../flash-event-state.ts';
import { FIRST_ROTATION } from '../policy/batch-rotation.ts';
import { FIRST_LEDGER } from '../policy/call-price.ts';
import type { FlashEvent as PolicyEvent } from '../policy/expected-solves.ts';
import type { ReadCandidate } from '../policy/read-policy.ts';
import { firstProgramHabit, type ProgramHabit } from '../policy/reading-habit.ts';
import { SESSION_GAP } from '../policy/session-model.ts';
import { FIRST_TEAM_SHARE } from '../policy/team-share.ts';
import { countTiers } from '../policy/tiers-policy.ts';
import { weekHourIn } from '../policy/weekly-rhythm.ts';
import type { RoundRecord } from '../round-repository.ts';
import type { FlashEvent, OldestRead, ReadingState } from '../score-records.ts';
import { activityOf, habitOf } from '../sync-memory.ts';
import { planSyncRound, type RoundInput } from './sync-round.ts';
import { OwnError } from '#shared/kernel/errors.ts';

export interface PlanDueDeps {
  readonly syncStates: {
    /** Everyone, in pages as large as the table gives them. */
    readonly everyone: () => AsyncIterable<readonly ReadingState[]>;
  };
  readonly rounds: {
    readonly last: () => Promise<RoundRecord | undefined>;
    readonly save: (round: RoundRecord) => Promise<boolean>;
  };
  readonly observed: () => Promise<{ readonly program: ProgramHabit } | undefined>;
  readonly flash: { readonly events: () => Promise<readonly FlashEvent[]> };
  readonly settings: () => Promise<SyncSettings>;
  readonly jobs: {
    readonly byId: (jobId: string) => Promise<Job | undefined>;
    readonly partsOf: (jobId: string) => AsyncIterable<JobPart>;
  };
  readonly timeZone: string;
  readonly now: Clock;
  /** Seconds since the oldest last read of all who are read. */
  readonly onOldestRead: (ageSeconds: number) => void;
}

/** Two rounds at once: the dispatcher plans this one again when the other one stands. */
export class RoundOvertakenError extends OwnError {
  override readonly name = 'RoundOvertakenError';
}

/** A Flash CTF that is on, or so recently over that its solves are still to be seen. */
function eventNow(events: readonly FlashEvent[], now: number): PolicyEvent | null {
  const times = events.map(({ startsAt, endsAt }) => ({
    start: Date.parse(startsAt) / 1000,
    end: Date.parse(endsAt) / 1000,
  }));
  return times.find(({ start, end }) => start <= now && now <= end + SESSION_GAP) ?? null;
}

const REFUSALS: ReadonlySet<string> = new Set(['NOT_APPROVED', 'USER_UNKNOWN']);

function roundCandidate(state: ReadingState, events: readonly FlashEvent[], now: Date): ReadCandidate {
  const { lastFailure } = state;
  const lastReadAt = state.lastReadAt === null ? null : Date.parse(state.lastReadAt) / 1000;
  const habit = habitOf(state);
  return {
    id: state.competitorId,
    lastReadAt,
    failedAt: lastFailure === null ? null : Date.parse(lastFailure.at) / 1000,
    refused: lastFailure !== null && REFUSALS.has(lastFailure.code),
    calls: flashReadDue(events, state, now) ? 2 : 1,
    teamId: state.teamId ?? null,
    activity: activityOf(state, now.getTime() / 1000),
    // A totals read moves the habit too, but is not the read that the hours promised are about.
    habit: { ...habit, readAt: Math.min(habit.readAt, lastReadAt ?? 0) },
  };
}

/** Shown to an admin; whoever waits longest says enough about the others. */
const OLDEST_SHOWN = 10;

const readAt = ({ lastReadAt }: Pick<OldestRead, 'lastReadAt'>): string => lastReadAt ?? '';

/** Those of a page and the ones before it who have waited longest, never read first. */
function oldestReads(before: readonly OldestRead[], page: readonly ReadingState[]): readonly OldestRead[] {
  const last = before.length < OLDEST_SHOWN ? undefined : before.at(-1);
  const older = page.filter((state) => last === undefined || readAt(state) < readAt(last));
  if (older.length === 0) return before;
  const found = older.map(({ competitorId, lastReadAt, lastFailure }) => ({
    competitorId,
    lastReadAt,
    lastFailure,
  }));
  return [...before, ...found].toSorted((a, b) => readAt(a).localeCompare(readAt(b))).slice(0, OLDEST_SHOWN);
}

async function subjectsOf({ jobs }: PlanDueDeps, jobId: string): Promise<string[]> {
  const ids: string[] = [];
  for await (const { subjects } of jobs.partsOf(jobId)) ids.push(...subjects);
  return ids;
}

/** Jobs are kept much longer. */
const NEVER_BEGAN_MS = 24 * 3_600_000;

interface Standing extends Pick<RoundInput, 'rotation' | 'ledger' | 'teamShare' | 'batch' | 'taken'> {
  /** Of this very job, planned before; undefined: its round is still to be kept. */
  readonly kept?: RoundRecord;
}

/**
 * Where the rotation and the ledger stand for this job. Planned again after a crash, it has the batch it took, less whom
 * its parts hold. A round before it whose planning was given up counts as not taken, but for whom its parts hold.
 */
async function standing(
  deps: PlanDueDeps,
  job: Pick<Job, 'id' | 'parts'>,
  last: RoundRecord | undefined,
): Promise<Standing> {
  const taken = job.parts === 0 ? [] : await subjectsOf(deps, job.id);
  if (last === undefined) {
    return {
      rotation: FIRST_ROTATION,
      ledger: FIRST_LEDGER,
      teamShare: FIRST_TEAM_SHARE,
      taken: new Set(taken),
    };
  }
  const { rotation, ledger, teamShare } = last;
  if (last.jobId === job.id) {
    return {
      kept: last,
      rotation: rotation.before,
      batch: { through: rotation.through },
      ledger: ledger.before,
      teamShare: teamShare.before,
      taken: new Set(taken),
    };
  }
  const before = await deps.jobs.byId(last.jobId);
  if (
    before !== undefined &&
    !before.planned &&
    (before.status === 'running' || before.status === 'pending')
  ) {
    throw new RoundOvertakenError('An earlier round is still being planned.');
  }
  // A job is written after its round: one that is not there, and was not deleted by its age, never began.
  const deleted = before === undefined && deps.now().getTime() - Date.parse(last.at) > NEVER_BEGAN_MS;
  const after = { ledger: ledger.after, teamShare: teamShare.after };
  if (deleted || before?.planned === true) {
    return { ...after, rotation: rotation.after, taken: new Set(taken) };
  }
  const inParts = before === undefined ? [] : await subjectsOf(deps, before.id);
  return { ...after, rotation: rotation.before, taken: new Set([...taken, ...inParts]) };
}

/**
 * The people of a round, all on one page. The round is kept before its first part is written, once per job, so that the
 * rotation moves on and the calls are booked once, however often the job is planned.
 * @throws RoundOvertakenError when another round is being planned or was kept meanwhile
 */
export function createPlanDue(deps: PlanDueDeps) {
  const weekHour = weekHourIn(deps.timeZone);

  return async (job: Pick<Job, 'id' | 'parts' | 'payload'>, partSize: number): Promise<PlanPage> => {
    const at = deps.now();
    const now = at.getTime() / 1000;
    const [last, observed, events, settings] = await Promise.all([
      deps.rounds.last(),
      deps.observed(),
      deps.flash.events(),
      deps.settings(),
    ]);
    const { kept, ...stands } = await standing(deps, job, last);
    const candidates: ReadCandidate[] = [];
    let longestAgo: readonly OldestRead[] = [];
    for await (const states of deps.syncStates.everyone()) {
      longestAgo = oldestReads(longestAgo, states);
      for (const state of states) candidates.push(roundCandidate(state, events, at));
    }
    const round = planSyncRound({
      now,
      candidates,
      settings,
      program: observed?.program ?? firstProgramHabit(now),
      event: eventNow(events, now),
      weekHour,
      ...stands,
    });
    // A dry run has no one read, so the next round begins where this one did.
    if (kept === undefined && !isDryRun(job)) {
      const promise = settings.slaHours * 3600;
      const saved = await deps.rounds.save({
        version: (last?.version ?? 0) + 1,
        jobId: job.id,
        at: at.toISOString(),
        competitors: candidates.length,
        tiers: countTiers(candidates, now),
        oldest: {
          late: candidates.filter(({ lastReadAt }) => lastReadAt !== null && now - lastReadAt > promise)
            .length,
          unread: candidates.filter(({ lastReadAt }) => lastReadAt === null).length,
          reads: [...longestAgo],
        },
        rotation: { before: stands.rotation, through: round.through, after: round.rotation },
        ledger: { before: stands.ledger, after: round.ledger },
        teamShare: { before: stands.teamShare, after: round.teamShare },
      });
      if (!saved) throw new RoundOvertakenError('Another round was kept while this one was planned.');
    }
    // Also when there is nobody: an alarm takes a round without a sample for a round that did not begin.
    const oldest = candidates.reduce((least, { lastReadAt }) => Math.min(least, lastReadAt ?? least), now);
    deps.onOldestRead(Math.max(0, Math.round(now - oldest)));
    return {
      subjects: round.reads.map(({ id }) => id),
      reasons: round.reads.map(({ reason }) => reason),
      partSize,
      next: null,
      counts: { total: 0, ...(round.deferred > 0 ? { heldBack: round.deferred } : {}) },
    };
  };
}
