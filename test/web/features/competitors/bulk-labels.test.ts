import { putLabel, sortedOutLabel, sortOut } from '#web/features/competitors/bulk-labels.ts';
import { describe, expect, test } from 'vitest';

const person = (id: string, status: 'pending' | 'profile' | 'compliance' | 'complete', active = true) => ({
  id,
  status,
  active,
});

describe('who of those chosen can be added', () => {
  test('only from compliance; the others are told apart by what stands in the way', () => {
    const sorted = sortOut([
      person('a', 'compliance'),
      person('b', 'complete'),
      person('c', 'profile'),
      person('d', 'profile'),
      person('e', 'pending'),
      person('f', 'compliance', false),
    ]);
    expect(sorted.ready.map(({ id }) => id)).toEqual(['a']);
    expect(sorted.leftOut.map(({ text, people }) => [text, people.map(({ id }) => id)])).toEqual([
      ['on the platform already', ['b']],
      ['without a release', ['c', 'd']],
      ['with an unfinished profile', ['e']],
      ['deactivated', ['f']],
    ]);
    expect(sortedOutLabel(sorted)).toBe(
      '1 can be added, 1 on the platform already, 2 without a release, 1 with an unfinished profile, 1 deactivated',
    );
  });

  test('nobody', () => {
    expect(sortedOutLabel(sortOut([person('a', 'complete')]))).toBe(
      'None can be added, 1 on the platform already',
    );
  });
});

describe('putting several on a team', () => {
  const facts = { team: 'Null Pointers', count: 2, moves: 0, inactive: 0 };
  test.each([
    [{}, '2 competitors go on Null Pointers. The platform follows within a minute.'],
    [
      { count: 1, inactive: 1 },
      '1 competitor goes on Null Pointers. The platform follows within a minute. 1 deactivated competitor is left out.',
    ],
    [
      { moves: 1 },
      '2 competitors go on Null Pointers, 1 from another team. Scores are read before anyone moves.',
    ],
    [{ count: 0 }, 'There is no one left to put on Null Pointers.'],
  ])('%j', (changes, words) => {
    expect(putLabel({ ...facts, ...changes })).toBe(words);
  });
});
