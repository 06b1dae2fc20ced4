import { describe, expect, test } from 'vitest';
import { actStanding } from '#web/shared/identity/acting.ts';

const MINUTE = 60_000;
const at = (minutesLeft: number) => actStanding({ endsAtMs: 100 * MINUTE }, (100 - minutesLeft) * MINUTE);

describe('an act', () => {
  test.each([
    [30, false, false],
    [5.1, false, false],
    [5, true, false],
    [0.1, true, false],
    [0, true, true],
    [-3, true, true],
  ])('with %d minutes left warns: %s, is over: %s', (left, warns, over) => {
    expect(at(left)).toMatchObject({ warns, over });
  });

  test('is told of a few times only, and not once it is over', () => {
    const told = [30, 15, 12, 6, 5, 3, 2, 1.5, 1, 0.5, 0].map((left) => at(left).said);
    expect([...new Set(told)]).toEqual([
      '',
      'Acting as this coach ends in 15 minutes.',
      'Acting as this coach ends in 5 minutes.',
      'Acting as this coach ends in 2 minutes.',
      'Acting as this coach ends in 1 minute.',
    ]);
    expect(told.at(-1)).toBe('');
  });
});
