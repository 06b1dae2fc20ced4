import type { MoveRow } from '#shared/moves/contract.ts';
import { counted, listNames, plural } from '#shared/kernel/format.ts';
import type { CsvColumn } from '#web/shared/ui/csv-button.tsx';
import type { Figure } from '#web/shared/ui/figures.tsx';

/** A move of competitors in words; pure. */

export const nameOf = ({ name }: Pick<MoveRow, 'name'>): string => name ?? 'Someone who is no longer here';

const OUTCOMES: Readonly<Record<MoveRow['outcome'], string>> = {
  move: 'Moves',
  moved: 'Moved',
  unchanged: 'Is there already',
  refused: 'Stays',
};
export const outcomeWord = ({ outcome }: Pick<MoveRow, 'outcome'>): string => OUTCOMES[outcome];

const REFUSALS: Readonly<Record<NonNullable<MoveRow['refusal']>, string>> = {
  UNKNOWN: 'Not here any more: erased, perhaps',
  NOT_THEIRS: 'Went to another coach meanwhile',
  CHANGED: 'They or their team changed since the plan',
};

/** What becomes of their team, or why they stay. */
export function effectOf(row: Pick<MoveRow, 'outcome' | 'refusal' | 'team' | 'teamEffect'>): string {
  if (row.refusal !== null) return REFUSALS[row.refusal];
  if (row.outcome === 'unchanged') return 'Nothing changes';
  if (row.teamEffect === 'comes_along') return `${row.team?.name ?? 'The team'} comes along`;
  if (row.teamEffect === 'leaves') return `Leaves ${row.team?.name ?? 'the team'}`;
  return 'On no team';
}

const goes = ({ outcome }: MoveRow): boolean => outcome === 'move' || outcome === 'moved';

/** Those who go, and what becomes of teams. */
export function sumsOf(rows: readonly MoveRow[]) {
  const going = rows.filter(goes);
  const teams = (effect: MoveRow['teamEffect']) =>
    new Set(going.flatMap(({ team, teamEffect }) => (teamEffect === effect && team ? [team.name] : [])));
  return {
    going: going.length,
    coaches: [...new Set(going.flatMap(({ from }) => from?.name ?? []))],
    whole: [...teams('comes_along')],
    leaving: going.filter(({ teamEffect }) => teamEffect === 'leaves').length,
    left: [...teams('leaves')],
    unchanged: rows.filter(({ outcome }) => outcome === 'unchanged').length,
    refused: rows.filter(({ outcome }) => outcome === 'refused').length,
    challenges: going.reduce((sum, { challenges }) => sum + challenges, 0),
  };
}

const NAMES = 2;

export function moveFigures(rows: readonly MoveRow[], applied: boolean): readonly Figure[] {
  const sums = sumsOf(rows);
  const { whole, left } = sums;
  return [
    {
      name: applied ? 'Moved' : 'Move',
      value: sums.going,
      note: sums.coaches.length === 0 ? 'no one' : `from ${listNames(sums.coaches, NAMES)}`,
    },
    {
      name: 'Teams that come along',
      value: whole.length,
      note: whole.length === 0 ? 'only whole teams do' : listNames(whole, NAMES),
    },
    {
      name: 'Leave their team',
      value: sums.leaving,
      note: left.length === 0 ? 'no one' : listNames(left, NAMES),
    },
    { name: 'Challenges that go along', value: sums.challenges, note: 'with points and history' },
    {
      name: 'Stay',
      value: sums.refused + sums.unchanged,
      note:
        sums.refused === 0
          ? sums.unchanged === 0
            ? 'no one'
            : 'on that list already'
          : `${sums.refused} ${plural(sums.refused, 'needs', 'need')} a look`,
    },
  ];
}

export const MOVE_CSV: readonly CsvColumn<MoveRow>[] = [
  { name: 'Competitor', of: nameOf },
  { name: 'Competitor id', of: ({ competitorId }) => competitorId },
  { name: 'Grade', of: ({ grade }) => grade },
  { name: 'From', of: ({ from }) => from?.name ?? null },
  { name: 'Result', of: outcomeWord },
  { name: 'Team', of: ({ team }) => team?.name ?? null },
  { name: 'What happens', of: effectOf },
  { name: 'Challenges', of: ({ challenges }) => challenges },
];

/** Those who stay or lose something first. */
const RANK = ({ outcome, teamEffect }: MoveRow): number =>
  outcome === 'refused' ? 0 : teamEffect === 'leaves' ? 1 : outcome === 'unchanged' ? 3 : 2;
export const byWeight = (a: MoveRow, b: MoveRow): number =>
  RANK(a) - RANK(b) || nameOf(a).localeCompare(nameOf(b));

export const movedLabel = (rows: readonly MoveRow[], to: string): string => {
  const { going, refused } = sumsOf(rows);
  const rest =
    refused === 0
      ? ''
      : ` ${counted(refused, 'competitor')} ${plural(refused, 'stays', 'stay')} where they were.`;
  return `${counted(going, 'competitor')} ${plural(going, 'is', 'are')} on the list of ${to} now.${rest}`;
};
