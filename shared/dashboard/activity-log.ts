import type { ActivityPage } from '#shared/audit/activity-repository.ts';
import type { Activity } from '#shared/audit/activity.ts';
import type { Competitor } from '#shared/competitors/competitor.ts';
import type { Team } from '#shared/teams/team.ts';
import type { ActivityLine } from './contract.ts';
import type { DayOf } from './metrics.ts';
import { instantsAround } from './read-dashboard.ts';

export interface ActivityLogDeps {
  /** Newest first. */
  readonly pageOfCoach: (
    coachId: string,
    options: {
      readonly limit: number;
      readonly before?: string;
      readonly within?: { readonly from: string; readonly to: string };
    },
  ) => Promise<ActivityPage>;
  /** The same of all coaches. */
  readonly pageOfProgram: (options: Parameters<ActivityLogDeps['pageOfCoach']>[1]) => Promise<ActivityPage>;
  readonly competitorsById: (ids: readonly string[]) => Promise<ReadonlyMap<string, Competitor>>;
  readonly teamsById: (ids: readonly string[]) => Promise<ReadonlyMap<string, Team>>;
  readonly dayOf: DayOf;
}

export interface ActivityRequest {
  /** Null: of every coach. */
  readonly coachId: string | null;
  readonly division: string | null;
  /** Days of the program's zone; null: whenever. */
  readonly range: { readonly from: string; readonly to: string } | null;
  readonly limit: number;
  /** The position that the page before ended with. */
  readonly before: string | null;
  /** `sub` of who asks. */
  readonly viewer: string;
}

const textOf = (value: Activity['details'][string] | undefined): string | null =>
  typeof value === 'string' ? value : null;
const countOf = (value: Activity['details'][string] | undefined): number | null =>
  typeof value === 'number' ? value : null;

const teamIdsOf = ({ details }: Activity): readonly string[] =>
  [textOf(details['teamId']), textOf(details['fromTeamId'])].filter((id) => id !== null);

/** The rows hold ids; names are those of today, and of nobody who belongs to another coach by now. */
export async function readActivity(
  deps: ActivityLogDeps,
  request: ActivityRequest,
): Promise<{ readonly items: readonly ActivityLine[]; readonly next: string | null }> {
  const { coachId, division, range, limit, before, viewer } = request;
  const options = {
    limit,
    ...(before === null ? {} : { before }),
    ...(range === null ? {} : { within: instantsAround(range.from, range.to) }),
  };
  const page = await (coachId === null ? deps.pageOfProgram(options) : deps.pageOfCoach(coachId, options));
  const inRange = page.items.filter(({ at }) => {
    const day = deps.dayOf(at);
    return range === null || (day >= range.from && day <= range.to);
  });
  const [competitors, teams] = await Promise.all([
    deps.competitorsById([...new Set(inRange.flatMap(({ competitorId }) => competitorId ?? []))]),
    deps.teamsById([...new Set(inRange.flatMap(teamIdsOf))]),
  ]);
  const items = inRange.flatMap((activity): ActivityLine[] => {
    const { id, at, kind, actor, details } = activity;
    const own = <T extends { readonly coachId: string }>(one: T | undefined): T | undefined =>
      one?.coachId === activity.coachId ? one : undefined;
    const competitor = own(competitors.get(activity.competitorId ?? ''));
    const teamId = textOf(details['teamId']);
    const team = own(teams.get(teamId ?? ''));
    if (division !== null && (activity.competitorId === null ? team : competitor)?.division !== division) {
      return [];
    }
    const named = (found: string | null) =>
      found === null ? null : { id: found, name: own(teams.get(found))?.name ?? null };
    return [
      {
        id,
        at,
        kind,
        by: actor === `user:${viewer}` ? 'you' : actor.startsWith('user:') ? 'someone' : 'automatic',
        competitor:
          activity.competitorId === null
            ? null
            : {
                id: activity.competitorId,
                name: competitor === undefined ? null : `${competitor.firstName} ${competitor.lastName}`,
              },
        team: named(teamId),
        fromTeam: named(textOf(details['fromTeamId'])),
        odl: countOf(details['odl']),
        ctf: countOf(details['ctf']),
        fields: Array.isArray(details['fields']) ? details['fields'] : [],
      },
    ];
  });
  return { items, next: page.next };
}
