import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { doneLabel, reversed, undoneLabel, withMembership } from '#web/shared/roster/membership.ts';
import { member, team } from '../../teams.ts';

const a = { id: 'a', name: 'Packet Foxes' };
const b = { id: 'b', name: 'Null Pointers' };
const move = { competitorId: '1', name: 'Kofi Mensah', from: a, to: b };

const idsOf = (teams: readonly ReturnType<typeof team>[]) =>
  teams.map((one) => one.members.map((each) => each.competitorId));

test('a move takes the member from one team and puts them, pending, at the end of the other', () => {
  const before = [team('a', { members: [member('1'), member('2')] }), team('b', { members: [member('3')] })];
  const after = withMembership(before, move);
  expect(idsOf(after)).toEqual([['2'], ['3', '1']]);
  expect(after[1]?.members[1]).toMatchObject({ name: 'Kofi Mensah', badge: { state: 'pending' } });
});

test('whoever is on the team already stays as they are', () => {
  const before = [team('a'), team('b', { members: [member('1')] })];
  expect(withMembership(before, move)).toEqual(before);
});

test('whatever is edited, nobody is ever on two teams, and nobody else moves', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ who: fc.constantFrom('1', '2', '3'), to: fc.constantFrom('a', 'b', 'c', null) })),
      (edits) => {
        let teams: readonly ReturnType<typeof team>[] = [
          team('a', { members: [member('1'), member('2')] }),
          team('b', { members: [member('3')] }),
          team('c'),
        ];
        for (const { who, to } of edits) {
          const others = idsOf(teams).map((ids) => ids.filter((id) => id !== who));
          const target = to === null ? null : { id: to, name: to };
          teams = withMembership(teams, { competitorId: who, name: who, from: a, to: target });
          expect(idsOf(teams).map((ids) => ids.filter((id) => id !== who))).toEqual(others);
          expect(
            idsOf(teams)
              .flat()
              .filter((id) => id === who),
          ).toHaveLength(to === null ? 0 : 1);
        }
      },
    ),
  );
});

test('an edit is said in words, done or not, and can be taken back', () => {
  expect(doneLabel(move)).toBe('Kofi Mensah moved from Packet Foxes to Null Pointers.');
  expect(doneLabel({ ...move, to: null })).toBe('Kofi Mensah is off Packet Foxes.');
  expect(doneLabel({ ...move, from: null })).toBe('Kofi Mensah is on Null Pointers.');
  expect(undoneLabel(move)).toBe('Kofi Mensah stays on Packet Foxes');
  expect(undoneLabel({ ...move, from: null })).toBe('Kofi Mensah was not added');
  expect(reversed(move)).toMatchObject({ from: b, to: a });
});
