import type { Competitor } from '#shared/competitors/competitor.ts';
import type { SyncBadge, TeamMember, TeamView } from './contract.ts';
import type { RosterEntry, SyncFailure } from './rosters/roster-entry.ts';
import { isTrouble } from './rosters/roster-failures.ts';
import { driftOf } from './team-drift.ts';
import type { Team } from './team.ts';

type Person = Pick<Competitor, 'id' | 'firstName' | 'lastName' | 'gamePlatformId' | 'platform'>;

/** What a team's view is made of beside the team. */
export interface TeamRelatedRecords {
  /** Those who are, or were until lately, on the team; by id. */
  readonly people: ReadonlyMap<string, Person>;
  readonly entries: ReadonlyMap<string, RosterEntry>;
}

const nothing = { reason: null, remedy: null };

/** A failure is an error once it does not pass by itself; before that it is something under way. */
function badgeOfFailure(failure: SyncFailure, attempts: number, lastSuccessAt: string | null): SyncBadge {
  const { message: reason, remedy } = failure;
  return { state: isTrouble(failure, attempts) ? 'error' : 'pending', reason, remedy, lastSuccessAt };
}

const RECREATED = {
  reason: 'The team is being recreated on the platform. Its members are off it for a moment.',
  remedy: null,
};

export function memberBadge(team: Team, person: Person, entry: RosterEntry | undefined): SyncBadge {
  const lastSuccessAt = entry?.confirmedAt ?? null;
  if (entry === undefined) {
    return { state: 'pending', ...nothing, reason: 'Not sent to the platform yet.', lastSuccessAt };
  }
  const settled = entry.wantedTeamId === entry.confirmedTeamId && entry.doubtTeamId === null;
  const recreated = team.recreate !== null && entry.wantedTeamId === team.id;
  if (settled && !recreated) return { state: 'synced', ...nothing, lastSuccessAt };
  if (person.gamePlatformId === null) {
    return {
      state: 'pending',
      reason: `${person.firstName} has no account on the platform yet.`,
      remedy: 'Add the competitor to the Game Platform. The team follows automatically.',
      lastSuccessAt,
    };
  }
  if (entry.failure !== null) return badgeOfFailure(entry.failure, entry.attempts, lastSuccessAt);
  if (recreated) return { state: 'pending', ...RECREATED, lastSuccessAt };
  return { state: 'pending', ...nothing, reason: 'On its way to the platform.', lastSuccessAt };
}

function ownBadge(team: Team): SyncBadge {
  const lastSuccessAt = team.platform?.confirmedAt ?? null;
  if (team.platform !== null && team.recreate === null) return { state: 'synced', ...nothing, lastSuccessAt };
  const { failure, attempts } = team.sync;
  if (failure !== null) return badgeOfFailure(failure, attempts, lastSuccessAt);
  if (team.recreate !== null) return { state: 'pending', ...RECREATED, lastSuccessAt };
  return { state: 'pending', ...nothing, reason: 'On its way to the platform.', lastSuccessAt };
}

/** The worst of the team's own and of the people who can be synced; the latest success of them all. */
function teamBadge(own: SyncBadge, people: readonly SyncBadge[], memberLeftAt: string | null): SyncBadge {
  const times = [own, ...people].map((badge) => badge.lastSuccessAt);
  const lastSuccessAt = [...times, memberLeftAt].reduce<string | null>(
    (latest, at) => (at !== null && (latest === null || at > latest) ? at : latest),
    null,
  );
  if (own.state !== 'synced') return { ...own, lastSuccessAt };
  for (const state of ['error', 'pending'] as const) {
    const count = people.filter((badge) => badge.state === state).length;
    if (count === 0) continue;
    const who = count === 1 ? 'One member' : `${count} members`;
    const are = count === 1 ? 'is' : 'are';
    return state === 'error'
      ? {
          state,
          reason: `${who} could not be synced.`,
          remedy: 'See the members for what to do.',
          lastSuccessAt,
        }
      : { state, ...nothing, reason: `${who} ${are} on the way to the platform.`, lastSuccessAt };
  }
  return { state: 'synced', ...nothing, lastSuccessAt };
}

/** Of all roster entries of a coach those that a team's badge depends on: its members', and theirs who leave it. */
export function createEntriesOf(
  rosters: readonly RosterEntry[],
): (team: Pick<Team, 'id' | 'members'>) => ReadonlyMap<string, RosterEntry> {
  const entries = new Map(rosters.map((entry) => [entry.competitorId, entry]));
  const there = Map.groupBy(
    rosters.flatMap((entry) =>
      [...new Set([entry.confirmedTeamId, entry.doubtTeamId])].map((teamId) => ({ entry, teamId })),
    ),
    ({ teamId }) => teamId,
  );
  return ({ id, members }) =>
    new Map([
      ...members.flatMap((member) => {
        const entry = entries.get(member);
        return entry === undefined ? [] : [[member, entry] as const];
      }),
      ...(there.get(id) ?? []).map(({ entry }) => [entry.competitorId, entry] as const),
    ]);
}

export function teamToView(team: Team, { people, entries }: TeamRelatedRecords): TeamView {
  const memberOf = (id: string): TeamMember[] => {
    const person = people.get(id);
    if (person === undefined) return [];
    const entry = entries.get(id);
    return [
      {
        competitorId: id,
        name: `${person.firstName} ${person.lastName}`,
        badge: memberBadge(team, person, entry),
        approved: person.gamePlatformId !== null && person.platform.accountStatus === 'approved',
        lastEditSeconds: entry?.lastEditSeconds ?? null,
      },
    ];
  };
  const members = team.members.flatMap(memberOf);
  const leaving = [...entries.values()]
    .filter(
      (entry) =>
        entry.wantedTeamId !== team.id &&
        (entry.confirmedTeamId === team.id || entry.doubtTeamId === team.id),
    )
    .flatMap((entry) => memberOf(entry.competitorId));
  const counted = [...members, ...leaving].filter(
    ({ competitorId }) => people.get(competitorId)?.gamePlatformId !== null,
  );
  return {
    id: team.id,
    version: team.version,
    coachId: team.coachId,
    name: team.name,
    division: team.division,
    affiliation: team.affiliation,
    badge: teamBadge(
      ownBadge(team),
      counted.map(({ badge }) => badge),
      team.memberLeftAt,
    ),
    drift: driftOf(team),
    members,
    leaving,
    createdAt: team.createdAt,
    updatedAt: team.updatedAt,
  };
}
