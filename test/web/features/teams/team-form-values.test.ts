import { expect, test } from 'vitest';
import { teamFormOf, teamPatchOf, trimmed } from '#web/features/teams/team-form-values.ts';
import { team } from '../../teams.ts';

test('only what differs from the record is sent', () => {
  const record = team('a', { name: 'Packet Foxes' });
  const form = teamFormOf(record);
  expect(teamPatchOf(form, record)).toEqual({});
  expect(teamPatchOf({ ...form, name: '  Packet Foxes ' }, record)).toEqual({});
  expect(teamPatchOf({ ...form, name: 'Null Pointers', division: 'college' }, record)).toEqual({
    name: 'Null Pointers',
    division: 'college',
  });
  expect(teamPatchOf({ ...form, affiliation: '' }, record)).toEqual({ affiliation: '' });
});

test('blanks around what was typed are not sent', () => {
  expect(trimmed({ name: ' a ', affiliation: ' b', division: 'college' })).toEqual({
    name: 'a',
    affiliation: 'b',
    division: 'college',
  });
});
