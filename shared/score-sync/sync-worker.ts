import { GamePlatformError } from '#shared/game-platform/game-platform-error.ts';
import { eachSubject, StopPartError } from '#shared/jobs/each-subject.ts';
import type { Job, JobPart } from '#shared/jobs/job.ts';
import { newJob } from '#shared/jobs/start-job.ts';
import type { PayloadOf } from '#shared/jobs/task-definition.ts';
import type { PartWorker } from '#shared/jobs/work-part.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { METRICS } from '#shared/kernel/metric-names.ts';
import type { Metrics } from '#shared/kernel/metrics.ts';
import type { ProcessingSwitch } from '#shared/settings/processing-switch.ts';
import { flashReadDue } from './flash-event-state.ts';
import { isOfJob } from './packed-no-op-read.ts';
import type { PartObservations } from './part-observations.ts';
import { activityScore, tierOf } from './policy/activity-tiers.ts';
import { isForFlash, isOfRounds } from './read-reason.ts';
import type { RecordRead } from './read-recorder.ts';
import type { FlashEvent, ReadOutcome, SyncState } from './score-records.ts';
import { syncCompetitor, type SyncCompetitorDeps, type SyncRun } from './sync-competitor.ts';
import { activityOf } from './sync-memory.ts';
import type { SyncStateRepository } from './sync-state-repository.ts';
import type { SCORE_SYNC_TASKS } from './tasks.ts';

export interface SyncWorkerDeps extends Omit<SyncCompetitorDeps, 'syncStates'> {
  readonly syncStates: Pick<SyncStateRepository, 'byIds' | 'recordTogether'>;
  readonly flash: SyncCompetitorDeps['flash'] & { readonly events: () => Promise<readonly FlashEvent[]> };
  readonly processing: ProcessingSwitch;
  readonly metrics: Pick<Metrics, 'add'>;
  /** Competitors read at once. @default SYNC_CONCURRENCY */
  readonly concurrency?: () => Promise<number>;
  readonly newObservations: () => PartObservations;
}

/**
 * Competitors read at once by one worker. With two workers (the least an event source allows) that is eight calls in
 * flight: at 100 ms a call up to 80 a second, so that 300 people take some four seconds.
 */
export const SYNC_CONCURRENCY = 4;
/** One competitor is two calls and a few writes. */
const START_WITH_MS = 6_000;
/** Kept back from the calls' budget for the writes that follow. */
const WRITE_RESERVE_MS = 3_000;

/** The names under which people are counted in a job's result. */
export const COUNTED_AS: Readonly<Record<ReadOutcome, string>> = {
  synced: 'synced',
  corrected: 'corrected',
  skipped_no_new_data: 'skipped',
  failed: 'failed',
  not_approved: 'notApproved',
  user_unknown: 'userUnknown',
};

/** Stands where the platform's code would, when it was not the platform. */
const OWN_FAULT = 'OWN_FAULT';

/** What a person's state asks for: a read, or the name under which they are counted without one. */
type Decision = Pick<SyncRun, 'read' | 'full'> | string;

/** Outcomes that did not occur are left out, but for these. */
type ReadCounts = Readonly<Record<'total' | 'synced' | 'skipped' | 'failed', number>> &
  Readonly<Record<string, number>>;

/** Why each of a part's people is read; of a part without reasons, a person asked for all or everyone is read. */
export function reasonsOf(
  job: Pick<Job, 'startedBy'>,
  { subjects, reasons }: JobPart,
): ReadonlyMap<string, string> {
  const otherwise = job.startedBy.startsWith('user:') ? 'asked' : 'everyone';
  return new Map(subjects.map((subject, index) => [subject, reasons?.[index] ?? otherwise]));
}

/** The reason to record of a read that the rounds chose may not be the one they chose it by. */
export function reasonOf({ lastReadAt }: SyncState, read: SyncRun['read'], reason: string): string {
  if (read === 'flash') return 'flash_ctf';
  return lastReadAt === null && isOfRounds(reason) ? 'first' : reason;
}

/** Reads a part's people, each as `decide` says. */
export async function readPeople(
  deps: SyncWorkerDeps,
  [job, part, context]: Parameters<PartWorker>,
  decide: (state: SyncState, events: readonly FlashEvent[], asked: string) => Decision,
) {
  const [states, known] = await Promise.all([deps.syncStates.byIds(part.subjects), deps.flash.events()]);
  const events = new Map(known.map((event) => [event.eventId, event]));
  const reasons = reasonsOf(job, part);
  const observations = deps.newObservations();
  /** What our own fault kept from being read says so, until a read that works takes it back. */
  const tellFault = async (
    state: SyncState,
    read: SyncRun['read'],
    reason: string,
    recordRead: RecordRead,
  ) => {
    const endedAt = deps.now();
    const change = { lastFailure: { code: OWN_FAULT, at: endedAt.toISOString() } };
    const failed = { jobId: job.id, reason, read, outcome: 'failed', lists: [], change, endedAt } as const;
    await recordRead(state, failed).catch((error: unknown) => {
      context.log.warn('a fault could not be noted', { competitorId: state.competitorId }, error);
    });
  };
  const readOne = async (competitorId: string, recordRead: RecordRead): Promise<string> => {
    const state = states.get(competitorId);
    if (state === undefined) return 'left';
    const asked = reasons.get(competitorId) ?? 'everyone';
    const decision = decide(state, [...events.values()], asked);
    if (typeof decision === 'string') return decision;
    const { read, full } = decision;
    const reason = reasonOf(state, read, asked);
    const { outcome, observation } = await syncCompetitor({ ...deps, syncStates: { recordRead } }, state, {
      ...decision,
      jobId: job.id,
      since: job.createdAt,
      events,
      reason,
      call: { budgetMs: Math.floor(context.remainingMs() - WRITE_RESERVE_MS) },
    }).catch(async (error: unknown) => {
      const isOwnFault = !(error instanceof GamePlatformError) && !(error instanceof StopPartError);
      if (context.lastAttempt && isOwnFault) await tellFault(state, read, reason, recordRead);
      throw error;
    });
    if (observation !== undefined) observations.record(observation);
    const at = deps.now().getTime() / 1000;
    observations.counted(competitorId, reason, {
      read,
      outcome,
      incremental: state.lastReadAt !== null && !full,
      tier: tierOf(activityScore(activityOf(state, at), at)),
      gap: state.lastReadAt === null ? null : at - Date.parse(state.lastReadAt) / 1000,
      observation,
    });
    return COUNTED_AS[outcome];
  };
  const options = {
    concurrency: (await deps.concurrency?.()) ?? SYNC_CONCURRENCY,
    startWithMs: START_WITH_MS,
    suspension: deps.processing.suspension,
    block: deps.processing.block,
  };
  const outcome = await deps.syncStates.recordTogether(states.values(), {
    reads: (recordRead) =>
      eachSubject(part.subjects, context, options, (competitorId) => readOne(competitorId, recordRead)),
    afterReads: () => observations.keep(context.log),
  });
  if (outcome.kind !== 'finished') return outcome;
  const counts: ReadCounts = {
    total: part.subjects.length,
    synced: 0,
    skipped: 0,
    failed: 0,
    ...outcome.counts,
  };
  return { kind: outcome.kind, counts };
}

/** Which of a competitor's lists a score sync asks for. */
export const listsToRead = (
  full: boolean,
  asked: string,
  events: readonly FlashEvent[],
  state: SyncState,
  now: Date,
): 'both' | 'odl' => (full || isForFlash(asked) || flashReadDue(events, state, now) ? 'both' : 'odl');

/** Processes parts of `game_platform_sync`; a competitor that this job has read already is counted and not read again. */
export function createSyncWorker(
  deps: SyncWorkerDeps,
): PartWorker<PayloadOf<typeof SCORE_SYNC_TASKS.game_platform_sync>> {
  return async (job, part, context) => {
    const { full } = job.payload;
    const outcome = await readPeople(deps, [job, part, context], (state, events, asked) => {
      if (state.lastRun !== undefined && isOfJob(state.lastRun, job.id))
        return COUNTED_AS[state.lastRun.outcome];
      return { full, read: listsToRead(full, asked, events, state, deps.now()) };
    });
    if (outcome.kind !== 'finished') return outcome;
    const { synced, skipped, failed, corrected = 0 } = outcome.counts;
    deps.metrics.add(METRICS.competitorsSynced, synced + corrected + skipped);
    deps.metrics.add(METRICS.competitorReadFailed, failed);
    return outcome;
  };
}

/**
 * Processes parts of `game_platform_flash_ctf_sync`: Flash CTFs alone. A competitor that was read since the job
 * was made has nothing new.
 */
export function createFlashWorker(deps: SyncWorkerDeps): PartWorker {
  return async (job, part, context) =>
    readPeople(deps, [job, part, context], (state) => {
      if (state.lastFlashRun !== undefined && isOfJob(state.lastFlashRun, job.id))
        return COUNTED_AS[state.lastFlashRun.outcome];
      if ((state.lastFlashReadAt ?? '') >= job.createdAt && state.flashAgain !== true) return 'notDue';
      return { full: false, read: 'flash' };
    });
}

export interface StartEventJobDeps {
  readonly jobs: { readonly create: (job: Job) => Promise<boolean> };
  readonly now: Clock;
}

/**
 * Has everyone's Flash CTFs read when a new event was found: one job per event, however many people it was found
 * with. The dispatcher takes it up within a minute.
 */
export const startEventJob =
  ({ jobs, now }: StartEventJobDeps) =>
  async ({ eventId }: FlashEvent): Promise<void> => {
    const input = {
      taskType: 'game_platform_flash_ctf_sync',
      payload: { everyone: true },
      startedBy: 'schedule:flash-ctf-sync',
    } as const;
    await jobs.create(newJob(`job_flash-${eventId}`, input, now()));
  };
