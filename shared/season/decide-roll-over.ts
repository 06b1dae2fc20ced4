import * as z from 'zod';
import type { Competitor } from '#shared/competitors/competitor.ts';
import { releaseDateOf, releaseFieldOf } from '#shared/competitors/consent.ts';
import { divisionSchema } from '#shared/competitors/contract.ts';
import type { JobRow } from '#shared/jobs/job.ts';
import type { Team } from '#shared/teams/team.ts';
import { leftReasonSchema, rollOverOutcomeSchema, type TEAM_CHOICES } from './contract.ts';

/** Grade 12 ends school, grade 16 college. */
const LAST_OF_SCHOOL = 12;
const LAST_OF_COLLEGE = 16;
const FIRST_OF_HIGH_SCHOOL = 9;

const personDetailSchema = z.object({
  coachId: z.string().nullable(),
  reason: leftReasonSchema.nullable(),
  gradeFrom: z.int().nullable(),
  gradeTo: z.int().nullable(),
  divisionFrom: divisionSchema.nullable(),
  divisionTo: divisionSchema.nullable(),
  teamId: z.string().nullable(),
  leavesTeam: z.boolean(),
  releaseDue: z.boolean(),
});
type PersonDetail = z.infer<typeof personDetailSchema>;

/** What a roll-over comes to for one person. */
export interface PersonDecision extends PersonDetail {
  readonly outcome: 'up' | 'archived' | 'left' | 'skipped';
}

export interface RollOver {
  readonly seasonStart: string;
  readonly teams: (typeof TEAM_CHOICES)[number];
}

const NOTHING = {
  reason: null,
  gradeTo: null,
  divisionTo: null,
  leavesTeam: false,
  releaseDue: false,
} as const;

/** Undefined: erased, or never there. */
export function decideRollOver(
  person: Competitor | undefined,
  team: Pick<Team, 'division'> | undefined,
  { seasonStart, teams }: RollOver,
): PersonDecision {
  const before = {
    coachId: person?.coachId ?? null,
    gradeFrom: person?.grade ?? null,
    divisionFrom: person?.division ?? null,
    teamId: person?.teamId ?? null,
  };
  const left = (reason: NonNullable<PersonDetail['reason']>): PersonDecision => ({
    ...before,
    ...NOTHING,
    outcome: 'left',
    reason,
  });
  if (person === undefined) return left('GONE');
  if (person.season !== null && person.season >= seasonStart) return left('DONE');
  if (!person.active) return left('INACTIVE');
  const { grade, division, teamId } = person;
  if (grade === null) return left('NO_GRADE');
  if (grade === LAST_OF_SCHOOL || grade >= LAST_OF_COLLEGE) {
    return { ...before, ...NOTHING, outcome: 'archived', leavesTeam: teamId !== null };
  }
  const gradeTo = grade + 1;
  const toHighSchool = division === 'middle_school' && gradeTo >= FIRST_OF_HIGH_SCHOOL;
  const divisionTo = toHighSchool ? 'high_school' : division;
  const outgrows = toHighSchool && team?.division === 'middle_school';
  return {
    ...before,
    outcome: 'up',
    reason: null,
    gradeTo,
    divisionTo,
    leavesTeam: teamId !== null && (teams === 'empty' || outgrows),
    releaseDue: releaseDateOf(person) !== null,
  };
}

const DETAILS = personDetailSchema.keyof().options;

/** Whether a person would come to what a plan said of them; else somebody changed what it depends on. */
export const sameDecision = (a: PersonDecision, b: PersonDecision): boolean =>
  a.outcome === b.outcome && DETAILS.every((name) => a[name] === b[name]);

/** The record after it. */
export function rolledOver(
  person: Competitor,
  decision: PersonDecision,
  season: string,
  at: string,
): Competitor {
  const next: Competitor = {
    ...person,
    season,
    ...(decision.leavesTeam ? { teamId: null, teamJoinedAt: null } : {}),
    version: person.version + 1,
    updatedAt: at,
  };
  if (decision.outcome === 'archived') return { ...next, active: false };
  return {
    ...next,
    grade: decision.gradeTo,
    division: decision.divisionTo,
    ...(decision.releaseDue ? { [releaseFieldOf(person)]: null } : {}),
  };
}

/** The names of the fields that it changes. */
export const changedBy = (person: Competitor, { outcome, ...decision }: PersonDecision): string[] =>
  outcome === 'archived'
    ? ['active']
    : [
        'grade',
        ...(decision.divisionTo === decision.divisionFrom ? [] : ['division']),
        ...(decision.releaseDue ? [releaseFieldOf(person)] : []),
      ];

const SKIPPED =
  'Someone changed this person since the plan, so they stay as they are. Make a new plan for those who are left.';

/** Without names: it stays when the person is erased. */
export const decisionToRow = ({ outcome, ...detail }: PersonDecision, id: string, at: string): JobRow => ({
  outcome,
  message: outcome === 'skipped' ? SKIPPED : null,
  at,
  competitorId: id,
  detail: { ...detail },
});

export function rowToDecision(row: JobRow): PersonDecision {
  const outcome = rollOverOutcomeSchema.exclude(['team', 'season']).parse(row.outcome);
  return { ...personDetailSchema.parse(row.detail), outcome };
}

const teamDetailSchema = z.object({ coachId: z.string(), before: z.int(), after: z.int() });

/** What becomes of a team: how many of its members stay. */
export function decideTeam(
  team: Pick<Team, 'coachId' | 'members' | 'division'>,
  people: ReadonlyMap<string, Competitor>,
  rollOver: RollOver,
): z.infer<typeof teamDetailSchema> {
  const staying = team.members.filter((id) => {
    const person = people.get(id);
    return person !== undefined && !decideRollOver(person, team, rollOver).leavesTeam;
  });
  return { coachId: team.coachId, before: team.members.length, after: staying.length };
}
export const teamDetailOf = (row: JobRow) => teamDetailSchema.parse(row.detail);

/** What is no person among the subjects of a roll-over. */
export const SEASON_SUBJECT = 'season';
const TEAM_PREFIX = 'team#';
export const teamSubject = (teamId: string): string => `${TEAM_PREFIX}${teamId}`;
export const teamIdOf = (subject: string): string | undefined =>
  subject.startsWith(TEAM_PREFIX) ? subject.slice(TEAM_PREFIX.length) : undefined;
