import type { Competitor } from '#shared/competitors/competitor.ts';
import type { Coach } from '#shared/identity/identity.ts';
import { refusalWords } from '#shared/onboarding/refusals.ts';
import { rosterEntrySchema, type RosterEntry } from '#shared/teams/rosters/roster-entry.ts';
import { UNTRIED, type Team } from '#shared/teams/team.ts';
import {
  inventedCoaches,
  inventedSchools,
  inventedStudent,
  inventedTeamNames,
  type InventedSchool,
  type InventedStudent,
} from '../../../../test/game-platform-simulator/people.ts';
import { DEMO_PEOPLE } from '../sign-ins/demo-people.ts';

/** An invented program of 12 coaches, 40 teams and 300 competitors in every state that there is. */

export type PlatformState = 'approved' | 'pending_approval' | 'user_created' | 'denied';

/** What the simulator has to be told of a competitor who is on the platform. */
export interface DemoEnrolment {
  readonly competitorId: string;
  readonly enrolledAt: Date;
  readonly status: PlatformState;
}

export interface DemoProgram {
  readonly coaches: readonly Coach[];
  readonly teams: readonly Team[];
  /** Without what only the platform knows: user name, number, last login. */
  readonly competitors: readonly Competitor[];
  /** Who is on which team, as the platform confirmed it. */
  readonly rosters: readonly RosterEntry[];
  readonly enrolments: readonly DemoEnrolment[];
  /** Accounts that exist on the platform under an id of somebody else's, so that adding these emails is refused. */
  readonly foreignAccounts: readonly { readonly id: string; readonly competitorId: string }[];
}

const COACHES = 12;
const COMPETITORS_PER_COACH = 25;
/** The first four coaches have four teams, the others three: forty in all. */
const teamsOf = (coach: number): number => (coach < 4 ? 4 : 3);
const MEMBERS_PER_TEAM = 5;
/** History goes back this far. */
export const HISTORY_DAYS = 92;
const DAY_MS = 86_400_000;

const numbered = (prefix: string, number: number, digits: number): string =>
  `${prefix}-${String(number).padStart(digits, '0')}`;

/** What is special about the last seats of each coach's list; everybody before them has an approved account. */
const SEATS = {
  deactivated: 17,
  pendingApproval: 18,
  undecided: 19,
  refused: 20,
  ready: 21,
  withoutRelease: 22,
  readyOrWithoutRelease: 23,
  unfinished: 24,
} as const;

function platformStateOf(coach: number, seat: number): PlatformState | null {
  if (seat < SEATS.pendingApproval) return 'approved';
  if (seat === SEATS.pendingApproval) return 'pending_approval';
  if (seat === SEATS.undecided) return coach % 3 === 0 ? 'denied' : 'user_created';
  return null;
}

/** Most joined three months ago, some since, so that the figures have something to compare with. */
function enrolledDaysAgo(coach: number, seat: number): number {
  if (seat === SEATS.pendingApproval) return 4;
  if (seat === SEATS.undecided) return 2;
  if (seat >= 14) return 6 + ((coach * 5 + seat * 7) % 40);
  return HISTORY_DAYS - 2 - ((coach + seat) % 9);
}

interface Seat {
  readonly coach: number;
  readonly seat: number;
  readonly coachId: string;
  readonly school: InventedSchool;
  readonly teams: readonly Team[];
  readonly now: Date;
}

function competitorOf(
  { coach, seat, coachId, school, teams, now }: Seat,
  student: InventedStudent,
): Competitor {
  const state = platformStateOf(coach, seat);
  const daysAgo = (days: number): string => new Date(now.getTime() - days * DAY_MS).toISOString();
  const enrolled = state === null ? null : daysAgo(enrolledDaysAgo(coach, seat));
  const created = daysAgo(state === null ? 3 + ((seat + coach) % 12) : enrolledDaysAgo(coach, seat) + 1);
  const released =
    state !== null ||
    seat === SEATS.refused ||
    seat === SEATS.ready ||
    (seat === SEATS.readyOrWithoutRelease && coach % 2 === 0);
  const active = seat !== SEATS.deactivated || coach % 4 !== 0;
  // Two of three seats behind the first teams' are on no team.
  const teamIndex = Math.floor(seat / MEMBERS_PER_TEAM);
  const team = state !== null && active && seat < SEATS.undecided ? teams[teamIndex] : undefined;
  const unfinished = seat === SEATS.unfinished;
  const id = numbered('cmp-demo', coach * COMPETITORS_PER_COACH + seat + 1, 3);
  return {
    id,
    version: 1,
    coachId,
    firstName: student.firstName,
    lastName: student.lastName,
    email: student.email,
    adult: student.adult,
    schoolEmail: student.schoolEmail,
    guardianName: student.guardianName,
    guardianEmail: unfinished && !student.adult ? null : student.guardianEmail,
    grade: unfinished && student.adult ? null : student.grade,
    division: school.division,
    participationAgreementDate: student.adult && released ? created.slice(0, 10) : null,
    mediaReleaseDate: !student.adult && released ? created.slice(0, 10) : null,
    consentWithdrawnDate: null,
    season: null,
    active,
    teamId: team?.id ?? null,
    teamJoinedAt: team === undefined ? null : enrolled,
    gamePlatformId: state === null ? null : id,
    platform: {
      userId: null,
      username: null,
      accountStatus: state,
      lastLoginAt: null,
      onboardedAt: enrolled,
      checkedAt: enrolled,
      refusal:
        seat === SEATS.refused
          ? { code: 'EMAIL_KNOWN', ...refusalWords('EMAIL_KNOWN', 'competitor'), at: daysAgo(2) }
          : null,
    },
    createdAt: created,
    updatedAt: enrolled ?? created,
  };
}

/** The same for the same seed; dates count back from `now`. The first coaches are those who can sign in. */
export function demoProgram(seed: number, now: Date, coachCount = COACHES): DemoProgram {
  const schools = inventedSchools(seed, COACHES);
  const invented = inventedCoaches(seed, schools, COACHES);
  const teamNames = inventedTeamNames(seed, 4 * 4 + 8 * 3);
  const startedAt = new Date(now.getTime() - HISTORY_DAYS * DAY_MS).toISOString();
  const signIns = DEMO_PEOPLE.filter((person) => person.coachId !== null);

  const coaches: Coach[] = [];
  const teams: Team[] = [];
  const competitors: Competitor[] = [];
  for (const [coach, { firstName, lastName, email, school }] of invented.slice(0, coachCount).entries()) {
    const signIn = signIns[coach];
    const coachId = signIn?.coachId ?? numbered('coach', coach + 1, 2);
    coaches.push({
      id: coachId,
      name: signIn?.name ?? `${firstName} ${lastName}`,
      email: signIn?.email ?? email,
      school: school.name,
      enabled: true,
      gamePlatformId: coachId,
      features: { onboarding: true },
      createdAt: startedAt,
    });
    const own = Array.from({ length: teamsOf(coach) }, (_, index): Team => {
      const number = teams.length + index;
      const name = teamNames[number] ?? numbered('Team', number + 1, 2);
      const confirmed = { name, affiliation: school.name, division: school.division };
      return {
        id: numbered('team-demo', number + 1, 2),
        version: 1,
        coachId,
        ...confirmed,
        createdAt: startedAt,
        updatedAt: startedAt,
        members: [],
        ...UNTRIED,
        platform: { teamId: null, ...confirmed, confirmedAt: startedAt },
      };
    });
    teams.push(...own);
    for (let seat = 0; seat < COMPETITORS_PER_COACH; seat += 1) {
      const student = inventedStudent(seed, competitors.length, school);
      const person = competitorOf({ coach, seat, coachId, school, teams: own, now }, student);
      competitors.push(person);
      own.find((team) => team.id === person.teamId)?.members.push(person.id);
    }
  }
  return {
    coaches,
    teams,
    competitors,
    rosters: competitors.flatMap(({ id, coachId, teamId, teamJoinedAt }) =>
      teamId === null || teamJoinedAt === null
        ? []
        : [
            rosterEntrySchema.parse({
              competitorId: id,
              coachId,
              wantedTeamId: teamId,
              wantedAt: teamJoinedAt,
              editedBy: 'demo',
              confirmedTeamId: teamId,
              confirmedAt: teamJoinedAt,
            }),
          ],
    ),
    enrolments: competitors.flatMap(({ id, platform }, index) => {
      const state = platformStateOf(Math.floor(index / COMPETITORS_PER_COACH), index % COMPETITORS_PER_COACH);
      if (state === null || platform.onboardedAt === null) return [];
      return [{ competitorId: id, enrolledAt: new Date(platform.onboardedAt), status: state }];
    }),
    foreignAccounts: competitors
      .filter((competitor) => competitor.platform.refusal !== null)
      .map((competitor) => ({ id: `summer-camp-${competitor.id}`, competitorId: competitor.id })),
  };
}
