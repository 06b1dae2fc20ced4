import { describe, expect, test } from 'vitest';
import type { RollOverRow } from '#shared/season/contract.ts';
import {
  byCoach,
  changeOf,
  effectOf,
  rollOverFigures,
  standsOut,
  sumsOf,
  teamLines,
} from '#web/features/season/season-labels.ts';

const ada = { id: 'coa_a', name: 'Ada', school: 'Cedar Hollow' };
const row = (over: Partial<RollOverRow> = {}): RollOverRow => ({
  subject: 'cmp_1',
  outcome: 'up',
  coach: ada,
  name: 'Mira Okafor',
  reason: null,
  gradeFrom: 9,
  gradeTo: 10,
  divisionFrom: 'high_school',
  divisionTo: 'high_school',
  team: { id: 'team_1', name: 'Packet Foxes' },
  leavesTeam: false,
  releaseDue: true,
  members: null,
  ...over,
});
const senior = row({
  outcome: 'archived',
  gradeFrom: 12,
  gradeTo: null,
  divisionTo: null,
  leavesTeam: true,
  releaseDue: false,
});
const eight = row({ gradeFrom: 8, gradeTo: 9, divisionFrom: 'middle_school', leavesTeam: true });
const left = row({
  outcome: 'left',
  reason: 'NO_GRADE',
  gradeFrom: null,
  gradeTo: null,
  divisionTo: null,
  releaseDue: false,
});
const team = (before: number, after: number, name: string) =>
  row({
    subject: `team#${name}`,
    outcome: 'team',
    name: null,
    team: { id: name, name },
    members: { before, after },
  });

describe('a roll-over in words', () => {
  test.each<[string, RollOverRow, string, string]>([
    ['who goes up', row(), 'Grade 9 to 10', 'Release due again'],
    ['who is archived', senior, 'Grade 12, archived', 'Leaves Packet Foxes; history stays'],
    [
      'who goes to high school',
      eight,
      'Grade 8 to 9',
      'Leaves Packet Foxes; now High School; release due again',
    ],
    ['who has no grade', left, 'Stays as is', 'No grade on record'],
    ['who changed since', row({ outcome: 'skipped' }), 'Left alone', 'Changed since the plan'],
    ['who only goes up', row({ releaseDue: false }), 'Grade 9 to 10', 'Team and history stay'],
  ])('%s', (_title, one, change, effect) => {
    expect([changeOf(one), effectOf(one)]).toEqual([change, effect]);
  });

  test('its figures count people only, and by coach add up to them', () => {
    const other = row({ subject: 'cmp_9', coach: { id: 'coa_b', name: 'Ben', school: 'Foothill' } });
    const rows = [row(), senior, eight, left, other, team(3, 2, 'Foxes'), row({ outcome: 'season' })];
    expect(rollOverFigures(rows, false).map(({ value }) => value)).toEqual([3, 1, 1, 3, 1]);
    expect(sumsOf(rows)).toMatchObject({ people: 5, losing: 2, leaving: 2 });
    const coaches = byCoach(rows);
    expect(coaches.map(({ name, rows: own }) => [name, own.length])).toEqual([
      ['Ada', 4],
      ['Ben', 1],
    ]);
    expect(coaches.reduce((sum, { sums }) => sum + sums.up, 0)).toBe(sumsOf(rows).up);
  });

  test('those who only go up do not stand out', () => {
    expect([row(), senior, eight, left].map(standsOut)).toEqual([false, true, true, true]);
  });

  test('teams are told by how many stay', () => {
    expect(
      teamLines([team(5, 4, 'A'), team(3, 2, 'B'), team(2, 0, 'C'), team(0, 0, 'D')]).map(
        ({ title }) => title,
      ),
    ).toEqual([
      '1 team keeps three or more members',
      '1 team keeps one or two',
      '1 team becomes empty',
      '1 team is empty already',
    ]);
  });
});
