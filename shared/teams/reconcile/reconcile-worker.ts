import { GamePlatformError } from '#shared/game-platform/game-platform-error.ts';
import type { GamePlatform } from '#shared/game-platform/game-platform.ts';
import type { Job } from '#shared/jobs/job.ts';
import type { PayloadOf } from '#shared/jobs/task-definition.ts';
import {
  PartFailedError,
  type PartOutcome,
  type PartWorker,
  type WorkContext,
} from '#shared/jobs/work-part.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { METRICS } from '#shared/kernel/metric-names.ts';
import type { Metrics } from '#shared/kernel/metrics.ts';
import { natureOf } from '#shared/onboarding/refusals.ts';
import type { ProcessingSwitch } from '#shared/settings/processing-switch.ts';
import type { RosterWakeUp } from '../rosters/roster-entry.ts';
import type { TEAM_TASKS } from '../tasks.ts';

import { planRoster, type Assignment, type OurPerson, type OurTeam, type PlanDraft } from './plan-roster.ts';
import { goesOnByItself, inScope, planIdOf, type PlanRow, type RosterPlanRecord } from './roster-plan.ts';

export interface ReconcileWorkerDeps {
  readonly platform: Pick<GamePlatform, 'getTeamAssignments'>;
  readonly picture: {
    readonly all: () => Promise<{
      readonly people: readonly OurPerson[];
      readonly teams: ReadonlyMap<string, OurTeam>;
    }>;
    readonly asOfNow: (people: readonly OurPerson[]) => Promise<readonly OurPerson[]>;
  };
  /** The Flash CTF that is on at this moment; undefined when there is none. */
  readonly runningEvent: () => Promise<{ readonly eventId: string; readonly name: string } | undefined>;
  readonly plans: {
    readonly byId: (planId: string) => Promise<RosterPlanRecord | undefined>;
    readonly latest: () => Promise<
      | {
          readonly planId: string;
          readonly trusted: { readonly there: number; readonly confirmedHere: number } | null;
        }
      | undefined
    >;
    readonly rowsOf: (plan: RosterPlanRecord) => AsyncIterable<PlanRow>;
    readonly save: (
      plan: Omit<RosterPlanRecord, 'pieces' | 'shownPieces'>,
      rows: readonly PlanRow[],
      trusted: { readonly there: number; readonly confirmedHere: number } | null,
    ) => Promise<RosterPlanRecord | undefined>;
    readonly carriedOut: (planId: string, at: string) => Promise<void>;
  };
  readonly carryOut: (row: PlanRow, planId: string, at: Date) => Promise<'handedOver' | 'changed'>;
  /** Asks the roster worker to look now; the dispatcher asks within a minute anyway. */
  readonly wakeUp: (messages: readonly RosterWakeUp[]) => Promise<void>;
  readonly processing: ProcessingSwitch;
  readonly metrics: Pick<Metrics, 'add'>;
  readonly now: Clock;
}

/** Kept back from the one call for reading our side and for what follows. */
const RESERVE_MS = 20_000;
/** With less time left no further rows are begun. */
const ROWS_RESERVE_MS = 4_000;
/** A plan of a run that was cut short is gone on with for so long; after that it is drawn anew. */
const FRESH_MS = 10 * 60_000;
/** Clocks of two functions differ by less. */
const CLOCKS_MS = 2_000;
const ROWS_AT_ONCE = 16;
/** So many follow at once; after a bigger repair the dispatcher sets the pace. */
const AWOKEN = 500;

/** The whole list, or an error with a sentence: a short list looks like a good one. */
async function askForAll(
  deps: ReconcileWorkerDeps,
  context: WorkContext,
): Promise<{
  readonly assignments: readonly Assignment[];
  readonly unplaced: readonly string[];
  readonly setAside: number;
}> {
  const budgetMs = Math.max(0, Math.floor(context.remainingMs() - RESERVE_MS));
  let answer;
  try {
    answer = await deps.platform.getTeamAssignments(undefined, { budgetMs });
  } catch (error) {
    if (!(error instanceof GamePlatformError) || error.waits || natureOf(error.code) === 'paused')
      throw error;
    throw new PartFailedError(
      `The Game Platform did not say who is on which team (${error.code}). Nothing was compared and nothing changed.`,
      { cause: error },
    );
  }
  const { assignments, unparsed, unplaced, total_count: total } = answer;
  const came = assignments.length + unparsed.length;
  if (came !== total) {
    throw new PartFailedError(
      `The Game Platform’s list of assignments does not hold what it says: ${came} came, ` +
        `${total} were announced. Nothing was compared and nothing changed.`,
    );
  }
  return {
    assignments: assignments.map((one) => ({
      userId: one.syned_user_id,
      teamId: one.syned_team_id ?? null,
    })),
    unplaced,
    setAside: unparsed.length,
  };
}

function recordOf(
  draft: PlanDraft,
  head: Pick<RosterPlanRecord, 'id' | 'jobId' | 'drawnAt' | 'dryRun'>,
): Omit<RosterPlanRecord, 'pieces' | 'shownPieces'> {
  const { rows, stopped: _stopped, ...figures } = draft;
  const open = rows.filter((row) => !goesOnByItself(head, row));
  return {
    ...head,
    ...figures,
    confirmable: { safe: open.filter((row) => row.heldBy === null).length, all: open.length },
    removals: open.filter((row) => row.fromTeamId !== null).length,
    confirmed: null,
  };
}

async function* only(rows: AsyncIterable<PlanRow>, wanted: (row: PlanRow) => boolean) {
  for await (const row of rows) if (wanted(row)) yield row;
}

/**
 * Processes `roster_reconcile`: asks the platform once who is on which team, keeps what differs as a plan, and, unless
 * it is a dry run, has that part carried out which no guard holds. With `planId`: has a plan carried out as far as an
 * admin confirmed it, where both sides are still as the plan saw them. Bears being cut short anywhere and run again.
 */
export function createReconcileWorker(
  deps: ReconcileWorkerDeps,
): PartWorker<PayloadOf<typeof TEAM_TASKS.roster_reconcile>> {
  const { plans, now } = deps;

  async function draw(job: Pick<Job, 'id'>, planId: string, dryRun: boolean, context: WorkContext) {
    const drawnAt = now();
    const askedAt = new Date(drawnAt.getTime() - CLOCKS_MS).toISOString();
    // At the same time, since both take long for a large program; neither outlives this attempt.
    const [asked, read] = await Promise.allSettled([askForAll(deps, context), deps.picture.all()]);
    if (asked.status === 'rejected') throw asked.reason;
    if (read.status === 'rejected') throw read.reason;
    const { people, teams } = read.value;
    const { assignments, unplaced, setAside } = asked.value;
    const [event, latest] = await Promise.all([deps.runningEvent(), plans.latest()]);
    const lastTrusted = latest?.trusted ?? null;
    const picture = { people, teams, assignments, unplaced, setAside, askedAt, lastTrusted, event };
    // Our side is a moment older than the answer: whoever seems to differ is looked at once more.
    const differing = new Set(planRoster(picture).rows.map(({ competitorId }) => competitorId));
    const again = await deps.picture.asOfNow(people.filter((one) => differing.has(one.competitorId)));
    const sure = [...people.filter((one) => !differing.has(one.competitorId)), ...again];
    const draft = planRoster({ ...picture, people: sure });
    const { trusted, confirmedHere } = draft.facts.answer;
    const head = { id: planId, jobId: job.id, drawnAt: drawnAt.toISOString(), dryRun };
    const record = await plans.save(
      recordOf(draft, head),
      draft.rows,
      trusted ? { there: draft.assignmentsThere, confirmedHere } : lastTrusted,
    );
    if (record !== undefined && !dryRun) {
      deps.metrics.add(METRICS.rosterPlanStopped, draft.stopped ? 1 : 0);
    }
    context.log.info('roster plan drawn', { planId, dryRun, ...draft.counts, trusted, setAside });
    return record;
  }

  /** Rows by the way they went; undefined when the time was over first. */
  async function carryOutAll(
    rows: AsyncIterable<PlanRow>,
    planId: string,
    context: WorkContext,
  ): Promise<{ counts: Record<'handedOver' | 'changed', number>; cancelled: boolean } | undefined> {
    const counts = { handedOver: 0, changed: 0 };
    let batch: PlanRow[] = [];
    const flush = async () => {
      const at = now();
      const ends = await Promise.all(batch.map((row) => deps.carryOut(row, planId, at)));
      for (const end of ends) counts[end] += 1;
      const messages = batch.flatMap(({ competitorId }, n) =>
        ends[n] === 'handedOver' ? [{ kind: 'roster' as const, competitorId }] : [],
      );
      if (messages.length > 0 && counts.handedOver <= AWOKEN) {
        await deps.wakeUp(messages).catch((error: unknown) => {
          context.log.warn('wake-up messages not sent; the dispatcher will', {}, error);
        });
      }
      batch = [];
    };
    for await (const row of rows) {
      batch.push(row);
      if (batch.length < ROWS_AT_ONCE) continue;
      await flush();
      if (context.remainingMs() < ROWS_RESERVE_MS) return undefined;
      if ((await context.cancelled?.()) === true) return { counts, cancelled: true };
    }
    await flush();
    return { counts, cancelled: false };
  }

  const outOfTime: PartOutcome = { kind: 'released', because: 'time', progressed: true };

  async function run(job: Pick<Job, 'id'>, dryRun: boolean, context: WorkContext): Promise<PartOutcome> {
    const planId = planIdOf(job.id);
    const known = await plans.byId(planId);
    const fresh = known !== undefined && now().getTime() - Date.parse(known.drawnAt) < FRESH_MS;
    const drawn = fresh ? undefined : await draw(job, planId, dryRun, context);
    const plan = fresh ? known : drawn;
    if (plan === undefined) return { kind: 'finished', counts: { outdated: 1 } };
    const { setAside } = plan.facts.answer;
    const planned = { ...plan.counts, ...(setAside === 0 ? {} : { setAside }) };
    if (dryRun) return { kind: 'finished', counts: planned };
    const safe = only(plans.rowsOf(plan), (row) => goesOnByItself(plan, row));
    const end = await carryOutAll(safe, plan.id, context);
    if (end === undefined) return outOfTime;
    const counts = { ...planned, ...end.counts };
    return end.cancelled ? { kind: 'cancelled', counts, done: 0 } : { kind: 'finished', counts };
  }

  async function goOn(planId: string, context: WorkContext): Promise<PartOutcome> {
    const plan = await plans.byId(planId);
    const confirmed = plan?.confirmed ?? null;
    if (plan === undefined || confirmed === null) {
      throw new PartFailedError('The plan no longer exists, or no one confirmed it.');
    }
    if (confirmed.carriedOutAt !== null) return { kind: 'finished', counts: {} };
    const { scope } = confirmed;
    const { assignments, unplaced } = await askForAll(deps, context);
    const places = new Map(assignments.map(({ userId, teamId }) => [userId, teamId]));
    const notTold = new Set(unplaced);
    const eventRuns = (await deps.runningEvent()) !== undefined;
    let changedThere = 0;
    const rows = only(plans.rowsOf(plan), (row) => {
      if (!inScope(row, scope) || goesOnByItself(plan, row)) return false;
      // An event that began since holds what only "all" releases.
      const waits = scope === 'safe' && eventRuns && row.fromTeamId !== null;
      const same = !notTold.has(row.platformId) && (places.get(row.platformId) ?? null) === row.fromTeamId;
      if (waits || !same) changedThere += 1;
      return !waits && same;
    });
    const end = await carryOutAll(rows, plan.id, context);
    if (end === undefined) return outOfTime;
    const { handedOver } = end.counts;
    const counts = { handedOver, changed: end.counts.changed + changedThere };
    if (end.cancelled) return { kind: 'cancelled', counts, done: 0 };
    await plans.carriedOut(plan.id, now().toISOString());
    return { kind: 'finished', counts };
  }

  return async (job, _part, context) => {
    const { dryRun, planId } = job.payload;
    try {
      return planId === undefined ? await run(job, dryRun, context) : await goOn(planId, context);
    } catch (error) {
      if (!(error instanceof GamePlatformError)) throw error;
      if (!error.waits) {
        context.log.error('all platform calls are held', { code: error.code });
        await deps.processing.block(error.code);
      }
      return { kind: 'released', because: 'suspension', progressed: false };
    }
  };
}
