import { describe, expect, test } from 'vitest';
import type { CompetitorListItem } from '#shared/competitors/contract.ts';
import { LIST_CSV } from '#web/features/competitors/list-csv.ts';
import { choicesOf, isFiltered, passes } from '#web/features/competitors/list-filters.tsx';
import { tableCsv } from '#web/shared/ui/csv-button.tsx';

const one = (facts: Partial<CompetitorListItem> = {}) =>
  ({
    firstName: 'Ana',
    lastName: '=Reyes',
    team: { id: 'tea_1', name: 'Packet Foxes' },
    grade: 9,
    division: 'high_school',
    status: 'compliance',
    active: true,
    lastSolveAt: null,
    coach: null,
    ...facts,
  }) as CompetitorListItem;

describe('The filters of the list', () => {
  test.each([
    ['', true],
    ['team=tea_1', true],
    ['team=tea_2', false],
    ['team=none', false],
    ['grade=9&division=high_school', true],
    ['grade=10', false],
    ['grade=', true],
  ])('with “%s” let a person through: %s', (query, through) => {
    expect(passes(one(), new URLSearchParams(query))).toBe(through);
  });

  test('let through somebody without a team, where that is chosen', () => {
    expect(passes(one({ team: null }), new URLSearchParams('team=none'))).toBe(true);
  });

  test('say that something is filtered, but not by a status or a page', () => {
    expect(isFiltered(new URLSearchParams('status=profile&page=2'))).toBe(false);
    expect(isFiltered(new URLSearchParams('team=none'))).toBe(true);
  });

  test('offer what somebody has, in order', () => {
    const choices = choicesOf([one({ grade: 11 }), one(), one({ team: null, grade: null, division: null })]);
    expect(choices.team.map(({ text }) => text)).toEqual(['All teams', 'No team', 'Packet Foxes']);
    expect(choices.grade.map(({ text }) => text)).toEqual(['All grades', 'Grade 9', 'Grade 11']);
    expect(choices.division.map(({ text }) => text)).toEqual(['All divisions', 'High School']);
  });
});

test('The file of those ticked has the names of states, times of the program’s zone, and runs nothing', () => {
  const rows = [one({ lastSolveAt: '2026-11-26T20:00:00.000Z' })];
  const csv = tableCsv({ columns: LIST_CSV, rows, asOf: '2026-11-27T08:00:00.000Z' }, 'America/Los_Angeles');
  expect(csv).toContain('Ready to add');
  expect(csv).not.toMatch(/(^|[,;"])=Reyes/m);
  expect(csv).toContain('2026-11-26');
});
