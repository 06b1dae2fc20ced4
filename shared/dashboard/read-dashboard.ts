import { evaluateAlerts } from '#shared/alerts/evaluate-alerts.ts';
import { isCounted } from '#shared/competitors/consent.ts';
import type { Coach } from '#shared/identity/identity.ts';
import { monthBefore, monthOf } from '#shared/kernel/days.ts';
import { briefOf } from './brief.ts';
import type { DashboardView } from './contract.ts';
import type { FactsRange } from './dashboard-repository.ts';
import { mergeFacts, narrowToDivision, type CoachFacts } from './facts.ts';
import { freshnessOf, type SuspensionKind, type SyncRun } from './freshness.ts';
import { leaderboardOf } from './leaderboard.ts';
import { kpisOf } from './metrics.ts';
import type { Period } from './period.ts';

export interface DashboardDependencies {
  readonly coachById: (coachId: string) => Promise<Coach | null>;
  readonly allCoaches: () => Promise<readonly Coach[]>;
  readonly factsOfCoach: (coachId: string, range: FactsRange) => Promise<CoachFacts>;
  /** Score-sync jobs created at this instant or later. */
  readonly runsSince: (iso: string) => Promise<readonly SyncRun[]>;
  readonly suspension: () => Promise<SuspensionKind | null>;
  /** Hours within which everyone is read, as the settings say. */
  readonly slaHours: () => Promise<number>;
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
/** Coaches read at the same time for the program's view; each is seven small queries. */
const COACHES_AT_ONCE = 6;

async function factsOfAll(
  coaches: readonly Coach[],
  read: (coachId: string) => Promise<CoachFacts>,
): Promise<CoachFacts> {
  const parts: CoachFacts[] = [];
  for (let from = 0; from < coaches.length; from += COACHES_AT_ONCE) {
    const some = coaches.slice(from, from + COACHES_AT_ONCE);
    parts.push(...(await Promise.all(some.map((coach) => read(coach.id)))));
  }
  return mergeFacts(parts);
}

/** The dashboard of one coach, or of all; null when there is no such coach. */
export async function readDashboard(
  dependencies: DashboardDependencies,
  { coachId, division, period }: DashboardRequest,
): Promise<DashboardView | null> {
  const now = dependencies.now();
  const dayAgo = new Date(now.getTime() - DAY_MS).toISOString();
  const range: FactsRange = {
    from: period.previousFrom,
    to: period.to,
    // A day earlier than the month begins in UTC: zones east of Greenwich start their months before that.
    eventsSince: new Date(
      Date.parse(`${monthBefore(monthOf(period.to))}-01T00:00:00Z`) - DAY_MS,
    ).toISOString(),
    solvesSince: dayAgo,
  };
  const coach = coachId === null ? null : await dependencies.coachById(coachId);
  if (coachId !== null && coach === null) return null;
  const [allFacts, runs, suspension, slaHours] = await Promise.all([
    coach === null
      ? dependencies
          .allCoaches()
          .then((coaches) => factsOfAll(coaches, (id) => dependencies.factsOfCoach(id, range)))
      : dependencies.factsOfCoach(coach.id, range),
    dependencies.runsSince(dayAgo),
    dependencies.suspension(),
    dependencies.slaHours(),
  ]);
  const facts = narrowToDivision(allFacts, division);
  const freshness = freshnessOf({ facts, runs, suspension, now, slaHours });
  const { lateIds, ...freshnessView } = freshness;
  const alerts = evaluateAlerts({ facts, lateIds, suspension, slaHours, now });
  const kpis = kpisOf({
    facts,
    period,
    dayOf: dependencies.dayOf,
    asOf: freshness.asOf,
    late: freshness.late,
  });
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
      competitors: facts.competitors.filter(isCounted).length,
      teams: facts.teams.length,
    },
    freshness: freshnessView,
    brief: briefOf({ facts, alerts: alerts.open, freshness, suspension, solved: kpis.solved, period, now }),
    kpis,
    leaderboard: leaderboardOf({ facts, period, late: lateIds }),
  };
}
