import type { ActivityLine, Timeline } from '#shared/dashboard/contract.ts';
import { counted } from '#shared/kernel/format.ts';

/** The words of the activity log; pure. */

const who = ({ competitor }: ActivityLine): string =>
  competitor === null ? 'Someone' : (competitor.name ?? 'Someone who is no longer here');
const nameOf = (team: ActivityLine['team']): string => team?.name ?? 'a deleted team';

const FIELDS: Readonly<Record<string, string>> = {
  firstName: 'first name',
  lastName: 'last name',
  email: 'email',
  adult: '18 or older',
  schoolEmail: 'school email',
  guardianName: 'guardian',
  guardianEmail: 'guardian’s email',
  grade: 'grade',
  division: 'division',
  participationAgreementDate: 'participation agreement',
  mediaReleaseDate: 'media release',
  consentWithdrawnDate: 'release withdrawn',
  name: 'name',
  affiliation: 'affiliation',
};

const fieldsOf = ({ fields }: ActivityLine): string =>
  fields.length === 0 ? '' : `: ${fields.map((field) => FIELDS[field] ?? 'details').join(', ')}`;

function solvesOf({ odl, ctf }: ActivityLine): string {
  const sum = (odl ?? 0) + (ctf ?? 0);
  const kinds = [odl !== null && odl > 0 && `${odl} ODL`, ctf !== null && ctf > 0 && `${ctf} CTF`];
  return `${counted(sum, 'challenge')} (${kinds.filter((kind) => kind !== false).join(', ') || 'none'})`;
}

const SENTENCES: Readonly<Record<ActivityLine['kind'], (line: ActivityLine) => string>> = {
  competitor_created: (line) => `${who(line)} was added`,
  competitor_changed: (line) => `${who(line)} was changed${fieldsOf(line)}`,
  competitor_deactivated: (line) => `${who(line)} was deactivated`,
  competitor_reactivated: (line) => `${who(line)} was reactivated`,
  competitor_put_on_hold: (line) => `${who(line)} was put on hold`,
  competitor_hold_lifted: (line) => `${who(line)} is no longer on hold`,
  competitor_moved_away: (line) => `${who(line)} moved to another coach`,
  competitor_moved_here: (line) => `${who(line)} came from another coach`,
  competitor_rolled_over: (line) => `${who(line)} went up a grade for the new season`,
  competitor_archived: (line) => `${who(line)} finished school and was archived`,
  competitor_onboarded: (line) => `${who(line)} was added to the platform`,
  onboarding_refused: (line) => `The platform refused ${who(line)}’s account`,
  account_status_changed: (line) => `${who(line)}’s account changed on the platform`,
  solves_stored: (line) => `${who(line)} solved ${solvesOf(line)}`,
  solves_withdrawn: (line) => `The platform took back ${solvesOf(line)} of ${who(line)}`,
  solves_restored: (line) => `The platform gave back ${solvesOf(line)} to ${who(line)}`,
  solves_corrected: (line) => `The platform corrected ${solvesOf(line)} of ${who(line)}`,
  team_created: ({ team }) => `Team ${nameOf(team)} was created`,
  team_changed: (line) => `Team ${nameOf(line.team)} was changed${fieldsOf(line)}`,
  team_deleted: ({ team }) => `Team ${team?.name ?? 'unknown'} was deleted`,
  team_recreated: ({ team }) => `Team ${nameOf(team)} is recreated on the platform`,
  team_moved_away: () => 'A team moved to another coach with its members',
  team_moved_here: ({ team }) => `Team ${nameOf(team)} came from another coach with its members`,
  member_added: (line) => `${who(line)} joined ${nameOf(line.team)}`,
  member_moved: (line) => `${who(line)} moved from ${nameOf(line.fromTeam)} to ${nameOf(line.team)}`,
  member_removed: (line) => `${who(line)} left ${nameOf(line.team)}`,
};

export const activitySentence = (line: ActivityLine): string => SENTENCES[line.kind](line);

export const BY = { you: 'you', someone: 'another person', automatic: 'automatic' } as const;

export const timelineTotals = ({ days, streakCount, flashCtfs }: Timeline) => ({
  registrations: days.reduce((sum, day) => sum + day.registrations, 0),
  teamEdits: days.reduce((sum, day) => sum + day.teamEdits, 0),
  solves: days.reduce((sum, day) => sum + day.solves, 0),
  streaks: streakCount,
  flashCtfs: flashCtfs.length,
});

/** The chart in a sentence. */
export function timelineSummary(timeline: Timeline): string {
  const totals = timelineTotals(timeline);
  return `${[
    counted(totals.registrations, 'registration'),
    counted(totals.teamEdits, 'team edit'),
    counted(totals.solves, 'solve'),
    counted(totals.streaks, 'streak'),
    counted(totals.flashCtfs, 'Flash CTF'),
  ].join(', ')}.`;
}
