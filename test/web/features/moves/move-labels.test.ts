import { describe, expect, test } from 'vitest';
import type { MoveRow } from '#shared/moves/contract.ts';
import { byWeight, effectOf, movedLabel, moveFigures, sumsOf } from '#web/features/moves/move-labels.ts';

const row = (over: Partial<MoveRow> = {}): MoveRow => ({
  competitorId: 'cmp_1',
  name: 'Mira Okafor',
  grade: 9,
  outcome: 'move',
  refusal: null,
  from: { id: 'coa_a', name: 'Ada', school: 'Cedar Hollow' },
  team: null,
  teamEffect: 'none',
  onPlatform: true,
  challenges: 3,
  ...over,
});
const foxes = { id: 'team_1', name: 'Packet Foxes' };
const ROWS: readonly MoveRow[] = [
  row(),
  row({ competitorId: 'cmp_2', name: 'Juno Vale', team: foxes, teamEffect: 'comes_along' }),
  row({
    competitorId: 'cmp_3',
    name: 'Zoë Quill',
    team: { id: 'team_2', name: 'Sparks' },
    teamEffect: 'leaves',
  }),
  row({
    competitorId: 'cmp_4',
    name: null,
    outcome: 'refused',
    refusal: 'UNKNOWN',
    from: null,
    challenges: 9,
  }),
  row({ competitorId: 'cmp_5', outcome: 'unchanged' }),
];

describe('a move in words', () => {
  test.each<[string, Partial<MoveRow>, string]>([
    ['somebody without a team', {}, 'On no team'],
    ['a whole team', { team: foxes, teamEffect: 'comes_along' }, 'Packet Foxes comes along'],
    ['a part of a team', { team: foxes, teamEffect: 'leaves' }, 'Leaves Packet Foxes'],
    ['somebody who is there', { outcome: 'unchanged' }, 'Nothing changes'],
    [
      'somebody who changed',
      { outcome: 'refused', refusal: 'CHANGED' },
      'They or their team changed since the plan',
    ],
  ])('%s', (_title, over, text) => {
    expect(effectOf(row(over))).toBe(text);
  });

  test('its figures count who goes, whole teams, who leaves one, and who stays', () => {
    expect(sumsOf(ROWS)).toEqual({
      going: 3,
      coaches: ['Ada'],
      whole: ['Packet Foxes'],
      leaving: 1,
      left: ['Sparks'],
      unchanged: 1,
      refused: 1,
      challenges: 9,
    });
    expect(moveFigures(ROWS, false).map(({ value }) => value)).toEqual([3, 1, 1, 9, 2]);
  });

  test('those who stay come first, then those who leave a team', () => {
    expect(ROWS.toSorted(byWeight).map(({ competitorId }) => competitorId)).toEqual([
      'cmp_4',
      'cmp_3',
      'cmp_2',
      'cmp_1',
      'cmp_5',
    ]);
  });

  test('its result says how many moved, and how many did not', () => {
    expect(movedLabel([row({ outcome: 'moved' })], 'Ben')).toBe('1 competitor is on the list of Ben now.');
    expect(
      movedLabel([row({ outcome: 'moved' }), row({ outcome: 'moved' }), row({ outcome: 'refused' })], 'Ben'),
    ).toBe('2 competitors are on the list of Ben now. 1 competitor stays where they were.');
  });
});
