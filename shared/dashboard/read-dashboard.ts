import { evaluateAlerts } from '#shared/alerts/evaluate-alerts.ts';
import type { Coach } from '#shared/identity/identity.ts';
import { mapAtOnce } from '#shared/kernel/at-once.ts';
import { addDays } from '#shared/kernel/days.ts';
import { briefOf, briefPeopleOf } from './brief.ts';
import type { DashboardView, FreshnessView } from './contract.ts';
import { ctfChartOf } from './ctf-chart.ts';
import type { FactsRange } from './dashboard-repository.ts';
import { mergeFacts, narrowToDivision, type CoachFacts, type FreshnessFacts } from './facts.ts';
import { figuresOf } from './figures.ts';
import { freshnessOf, type SuspensionKind, type SyncRun } from './freshness.ts';
import { leaderboardOf } from './leaderboard.ts';
import { kpisOf } from './kpis.ts';
import { monthsOf, type Period } from './period.ts';
import { teamTilesOf } from './team-tiles.ts';
import { lastDayOf, streaksOf, timelineOf } from './timeline.ts';

export interface DashboardDependencies {
  readonly coachById: (coachId: string) => Promise<Coach | null>;
  readonly allCoaches: () => Promise<readonly Coach[]>;
  readonly factsOfCoach: (coachId: string, range: FactsRange) => Promise<CoachFacts>;
  readonly freshnessFactsOfCoach: (coachId: string, solvesSince: string) => Promise<FreshnessFacts>;
  /** Score-sync jobs created at this instant or later. */
  readonly runsSince: (iso: string) => Promise<readonly SyncRun[]>;
  readonly suspension: () => Promise<SuspensionKind | null>;
  /** Hours within which everyone is read, as the settings say. */
  readonly slaHours: () => Promise<number>;
  readonly inactiveDays: () => Promise<number>;
  readonly now: () => Date;
  readonly timeZone: string;
  readonly dayOf: (iso: string) => string;
}

export interface DashboardRequest {
  /** Null: every coach. */
  readonly coachId: string | null;
  readonly division: string | null;
  readonly period: Period;
}

const DAY_MS = 86_400_000;
/** Coaches read at the same time for the program's view; each is nine small queries. */
export const COACHES_AT_ONCE = 6;

/** Instants that hold the days from first to last in every time zone. */
export const instantsAround = (from: string, to: string) => ({
  from: `${addDays(from, -1)}T00:00:00.000Z`,
  to: `${addDays(to, 2)}T00:00:00.000Z`,
});

/** What is read for a period: the longer one where the months that the CTF chart compares begin earlier. */
export function factsRangeOf(period: Period, today: string, now: Date): FactsRange {
  const monthStart = `${monthsOf(period, today).previous}-01`;
  const earlier = (day: string) => (monthStart < day ? monthStart : day);
  return {
    from: earlier(period.previousFrom),
    to: period.to,
    eventsSince: instantsAround(earlier(period.from), period.to).from,
    solvesSince: railStart(now),
    editsWithin: instantsAround(period.from, period.to),
  };
}

/** Of one coach, or of all (null); undefined when there is no such coach. */
export async function readFacts(
  {
    coachById,
    allCoaches,
    factsOfCoach,
  }: Pick<DashboardDependencies, 'coachById' | 'allCoaches' | 'factsOfCoach'>,
  coachId: string | null,
  range: FactsRange,
): Promise<{ readonly coach: Coach | null; readonly facts: CoachFacts } | undefined> {
  if (coachId === null) {
    const parts = await mapAtOnce(await allCoaches(), COACHES_AT_ONCE, ({ id }) => factsOfCoach(id, range));
    return { coach: null, facts: mergeFacts(parts) };
  }
  const [coach, facts] = await Promise.all([coachById(coachId), factsOfCoach(coachId, range)]);
  return coach === null ? undefined : { coach, facts };
}

/** Since when the rail shows reads, and what they brought. */
export const railStart = (now: Date): string => new Date(now.getTime() - DAY_MS).toISOString();

/** How old the scores of one coach's people, or of everybody's, are; null when there is no such coach. */
export async function readFreshness(
  dependencies: Pick<
    DashboardDependencies,
    'coachById' | 'allCoaches' | 'freshnessFactsOfCoach' | 'runsSince' | 'suspension' | 'slaHours' | 'now'
  >,
  coachId: string | null,
): Promise<FreshnessView | null> {
  const now = dependencies.now();
  const since = railStart(now);
  const factsOf = (coaches: readonly Pick<Coach, 'id'>[]) =>
    mapAtOnce(coaches, COACHES_AT_ONCE, ({ id }) => dependencies.freshnessFactsOfCoach(id, since));
  const [coach, parts, runs, suspension, slaHours] = await Promise.all([
    coachId === null ? undefined : dependencies.coachById(coachId),
    coachId === null ? dependencies.allCoaches().then(factsOf) : factsOf([{ id: coachId }]),
    dependencies.runsSince(since),
    dependencies.suspension(),
    dependencies.slaHours(),
  ]);
  if (coach === null) return null;
  const facts: FreshnessFacts = {
    competitors: parts.flatMap((part) => part.competitors),
    syncStates: parts.flatMap((part) => part.syncStates),
    solvesStoredAt: parts.flatMap((part) => part.solvesStoredAt),
  };
  const { lateIds: _, ...freshness } = freshnessOf({ facts, runs, suspension, now, slaHours });
  return freshness;
}

/** The dashboard of one coach, or of all; null when there is no such coach. */
export async function readDashboard(
  dependencies: DashboardDependencies,
  { coachId, division, period }: DashboardRequest,
): Promise<DashboardView | null> {
  const now = dependencies.now();
  const today = dependencies.dayOf(now.toISOString());
  const range = factsRangeOf(period, today, now);
  const [found, runs, suspension, slaHours, inactiveDays] = await Promise.all([
    readFacts(dependencies, coachId, range),
    dependencies.runsSince(range.solvesSince),
    dependencies.suspension(),
    dependencies.slaHours(),
    dependencies.inactiveDays(),
  ]);
  if (found === undefined) return null;
  const { coach, facts: allFacts } = found;
  const facts = narrowToDivision(allFacts, division);
  const freshness = freshnessOf({ facts, runs, suspension, now, slaHours });
  const { lateIds, ...freshnessView } = freshness;
  const alerts = evaluateAlerts({ facts, lateIds, suspension, slaHours, inactiveDays, now });
  const figures = figuresOf(facts, dependencies.dayOf);
  const { asOf, late } = freshness;
  const kpis = kpisOf({ figures, period, asOf, late });
  const people = briefPeopleOf(facts, alerts.open, lateIds);
  const last = lastDayOf(period, today);
  const names = new Map(
    facts.competitors.map(({ id, firstName, lastName }) => [id, `${firstName} ${lastName}`]),
  );
  const { teamEditsSince } = facts;
  return {
    period: {
      from: period.from,
      to: period.to,
      previousFrom: period.previousFrom,
      previousTo: period.previousTo,
      timeZone: dependencies.timeZone,
      label: period.label,
    },
    scope: {
      coachId,
      title: coach === null ? 'All coaches' : coach.school,
      division,
      competitors: figures.counted,
      teams: figures.teams,
    },
    rollup: null,
    freshness: freshnessView,
    brief: briefOf({ ...people, freshness, suspension, solved: kpis.solved, period, now }),
    kpis,
    leaderboard: leaderboardOf({ facts, period, late: lateIds }),
    ctfChart: ctfChartOf({ figures, period, today }),
    teams: teamTilesOf({ facts, period, late: lateIds }),
    timeline: timelineOf({
      figures,
      streaks: streaksOf(facts, { from: period.from, to: last }),
      nameOf: (id) => names.get(id),
      period,
      today,
      teamEditsSince: teamEditsSince === null ? null : dependencies.dayOf(teamEditsSince),
    }),
  };
}
