import { describe, expect, test } from 'vitest';
import {
  byOutcome,
  outcomeWords,
  putWords,
  resultWords,
  sortedOutWords,
  sortOut,
} from '../../../../web/src/features/competitors/bulk-words.ts';

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
    expect(sortedOutWords(sorted)).toBe(
      '1 can be added, 1 on the platform already, 2 without a release, 1 with an unfinished profile, 1 deactivated',
    );
  });

  test('nobody', () => {
    expect(sortedOutWords(sortOut([person('a', 'complete')]))).toBe(
      'None can be added, 1 on the platform already',
    );
  });
});

describe('what became of each', () => {
  test('those who need something come first, the others as the job went through them', () => {
    const rows = ['onboarded', 'refused', 'already', 'notCompliant', 'failed'].map((outcome) => ({
      outcome,
    }));
    expect(rows.toSorted(byOutcome).map(({ outcome }) => outcome)).toEqual([
      'refused',
      'failed',
      'notCompliant',
      'already',
      'onboarded',
    ]);
  });

  test('an outcome that the site does not know yet is shown as it came, as something to look at', () => {
    expect(outcomeWords('heldBack')).toEqual({ tone: 'neutral', text: 'heldBack', open: true });
  });

  test('the whole in one sentence, zeros left out', () => {
    expect(resultWords({ result: { total: 7, onboarded: 5, refused: 1, failed: 0, already: 1 } })).toBe(
      '5 added, 1 was there, 1 refused.',
    );
    expect(resultWords({ result: { total: 0, onboarded: 0, failed: 0 } })).toMatch(/^Nobody was added/);
    expect(resultWords({ result: null })).toMatch(/^Nobody was added/);
  });
});

describe('putting several on a team', () => {
  const facts = { team: 'Null Pointers', count: 2, moves: 0, inactive: 0 };
  test.each([
    [{}, '2 competitors go on Null Pointers. The platform follows within a minute.'],
    [
      { count: 1, inactive: 1 },
      '1 competitor goes on Null Pointers. The platform follows within a minute. 1 deactivated competitor left out.',
    ],
    [
      { moves: 1 },
      '2 competitors go on Null Pointers, 1 from another team. Scores are read before anybody moves.',
    ],
    [{ count: 0 }, 'Nobody is left to put on Null Pointers.'],
  ])('%j', (changes, words) => {
    expect(putWords({ ...facts, ...changes })).toBe(words);
  });
});
