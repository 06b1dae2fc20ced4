import { rosterFilters } from '#web/features/competitors/list-csv.ts';
import { expect, test } from 'vitest';

const of = (address: string) => rosterFilters(new URLSearchParams(address));

test('the export of the roster follows the status, team, division and grade of the address', () => {
  expect(of('status=profile&team=tea_1&division=college&grade=9')).toEqual({
    query: { status: 'profile', teamId: 'tea_1', division: 'college', grade: '9' },
    aside: [],
  });
});

test('an address without filters exports everybody', () => {
  expect(of('')).toEqual({
    query: { status: null, teamId: null, division: null, grade: null },
    aside: [],
  });
});

test('filters that only the list knows are named and not sent', () => {
  expect(of('status=needs-me&team=none')).toEqual({
    query: { status: null, teamId: null, division: null, grade: null },
    aside: ['Needs me', 'No team'],
  });
});
