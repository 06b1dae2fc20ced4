import { counted, divisionName, plural } from '#shared/kernel/format.ts';
import type { RollOverRow } from '#shared/season/contract.ts';
import type { CsvColumn } from '#web/shared/ui/csv-button.tsx';
import type { Figure } from '#web/shared/ui/figures.tsx';

/** A season roll-over in words; pure. */

export const nameOf = ({ name }: Pick<RollOverRow, 'name'>): string =>
  name ?? 'Someone who is no longer here';

const isPerson = ({ outcome }: RollOverRow): boolean => outcome !== 'team' && outcome !== 'season';
export const peopleOf = (rows: readonly RollOverRow[]): readonly RollOverRow[] => rows.filter(isPerson);

const REASONS: Readonly<Record<NonNullable<RollOverRow['reason']>, string>> = {
  NO_GRADE: 'No grade on record',
  INACTIVE: 'Deactivated',
  DONE: 'Rolled over already',
  GONE: 'Not here any more',
};

/** "Grade 8 to 9", "Archived", "Stays as is". */
export function changeOf(row: RollOverRow): string {
  if (row.outcome === 'archived') return `Grade ${row.gradeFrom ?? '?'}, archived`;
  if (row.outcome === 'skipped') return 'Left alone';
  if (row.outcome === 'left') return 'Stays as is';
  return `Grade ${row.gradeFrom ?? '?'} to ${row.gradeTo ?? '?'}`;
}

/** What else happens to the person, in a sentence. */
export function effectOf(row: RollOverRow): string {
  if (row.outcome === 'skipped') return 'Changed since the plan';
  if (row.reason !== null) return REASONS[row.reason];
  const team = row.team?.name ?? 'the team';
  const outgrown = row.divisionTo !== row.divisionFrom && row.divisionTo !== null;
  const parts = [
    row.leavesTeam && `leaves ${team}`,
    outgrown && `now ${divisionName(row.divisionTo ?? '')}`,
    row.releaseDue && 'release due again',
    row.outcome === 'archived' && 'history stays',
  ].filter((part) => part !== false);
  const text = parts.join('; ');
  return text === '' ? 'Team and history stay' : text.charAt(0).toUpperCase() + text.slice(1);
}

const changes = ({ outcome }: RollOverRow): boolean => outcome === 'up' || outcome === 'archived';

/** Counts of people. */
export function sumsOf(rows: readonly RollOverRow[]) {
  const people = peopleOf(rows);
  const of = (test: (row: RollOverRow) => boolean) => people.filter(test).length;
  return {
    people: people.length,
    up: of(({ outcome }) => outcome === 'up'),
    archived: of(({ outcome }) => outcome === 'archived'),
    toHighSchool: of((row) => changes(row) && row.divisionTo !== null && row.divisionTo !== row.divisionFrom),
    releases: of((row) => row.outcome === 'up' && row.releaseDue),
    left: of(({ outcome }) => outcome === 'left'),
    skipped: of(({ outcome }) => outcome === 'skipped'),
    leaving: of((row) => changes(row) && row.leavesTeam),
    /** Whoever is archived or leaves a team: what cannot be taken back by itself. */
    losing: of((row) => changes(row) && (row.leavesTeam || row.outcome === 'archived')),
    noGrade: of(({ reason }) => reason === 'NO_GRADE'),
    done: of(({ reason }) => reason === 'DONE'),
  };
}

export function rollOverFigures(rows: readonly RollOverRow[], applied: boolean): readonly Figure[] {
  const sums = sumsOf(rows);
  const others = [
    sums.noGrade > 0 && `${sums.noGrade} without a grade`,
    sums.done > 0 && `${sums.done} rolled over already`,
    sums.skipped > 0 && `${sums.skipped} changed since`,
  ].filter((part) => part !== false);
  return [
    { name: 'One grade up', value: sums.up, note: `of ${counted(sums.people, 'competitor')}` },
    { name: 'Archived', value: sums.archived, note: 'last school year done; history stays' },
    { name: 'To High School', value: sums.toHighSchool, note: 'grade 8 to 9' },
    { name: 'Releases due again', value: sums.releases, note: 'everyone who stays and had one' },
    {
      name: applied ? 'Left alone' : 'Left as they are',
      value: sums.left + sums.skipped,
      note: others.length > 0 ? others.join(', ') : sums.left + sums.skipped > 0 ? 'deactivated' : 'no one',
    },
  ];
}

export interface OfCoach {
  readonly id: string;
  readonly name: string;
  readonly school: string;
  readonly rows: readonly RollOverRow[];
  readonly sums: ReturnType<typeof sumsOf>;
}

const UNKNOWN = { id: '', name: 'No coach', school: '' };

const ofCoach = (coach: typeof UNKNOWN, rows: readonly RollOverRow[]): OfCoach => ({
  ...coach,
  rows,
  sums: sumsOf(rows),
});

/** People by coach, those with most of them first. */
export const byCoach = (rows: readonly RollOverRow[]): readonly OfCoach[] =>
  [...Map.groupBy(peopleOf(rows), ({ coach }) => coach?.id ?? '')]
    .map(([, own]) => ofCoach(own[0]?.coach ?? UNKNOWN, own))
    .toSorted((a, b) => b.rows.length - a.rows.length || a.name.localeCompare(b.name));

/** Those who are archived, left alone or leave a team; the others only go up. */
export const standsOut = (row: RollOverRow): boolean =>
  row.outcome !== 'up' || row.leavesTeam || row.divisionFrom !== row.divisionTo;

interface TeamLine {
  readonly kind: 'ok' | 'few' | 'empty';
  readonly title: string;
  readonly text: string;
}
const FEW = 3;
const NAMES = 4;

/** What becomes of teams, in a few lines. */
export function teamLines(rows: readonly RollOverRow[]): readonly TeamLine[] {
  const teams = rows.flatMap(({ members, team, coach }) =>
    members === null ? [] : [{ ...members, name: team?.name ?? 'A team', coach: coach?.name ?? '' }],
  );
  const emptied = teams.filter(({ before, after }) => before > 0 && after === 0);
  const few = teams.filter(({ after }) => after > 0 && after < FEW);
  const enough = teams.filter(({ after }) => after >= FEW);
  const were = teams.filter(({ before }) => before === 0);
  const names = (some: typeof teams) =>
    some
      .slice(0, NAMES)
      .map(({ name, coach }) => (coach === '' ? name : `${name} (${coach})`))
      .join(', ') + (some.length > NAMES ? ` and ${some.length - NAMES} more` : '');
  return [
    enough.length > 0 && {
      kind: 'ok' as const,
      title: `${counted(enough.length, 'team')} ${plural(enough.length, 'keeps', 'keep')} three or more members`,
      text: 'Whoever stays in school and division stays on the team.',
    },
    few.length > 0 && {
      kind: 'few' as const,
      title: `${counted(few.length, 'team')} ${plural(few.length, 'keeps', 'keep')} one or two`,
      text: `Too few to compete: ${names(few)}.`,
    },
    emptied.length > 0 && {
      kind: 'empty' as const,
      title: `${counted(emptied.length, 'team')} ${plural(emptied.length, 'becomes', 'become')} empty`,
      text: `${names(emptied)}. Empty teams are kept; a coach may delete them.`,
    },
    were.length > 0 && {
      kind: 'ok' as const,
      title: `${counted(were.length, 'team')} ${plural(were.length, 'is', 'are')} empty already`,
      text: 'Nothing changes for them.',
    },
  ].filter((line) => line !== false);
}

export const ROLL_OVER_CSV: readonly CsvColumn<RollOverRow>[] = [
  { name: 'Coach', of: ({ coach }) => coach?.name ?? null },
  { name: 'School', of: ({ coach }) => coach?.school ?? null },
  { name: 'Competitor', of: nameOf },
  { name: 'Competitor id', of: ({ subject }) => subject },
  { name: 'Change', of: changeOf },
  { name: 'Team', of: ({ team }) => team?.name ?? null },
  { name: 'What else', of: effectOf },
];
