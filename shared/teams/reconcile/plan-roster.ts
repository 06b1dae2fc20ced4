import type { RosterEntry } from '../rosters/roster-entry.ts';
import type { PlanFacts, PlanRow, RosterPlanRecord } from './roster-plan.ts';

/** Somebody of ours whom the platform knows. */
export interface OurPerson {
  readonly competitorId: string;
  readonly coachId: string;
  readonly platformId: string;
  readonly active: boolean;
  /** Their release is not in force, so they are put on no team there. */
  readonly onHold: boolean;
  readonly erased: boolean;
  /** Undefined: never was on a team. */
  readonly entry:
    | Pick<
        RosterEntry,
        'wantedTeamId' | 'wantedAt' | 'confirmedTeamId' | 'confirmedAt' | 'doubtTeamId' | 'attempts'
      >
    | undefined;
}

/** A team of ours; those deleted here, but not yet over there, too. */
export interface OurTeam {
  readonly id: string;
  readonly present: boolean;
  /** It is being recreated over there, which its members follow by themselves. */
  readonly recreated: boolean;
}

export interface Assignment {
  readonly userId: string;
  /** Null: on no team. */
  readonly teamId: string | null;
}

/** Both sides at one moment. */
export interface RosterPicture {
  readonly people: readonly OurPerson[];
  readonly teams: ReadonlyMap<string, OurTeam>;
  readonly assignments: readonly Assignment[];
  /** Users whose record could not be read: on which team they are is not known. */
  readonly unplaced?: readonly string[];
  /** Records of the answer that could not be read. */
  readonly setAside?: number;
  /** Just before the platform was asked: what was edited or confirmed since may or may not be in its answer. */
  readonly askedAt: string;
  /** Assignments in the last answer that was trusted, and those confirmed here at that time. */
  readonly lastTrusted: { readonly there: number; readonly confirmedHere: number } | null;
  /** The Flash CTF that is on. */
  readonly event: { readonly name: string } | undefined;
}

export interface PlanDraft extends Pick<
  RosterPlanRecord,
  'assignmentsThere' | 'assignmentsHere' | 'counts' | 'facts' | 'unknown'
> {
  readonly rows: readonly PlanRow[];
  /** Held for an admin to look at, not only until an event is over. */
  readonly stopped: boolean;
}

/** So many may leave for good, or be missing in an answer, in one run: 10, or 20 % of all if that is more. */
const MASS = { least: 10, share: 0.2 } as const;
export const massLimit = (assignments: number): number =>
  Math.max(MASS.least, Math.floor(assignments * MASS.share));

/** A team of so few may not lose more than half at once. */
const TINY_TEAM = 5;
const UNKNOWN_SHOWN = 500;
const TEAMS_SHOWN = 20;

const isUnderway = ({ entry, erased }: OurPerson, askedAt: string): boolean =>
  entry !== undefined &&
  // What is left of an erased person's entry waits for the worker, or is about to go.
  (erased ||
    entry.wantedTeamId !== entry.confirmedTeamId ||
    entry.doubtTeamId !== null ||
    entry.wantedAt >= askedAt ||
    (entry.confirmedAt !== null && entry.confirmedAt >= askedAt));

/**
 * An edit that the platform does not take, and somebody is on a team of ours there that neither it nor an earlier edit
 * put them on: only this comparison can tell the worker where they are.
 */
const isStuck = (
  { entry, erased }: OurPerson,
  there: string | null,
  { teams, askedAt }: Pick<RosterPicture, 'teams' | 'askedAt'>,
): boolean =>
  entry !== undefined &&
  !erased &&
  entry.attempts > 0 &&
  entry.wantedAt < askedAt &&
  entry.wantedTeamId !== null &&
  there !== null &&
  teams.has(there) &&
  ![entry.wantedTeamId, entry.confirmedTeamId, entry.doubtTeamId].includes(there);

const wantedOf = ({ entry, active, erased }: OurPerson): string | null =>
  active && !erased ? (entry?.wantedTeamId ?? null) : null;

/** Where the answer has each user; those that it has in two places are reported, since it can be right about one only. */
function placesOf(assignments: readonly Assignment[]) {
  const places = new Map<string, string>();
  const contradicted = new Set<string>();
  for (const { userId, teamId } of assignments) {
    if (teamId === null) continue;
    if ((places.get(userId) ?? teamId) !== teamId) contradicted.add(userId);
    places.set(userId, teamId);
  }
  return { places, contradicted };
}

function membersOf(places: ReadonlyMap<string, string>): ReadonlyMap<string, number> {
  const members = new Map<string, number>();
  for (const teamId of places.values()) members.set(teamId, (members.get(teamId) ?? 0) + 1);
  return members;
}

/** What one person's row would be; a word when there is none. */
function rowOf(
  person: OurPerson,
  there: string | null,
  picture: RosterPicture,
): PlanRow | 'in_step' | 'underway' | 'elsewhere' {
  const { teams, askedAt } = picture;
  const wanted = wantedOf(person);
  const underway = isUnderway(person, askedAt) && !isStuck(person, there, picture);
  // Whoever is on a team that is recreated but wanted elsewhere keeps it from being empty: nobody else takes them off.
  if (underway || (wanted !== null && teams.get(wanted)?.recreated === true)) return 'underway';
  if (there === wanted) return 'in_step';
  if (there !== null && !teams.has(there)) return 'elsewhere';
  // The worker waits for a release.
  if (wanted !== null && person.onHold) return 'underway';
  // Wanted on a team that is not there any more: its driver says so to the coach.
  if (wanted !== null && teams.get(wanted)?.present !== true) return 'underway';
  const { competitorId, coachId, platformId, entry } = person;
  const row = { competitorId, coachId, platformId, fromTeamId: there, toTeamId: wanted };
  const seen =
    entry === undefined
      ? null
      : {
          wantedAt: entry.wantedAt,
          wantedTeamId: entry.wantedTeamId,
          confirmedTeamId: entry.confirmedTeamId,
          doubtTeamId: entry.doubtTeamId,
        };
  const open = { emptiesTeam: false, heldBy: null, seen };
  if (there === null) return { ...row, ...open, action: 'add', why: 'missing_there' };
  if (wanted !== null) return { ...row, ...open, action: 'move', why: 'wrong_team' };
  const why = person.erased ? 'erased' : person.active ? 'not_on_roster' : 'deactivated';
  return { ...row, ...open, action: 'remove', why };
}

/** How many rows take somebody off each team. */
function leavingOf(rows: readonly PlanRow[]): ReadonlyMap<string, number> {
  const leaving = new Map<string, number>();
  for (const { fromTeamId } of rows) {
    if (fromTeamId !== null) leaving.set(fromTeamId, (leaving.get(fromTeamId) ?? 0) + 1);
  }
  return leaving;
}

/**
 * Whether the answer may be acted upon. One that lacks many whom the platform had confirmed, or that shrank by more
 * than our own edits explain, looks like a good one and is not.
 */
function answerFacts(
  picture: RosterPicture,
  there: number,
  confirmedHere: number,
  missing: number,
  differs: boolean,
): PlanFacts['answer'] {
  const { lastTrusted: last } = picture;
  const empty = there === 0 && confirmedHere > 0;
  const shrank =
    last !== null &&
    last.there - there - Math.max(0, last.confirmedHere - confirmedHere) > massLimit(last.there);
  const trusted = !differs || !(empty || missing > massLimit(confirmedHere) || shrank);
  return { trusted, confirmedHere, missing, lastThere: last?.there ?? null, setAside: picture.setAside ?? 0 };
}

/**
 * Pure: compares who is wanted where with the platform's one answer about everybody, and says what would put it right,
 * what of it has to wait, and for whom. Touches nobody whom nobody here knows, and no team that is not ours.
 */
export function planRoster(picture: RosterPicture): PlanDraft {
  const { people, assignments, event, unplaced = [], setAside = 0 } = picture;
  const { places, contradicted } = placesOf(assignments);
  const notTold = new Set([...contradicted, ...unplaced]);
  const members = membersOf(places);
  const rows: PlanRow[] = [];
  const unknown: PlanDraft['unknown'] = [];
  const counts = { add: 0, move: 0, remove: 0, inStep: 0, underway: 0, unknownUsers: 0, held: 0 };
  const facts = { confirmedHere: 0, missing: 0, assignmentsHere: 0 };
  const known = new Set<string>();

  for (const person of people) {
    known.add(person.platformId);
    const there = places.get(person.platformId) ?? null;
    if (wantedOf(person) !== null) facts.assignmentsHere += 1;
    const { entry } = person;
    if (entry !== undefined && entry.confirmedTeamId !== null && entry.doubtTeamId === null) {
      facts.confirmedHere += 1;
      if (there === null && wantedOf(person) === entry.confirmedTeamId) facts.missing += 1;
    }
    if (notTold.has(person.platformId)) {
      unknown.push({ platformUserId: person.platformId, platformTeamId: null });
      continue;
    }
    const row = rowOf(person, there, picture);
    // On no team here and there is nothing that the platform lists.
    if (row === 'in_step') counts.inStep += Number(there !== null);
    else if (row === 'underway') counts.underway += 1;
    else if (row === 'elsewhere') unknown.push({ platformUserId: person.platformId, platformTeamId: there });
    else rows.push(row);
  }
  for (const [userId, teamId] of places) {
    if (!known.has(userId)) unknown.push({ platformUserId: userId, platformTeamId: teamId });
  }
  counts.unknownUsers = unknown.length;

  const there = places.size;
  const leaving = leavingOf(rows);
  const answer = answerFacts(picture, there + setAside, facts.confirmedHere, facts.missing, rows.length > 0);
  const removals = rows.filter(({ action }) => action === 'remove').length;
  const limit = massLimit(there);
  const tiny = [...leaving]
    .map(([teamId, count]) => ({ teamId, leaving: count, members: members.get(teamId) ?? 0 }))
    .filter(({ leaving: count, members: of }) => count >= of || (of <= TINY_TEAM && count > of / 2));
  const tinyIds = new Set(tiny.map(({ teamId }) => teamId));

  const heldBy = (row: PlanRow): PlanRow['heldBy'] => {
    if (!answer.trusted) return 'answer_trusted';
    if (row.fromTeamId === null) return null;
    if (row.action === 'remove' && removals > limit) return 'mass_removal';
    if (tinyIds.has(row.fromTeamId)) return 'tiny_team';
    return event === undefined ? null : 'event_running';
  };
  const empties = ({ fromTeamId: id }: PlanRow): boolean =>
    id !== null && (leaving.get(id) ?? 0) >= (members.get(id) ?? 0);
  const decided: PlanRow[] = [];
  for (const row of rows) decided.push({ ...row, heldBy: heldBy(row), emptiesTeam: empties(row) });
  for (const { action, heldBy: guard } of decided) {
    counts[action] += 1;
    if (guard !== null) counts.held += 1;
  }
  return {
    assignmentsThere: there,
    assignmentsHere: facts.assignmentsHere,
    counts,
    rows: decided,
    unknown: unknown.slice(0, UNKNOWN_SHOWN),
    facts: {
      answer,
      massRemoval: { removals, limit },
      tinyTeams: tiny.slice(0, TEAMS_SHOWN),
      event:
        event === undefined
          ? null
          : {
              name: event.name,
              waiting: decided.filter(({ heldBy: guard }) => guard === 'event_running').length,
            },
    },
    stopped: decided.some(({ heldBy: guard }) => guard !== null && guard !== 'event_running'),
  };
}
