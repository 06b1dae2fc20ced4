import { describe, expect, it, test } from 'vitest';
import {
  type Entry,
  fixedEntries,
  found,
  grouped,
  MOST_OF_A_GROUP,
} from '#web/app/palette/palette-entries.ts';
import { noteOpened, recentOf } from '#web/app/palette/recent.ts';

const person = (id: string, title: string, detail = 'Packet Foxes, grade 9'): Entry => ({
  id: `person-${id}`,
  group: 'People',
  kind: 'person',
  title,
  detail,
  to: `/competitors/${id}`,
});

describe('An entry of the palette is found', () => {
  test.each([
    ['by the beginning of a word', 'alv'],
    ['by two of them in any order', 'ced alv'],
    ['without accents and case', 'CEDENO'],
    ['by its second line', 'foxes'],
    ['by nothing typed', ''],
  ])('%s', (_, typed) => {
    expect(found(person('1', 'Álvaro Cedeño'), typed)).toBe(true);
  });

  test('by no word in the middle, and not when one word is missing', () => {
    expect(found(person('1', 'Álvaro Cedeño'), 'varo')).toBe(false);
    expect(found(person('1', 'Álvaro Cedeño'), 'alvaro reyes')).toBe(false);
  });
});

const titles = (who: Parameters<typeof fixedEntries>[0]) => fixedEntries(who).map(({ title }) => title);

describe('The pages and actions offered', () => {
  it('to a coach are none of an admin', () => {
    const some = titles({ allCoaches: false, acting: false });
    expect(some).toContain('Teams');
    expect(some).not.toContain('Jobs');
    expect(some).not.toContain('Stop acting as a coach');
  });

  it('to an admin acting as a coach have the way back', () => {
    expect(titles({ allCoaches: false, acting: true })).toContain('Stop acting as a coach');
  });
});

test('Results come by group, of each the first few', () => {
  const many = Array.from({ length: 20 }, (_, index) => person(String(index), `Person ${index}`));
  const [actions, people] = [fixedEntries({ allCoaches: false, acting: false }), many];
  const groups = grouped([...actions, ...people]);
  expect(groups.map(({ group }) => group)).toEqual(['People', 'Pages', 'Actions']);
  expect(groups[0]?.entries).toHaveLength(MOST_OF_A_GROUP);
});

test('What was opened last comes first, once, and never to another caller', () => {
  const [ana, ben] = [person('a', 'Ana Reyes'), person('b', 'Ben Okafor')];
  for (const entry of [ana, ben, ana]) noteOpened('coach-1', entry);
  noteOpened('coach-1', fixedEntries({ allCoaches: false, acting: false })[0] ?? ana);
  expect(recentOf('coach-1').map(({ title }) => title)).toEqual(['Ana Reyes', 'Ben Okafor']);
  for (const again of recentOf('coach-1')) noteOpened('coach-1', again);
  expect(recentOf('coach-1').map(({ title }) => title)).toEqual(['Ben Okafor', 'Ana Reyes']);
  expect(recentOf('admin acting as coach-1')).toEqual([]);
});
