import { movementOf } from '#web/features/dashboard/leaderboard-line.tsx';
import { expect, test } from 'vitest';

test.each([
  [
    { rank: 7, previousRank: 9 },
    { kind: 'up', by: 2 },
  ],
  [
    { rank: 3, previousRank: 1 },
    { kind: 'down', by: 2 },
  ],
  [{ rank: 3, previousRank: 3 }, { kind: 'same' }],
  [{ rank: 8, previousRank: null }, { kind: 'new' }],
])('%j moved %j', (row, movement) => {
  expect(movementOf(row)).toEqual(movement);
});
