import { freshnessOf } from '#shared/dashboard/freshness.ts';
import type { CoachFacts } from '#shared/dashboard/facts.ts';
import { isRegistered, sumTallies, tallies } from '#shared/dashboard/metrics.ts';
import type { Competitor } from '#shared/competitors/competitor.ts';
import { listDays } from '#shared/kernel/days.ts';
import type { CompetitorDay } from '#shared/score-sync/score-records.ts';
import { SMALLEST_GROUP, type ComparisonGroup } from './contract.ts';

/** Team and division beside one competitor: averages over the coach's registered people, from the dashboard's rows. */

interface Range {
  readonly from: string;
  readonly to: string;
}

const oneDecimal = (value: number): number => Math.round(value * 10) / 10;

/** Points up to and including each day of the range. */
export function runningPoints(days: readonly CompetitorDay[], range: Range): number[] {
  const perDay = new Map<string, number>();
  for (const { day, odlPoints, ctfPoints } of days)
    perDay.set(day, (perDay.get(day) ?? 0) + odlPoints + ctfPoints);
  let sum = 0;
  return listDays(range.from, range.to).map((day) => (sum += perDay.get(day) ?? 0));
}

interface GroupInput {
  readonly facts: CoachFacts;
  readonly range: Range;
  readonly now: Date;
  readonly slaHours: number;
}

function groupOf(
  group: Pick<ComparisonGroup, 'kind' | 'name'>,
  belongs: (competitor: Competitor) => boolean,
  { facts, range, now, slaHours }: GroupInput,
): ComparisonGroup {
  const competitors = facts.competitors.filter((one) => isRegistered(one) && belongs(one));
  const ids = new Set(competitors.map(({ id }) => id));
  const days = facts.days.filter(({ competitorId }) => ids.has(competitorId));
  const { asOf, late } = freshnessOf({
    facts: { ...facts, competitors, solvesStoredAt: [] },
    runs: [],
    suspension: null,
    now,
    slaHours,
  });
  const people = competitors.length;
  const told = { ...group, people, asOf, late };
  if (people < SMALLEST_GROUP) return { ...told, averages: null, cumulative: null };
  const sums = sumTallies(tallies(days, range).values());
  const active = days.filter(
    ({ day, odl, ctf }) => day >= range.from && day <= range.to && odl + ctf > 0,
  ).length;
  return {
    ...told,
    averages: {
      points: oneDecimal(sums.points / people),
      challenges: oneDecimal(sums.done / people),
      ctf: oneDecimal(sums.ctf / people),
      activeDays: oneDecimal(active / people),
    },
    cumulative: runningPoints(days, range).map((sum) => oneDecimal(sum / people)),
  };
}

/** The groups that a competitor is in. Averages of fewer than five people are not told. */
export function comparisonOf(competitor: Competitor, input: GroupInput): ComparisonGroup[] {
  const { teamId, division } = competitor;
  const team = input.facts.teams.find(({ id }) => id === teamId);
  return [
    ...(team === undefined
      ? []
      : [groupOf({ kind: 'team', name: team.name }, (one) => one.teamId === team.id, input)]),
    ...(division === null
      ? []
      : [groupOf({ kind: 'division', name: division }, (one) => one.division === division, input)]),
  ];
}
