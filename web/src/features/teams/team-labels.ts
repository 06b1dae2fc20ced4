import type { CompetitorRow } from '#shared/competitors/contract.ts';
import type { ActivityLine } from '#shared/dashboard/contract.ts';
import type { TeamMember, TeamView } from '#shared/teams/contract.ts';
import { allOf, count, counted, duration, plural } from '#shared/kernel/format.ts';

/** The words of a team's tile and drawer, and how often to look again; pure. */

type Moment = (iso: string) => string;

/** The confirmation that came last, of those who are on the team: how long it took and when it was. */
export function lastArrival(team: Pick<TeamView, 'members'>): { seconds: number; at: string } | null {
  let last: { seconds: number; at: string } | null = null;
  for (const { badge, lastEditSeconds } of team.members) {
    if (badge.state !== 'synced' || lastEditSeconds === null || badge.lastSuccessAt === null) continue;
    if (last === null || badge.lastSuccessAt > last.at)
      last = { seconds: lastEditSeconds, at: badge.lastSuccessAt };
  }
  return last;
}

/** `14 s`, `2 min 5 s`; whole seconds, at least one. */
export const editSeconds = (value: number): string => duration(Math.max(1, Math.round(value)) * 1000);

/** What the platform has of the team, and how long the last edit took to get there. */
export function arrivalLabel(team: TeamView, moment: Moment): string {
  const { state, lastSuccessAt } = team.badge;
  const arrived = lastArrival(team);
  if (state === 'synced' && arrived !== null)
    return `On the platform ${editSeconds(arrived.seconds)} after your last edit`;
  if (lastSuccessAt === null) return 'Not on the platform yet';
  return `Last confirmed ${moment(lastSuccessAt)}`;
}

/** `36 challenges`. */
export const solvedLabel = ({ challengesSolved }: Pick<CompetitorRow, 'challengesSolved'>): string =>
  challengesSolved === 0 ? 'none yet' : counted(challengesSolved, 'challenge');

/** When the platform confirmed the member, and how long the last edit took to get there. */
export function confirmedLabel({ badge, lastEditSeconds }: TeamMember, moment: Moment): string {
  if (badge.lastSuccessAt === null) return badge.state === 'synced' ? 'yes' : 'not yet';
  const when = `confirmed ${moment(badge.lastSuccessAt)}`;
  return lastEditSeconds === null ? when : `${when}, ${editSeconds(lastEditSeconds)} after the edit`;
}

/** One member's second line: solves, and how fast the platform had the last edit; or why it has not. */
export function memberLabel(
  { badge, approved, lastEditSeconds }: TeamMember,
  person: Pick<CompetitorRow, 'challengesSolved'> | undefined,
  moment: Moment,
): string {
  if (badge.state !== 'synced') return badge.reason ?? 'On its way to the platform.';
  if (!approved) return 'On the team there, waiting for approval.';
  const there =
    lastEditSeconds !== null
      ? `confirmed after ${editSeconds(lastEditSeconds)}`
      : badge.lastSuccessAt === null
        ? 'on the platform'
        : `confirmed ${moment(badge.lastSuccessAt)}`;
  const line = person === undefined ? there : `${count(person.challengesSolved)} solved, ${there}`;
  return line.charAt(0).toUpperCase() + line.slice(1);
}

interface TeamFigures {
  readonly solved: number;
  /** Members with a solve lately. */
  readonly active: number;
  /** The oldest read among the members; null when somebody was never read. */
  readonly asOf: string | null;
}

const oldest = (times: readonly string[]): string | null =>
  times.reduce<string | null>((first, at) => (first === null || at < first ? at : first), null);

/** What the members did together, without those on hold; null while somebody's record is not loaded. */
export function teamFigures(
  members: readonly TeamMember[],
  people: ReadonlyMap<string, Pick<CompetitorRow, 'challengesSolved' | 'lastReadAt' | 'chain' | 'onHold'>>,
): TeamFigures | null {
  const loaded = members.flatMap(({ competitorId }) => people.get(competitorId) ?? []);
  if (loaded.length < members.length || loaded.length === 0) return null;
  const known = loaded.filter(({ onHold }) => onHold === null);
  const reads = known.map(({ lastReadAt }) => lastReadAt);
  return {
    solved: known.reduce((sum, { challengesSolved }) => sum + challengesSolved, 0),
    active: known.filter(({ chain }) =>
      chain.some(({ link, state }) => link === 'last_solve' && state === 'live'),
    ).length,
    asOf: reads.includes(null) ? null : oldest(reads.filter((at) => at !== null)),
  };
}

/** `4 of 5 members are on the platform`. */
export function membersLabel({ members }: Pick<TeamView, 'members'>): string {
  if (members.length === 0) return 'No members yet.';
  const there = members.filter(({ badge }) => badge.state === 'synced').length;
  const waiting = members.filter(({ badge, approved }) => badge.state === 'synced' && !approved).length;
  if (waiting > 0)
    return `${count(there)} of ${counted(members.length, 'member')} ${plural(there, 'is', 'are')} on the team there; ${count(waiting)} of them ${plural(waiting, 'waits', 'wait')} for approval.`;
  if (there === members.length)
    return members.length === 1
      ? 'The member is on the platform.'
      : `${allOf(members.length, 'members')} are on the platform.`;
  if (there === 0)
    return members.length === 1
      ? 'The member is not on the platform yet.'
      : `None of the ${count(members.length)} members are on the platform yet.`;
  return `${count(there)} of ${counted(members.length, 'member')} ${plural(there, 'is', 'are')} on the platform.`;
}

export const TEAM_STATES = ['all', 'synced', 'pending', 'error'] as const;
export type TeamState = (typeof TEAM_STATES)[number];
export const TEAM_STATE_NAMES: Readonly<Record<TeamState, string>> = {
  all: 'All',
  synced: 'Synced',
  pending: 'Pending',
  error: 'Error',
};

export const teamStateOf = (text: string | null): TeamState =>
  TEAM_STATES.find((state) => state === text) ?? 'all';

export const inState = (team: TeamView, state: TeamState): boolean =>
  state === 'all' || team.badge.state === state;

/** Those with errors first, then by name: what is only on its way keeps its place while somebody moves members. */
const troubled = (team: TeamView): number => Number(team.badge.state === 'error');
export const byTrouble = (a: TeamView, b: TeamView): number =>
  troubled(b) - troubled(a) || a.name.localeCompare(b.name) || a.id.localeCompare(b.id);

export function teamsSummary(teams: readonly TeamView[]): string {
  const members = teams.reduce((sum, team) => sum + team.members.length, 0);
  const open = (state: 'pending' | 'error') => teams.filter((team) => team.badge.state === state).length;
  const [pending, error] = [open('pending'), open('error')];
  const rest =
    pending + error === 0
      ? 'everything is on the platform'
      : [pending > 0 && `${pending} on the way`, error > 0 && `${error} with an error`]
          .filter((part) => part !== false)
          .join(', ');
  return `${counted(teams.length, 'team')}, ${counted(members, 'member')}: ${rest}`;
}

const SOON_MS = 2_000;
const LATER_MS = 15_000;
/** An edit is on the platform within a minute; after twice that, it waits for something slower. */
const LIVELY_MS = 120_000;

/** Milliseconds until the teams are read again by themselves; false when nothing is under way. */
export function pollEvery(
  teams: readonly TeamView[] | undefined,
  askedAt: number | null,
  now: number,
): number | false {
  if (teams === undefined) return false;
  if (askedAt !== null && now - askedAt < LIVELY_MS) return SOON_MS;
  const open = teams.filter((team) => team.badge.state !== 'synced' || team.leaving.length > 0);
  if (open.length === 0) return false;
  return open.some((team) => now - Date.parse(team.updatedAt) < LIVELY_MS) ? SOON_MS : LATER_MS;
}

/** One of the team's last edits. */
export function editLabel({ kind, competitor, team, fromTeam }: ActivityLine, teamId: string): string {
  const who = competitor?.name ?? 'A former competitor';
  switch (kind) {
    case 'member_added':
      return `${who} joined`;
    case 'member_removed':
      return `${who} left`;
    case 'member_moved':
      return team?.id === teamId
        ? `${who} moved in from ${fromTeam?.name ?? 'another team'}`
        : `${who} moved to ${team?.name ?? 'another team'}`;
    case 'team_created':
      return 'The team was made';
    case 'team_recreated':
      return 'The team was recreated on the platform';
    default:
      return 'The team was changed';
  }
}

/**
 * How the edit fared on the platform: known of the newest edit of somebody who is still a member, since each later one
 * takes its place.
 */
export function editArrival(
  line: ActivityLine,
  newest: boolean,
  members: TeamView['members'],
): string | null {
  const member = members.find(({ competitorId }) => competitorId === line.competitor?.id);
  if (!newest || member === undefined) return null;
  if (member.badge.state === 'pending') return 'still on its way';
  if (member.badge.state === 'error') return 'not on the platform';
  return member.lastEditSeconds === null ? null : `there after ${editSeconds(member.lastEditSeconds)}`;
}
