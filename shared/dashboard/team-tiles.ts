import { isCounted } from '#shared/competitors/consent.ts';
import type { Competitor } from '#shared/competitors/competitor.ts';
import { addDays, countDays } from '#shared/kernel/days.ts';
import { createEntriesOf, teamToView } from '#shared/teams/team-to-view.ts';
import type { DashboardView, TeamTile } from './contract.ts';
import type { CoachFacts } from './facts.ts';
import { isReadable, NOTHING, sumTallies, tallies } from './metrics.ts';
import type { Period } from './period.ts';

/** More tiles than anybody looks at; an admin of more narrows by coach. */
const MOST_TEAMS = 200;
const MOST_BARS = 31;

/** Sums of equally long runs of days, oldest first: at most {@link MOST_BARS}. The last one may be shorter. */
function barsOf(perDay: ReadonlyMap<string, number>, { from, to }: Pick<Period, 'from' | 'to'>): number[] {
  const days = countDays(from, to);
  const size = Math.ceil(days / MOST_BARS);
  const bars = Array.from({ length: Math.ceil(days / size) }, () => 0);
  for (let index = 0; index < days; index += 1) {
    const bar = Math.floor(index / size);
    bars[bar] = (bars[bar] ?? 0) + (perDay.get(addDays(from, index)) ?? 0);
  }
  return bars;
}

/** The oldest read among people whose scores are read; null when one was never read, or there is no one. */
function oldestRead(people: readonly Competitor[], reads: ReadonlyMap<string, string | null>): string | null {
  let oldest: string | null = null;
  for (const { id } of people) {
    const at = reads.get(id) ?? null;
    if (at === null) return null;
    if (oldest === null || at < oldest) oldest = at;
  }
  return oldest;
}

export const bestFirst = (
  a: Pick<TeamTile, 'averageScore' | 'solved' | 'name' | 'teamId'>,
  b: Pick<TeamTile, 'averageScore' | 'solved' | 'name' | 'teamId'>,
): number =>
  (b.averageScore ?? -1) - (a.averageScore ?? -1) ||
  b.solved - a.solved ||
  a.name.localeCompare(b.name) ||
  a.teamId.localeCompare(b.teamId);

interface TeamContext {
  readonly facts: CoachFacts;
  readonly period: Pick<Period, 'from' | 'to'>;
  readonly late: ReadonlySet<string>;
}

/** A tile per team. *Average*: points in range of today's members, divided by their number. */
export function teamTilesOf({ facts, period, late }: TeamContext): DashboardView['teams'] {
  const solvedBy = tallies(facts.days, period);
  const reads = new Map(facts.syncStates.map((state) => [state.competitorId, state.lastReadAt]));
  const everyone = new Map(facts.competitors.map((competitor) => [competitor.id, competitor]));
  const entriesOf = createEntriesOf(facts.rosters);
  const byTeam = Map.groupBy(facts.competitors.filter(isCounted), ({ teamId }) => teamId);
  const teamOf = new Map(facts.competitors.map(({ id, teamId }) => [id, teamId]));
  const perDay = new Map<string, Map<string, number>>();
  for (const { competitorId, day, odl, ctf } of facts.days) {
    const teamId = teamOf.get(competitorId);
    const member = everyone.get(competitorId);
    if (typeof teamId !== 'string' || member === undefined || !isCounted(member)) continue;
    const own = perDay.get(teamId) ?? new Map<string, number>();
    own.set(day, (own.get(day) ?? 0) + odl + ctf);
    perDay.set(teamId, own);
  }

  const tiles = facts.teams.map((team) => {
    const members = byTeam.get(team.id) ?? [];
    const own = members.map(({ id }) => solvedBy.get(id) ?? NOTHING);
    const { done, points } = sumTallies(own);
    const readable = members.filter(isReadable);
    const { badge } = teamToView(team, { people: everyone, entries: entriesOf(team) });
    return {
      teamId: team.id,
      name: team.name,
      division: team.division,
      averageScore: members.length === 0 ? null : Math.round(points / members.length),
      points,
      solved: done,
      members: members.length,
      active: own.filter((tally) => tally.done > 0).length,
      late: readable.filter(({ id }) => late.has(id)).length,
      asOf: oldestRead(readable, reads),
      badge,
      bars: barsOf(perDay.get(team.id) ?? new Map(), period),
    };
  });
  return { rows: tiles.toSorted(bestFirst).slice(0, MOST_TEAMS), total: tiles.length };
}
