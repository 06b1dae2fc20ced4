import { createHash } from 'node:crypto';
import type { ActivityRepository } from '#shared/audit/activity-repository.ts';
import { chunks, mapAtOnce } from '#shared/kernel/at-once.ts';
import { eachSubject } from '#shared/jobs/each-subject.ts';
import type { Job } from '#shared/jobs/job.ts';
import { pageOfIds, type PlanPage } from '#shared/jobs/plan-page.ts';
import type { PartWorker } from '#shared/jobs/work-part.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { FactsRange } from '../dashboard-repository.ts';
import type { CoachFacts, PresentFacts } from '../facts.ts';
import type { DayOf } from '../metrics.ts';
import { periodOf, type Period } from '../period.ts';
import { instantsAround, railStart } from '../read-dashboard.ts';
import type { RollupRepository } from './rollup-repository.ts';
import {
  createProgramSum,
  digestOf,
  keptFrom,
  periodName,
  rollUp,
  standAgain,
  standardPeriods,
  type RollupHead,
} from './rollup.ts';

/** The scope of everybody; no coach has this id. */
export const PROGRAM = 'program';

export interface RollupDeps {
  readonly rollups: RollupRepository;
  readonly allCoachIds: () => Promise<readonly string[]>;
  readonly factsOfCoach: (coachId: string, range: FactsRange) => Promise<CoachFacts>;
  readonly presentOfCoach: (coachId: string) => Promise<PresentFacts>;
  readonly activityOf: ActivityRepository['ofCoach'];
  readonly slaHours: () => Promise<number>;
  readonly inactiveDays: () => Promise<number>;
  readonly dayOf: DayOf;
  readonly now: Clock;
}

/** How far people are read is told by nobody's activity, so that each coach is looked at as often as this. */
const STAND_AGAIN_MS = 3_600_000;
/** A line of activity may be written some time after the time that it carries. */
const LATE_LINE_MS = 10 * 60_000;
const COACHES_AT_ONCE = 4;
const START_WITH_MS = 8_000;

type Due = 'all' | 'standing' | null;

/** What of a coach's sums has to be made again. `newest`: the time of the newest line of activity. */
export function dueOf(
  head: RollupHead | undefined,
  {
    newest,
    now,
    day,
    periods,
  }: {
    readonly newest: string | null;
    readonly now: Date;
    readonly day: string;
    readonly periods: readonly string[];
  },
): Due {
  if (head === undefined || head.day !== day) return 'all';
  if (periods.some((period) => !head.periods.includes(period))) return 'all';
  const at = Date.parse(head.at);
  if (newest !== null && Date.parse(newest) >= at - LATE_LINE_MS) return 'all';
  return now.getTime() - at >= STAND_AGAIN_MS ? 'standing' : null;
}

/** All coaches, then the program: with the last of them where there is room, otherwise in a part after theirs. */
export async function pageOfCoaches(
  deps: Pick<RollupDeps, 'allCoachIds'>,
  cursor: Job['planCursor'],
  size: number,
): Promise<PlanPage> {
  const page = pageOfIds(await deps.allCoachIds(), cursor?.['last'] === true ? null : cursor, size);
  if (cursor?.['last'] === true) return { subjects: [PROGRAM], next: null };
  if (page.next !== null) return page;
  if (page.subjects.length < size) return { subjects: [...page.subjects, PROGRAM], next: null };
  return { ...page, next: { last: true } };
}

/**
 * Processes parts of `dashboard_rollup`. A coach's sums are made anew from the coach's own rows, never added to, so that
 * a part done twice, late, or half leaves what one done once would leave. What moves past days writes a line of activity
 * in its own transaction: the newest line says whether there is anything to do.
 */
export function createRollupWorker(deps: RollupDeps): PartWorker<{ full: boolean }> {
  const { rollups } = deps;
  const today = (): string => deps.dayOf(deps.now().toISOString());

  async function periodsNow(): Promise<Period[]> {
    const asked = (await rollups.periods(deps.now())).flatMap((name) => {
      const [from, to] = name.split('#');
      const period = periodOf({ from, to }, today());
      return 'message' in period || period.previousFrom < keptFrom(today()) ? [] : [period];
    });
    const all = new Map([...standardPeriods(today()), ...asked].map((one) => [periodName(one), one]));
    return [...all.values()];
  }

  async function refresh(coachId: string, full: boolean): Promise<string> {
    const now = deps.now();
    const day = today();
    const [head, line, periods, slaHours, inactiveDays] = await Promise.all([
      rollups.headOf(coachId),
      deps.activityOf(coachId, { limit: 1 }),
      periodsNow(),
      deps.slaHours(),
      deps.inactiveDays(),
    ]);
    const names = periods.map(periodName);
    const due = full ? 'all' : dueOf(head, { newest: line.items[0]?.at ?? null, now, day, periods: names });
    if (due === null) return 'unchanged';
    const context = { suspension: null, now, slaHours, inactiveDays, dayOf: deps.dayOf };
    const before = await rollups.rowsOf(coachId);
    if (due === 'standing' && head !== undefined) {
      const present = await deps.presentOfCoach(coachId);
      if (digestOf(present, deps.dayOf) === head.digest) {
        const after = standAgain(present, before, context);
        await rollups.save(coachId, { before, after, head: { ...head, at: now.toISOString() } });
        return 'updated';
      }
    }
    const from = keptFrom(day);
    const facts = await deps.factsOfCoach(coachId, {
      from,
      to: day,
      eventsSince: instantsAround(from, day).from,
      solvesSince: railStart(now),
      editsWithin: instantsAround(from, day),
    });
    const digest = digestOf(facts, deps.dayOf);
    const after = rollUp(facts, periods, context);
    await rollups.save(coachId, {
      before,
      after,
      head: { at: now.toISOString(), day, digest, periods: names },
    });
    return 'updated';
  }

  async function fold(full: boolean): Promise<string> {
    const coachIds = await deps.allCoachIds();
    const periods = (await periodsNow()).map(periodName);
    const [heads, last] = await Promise.all([rollups.heads(coachIds), rollups.headOf(PROGRAM)]);
    const times = heads.map(({ at }) => at).toSorted();
    const digest = createHash('sha256')
      .update(JSON.stringify([times, periods]))
      .digest('base64url');
    if (!full && last?.digest === digest) return 'unchanged';
    const sum = createProgramSum(periods);
    for (const some of chunks(coachIds, COACHES_AT_ONCE)) {
      for (const rows of await mapAtOnce(some, COACHES_AT_ONCE, rollups.rowsOf)) sum.add(rows);
    }
    const at = times[0] ?? deps.now().toISOString();
    await rollups.save(PROGRAM, {
      before: await rollups.rowsOf(PROGRAM),
      after: sum.rows(),
      head: { at, day: today(), digest, periods },
    });
    return 'updated';
  }

  const options = {
    concurrency: COACHES_AT_ONCE,
    startWithMs: START_WITH_MS,
    traceFields: () => ({}),
  };
  return async (job, part, context) => {
    const { full } = job.payload;
    const coachIds = part.subjects.filter((subject) => subject !== PROGRAM);
    const outcome = await eachSubject(coachIds, context, options, (coachId) => refresh(coachId, full));
    if (outcome.kind !== 'finished' || coachIds.length === part.subjects.length) return outcome;
    // The program is folded from what its coaches' sums are now.
    const folded = await eachSubject([PROGRAM], context, options, () => fold(full));
    if (folded.kind !== 'finished') return folded;
    const counts = { ...outcome.counts };
    for (const [name, count] of Object.entries(folded.counts)) counts[name] = (counts[name] ?? 0) + count;
    return { kind: 'finished', counts };
  };
}
