import { expect, test } from 'vitest';
import { draggedOf, dropPlace, editOf } from '#web/features/teams/member-drag.ts';
import { member, team } from '../../teams.ts';

const foxes = team('a', { name: 'Packet Foxes' });
const dragged = draggedOf(member('1', { name: 'Kofi Mensah' }), foxes);

test('only another team of the same coach takes a member', () => {
  expect(dropPlace(foxes, null)).toBe('none');
  expect(dropPlace(foxes, dragged)).toBe('home');
  expect(dropPlace(team('b'), dragged)).toBe('takes');
  expect(dropPlace(team('b', { coachId: 'coach-02' }), dragged)).toBe('foreign');
});

test('a drop is the same edit as a move by form, or a removal', () => {
  expect(editOf(dragged, team('b', { name: 'Null Pointers' }))).toEqual({
    competitorId: '1',
    name: 'Kofi Mensah',
    from: { id: 'a', name: 'Packet Foxes' },
    to: { id: 'b', name: 'Null Pointers' },
  });
  expect(editOf(dragged, null).to).toBeNull();
});
