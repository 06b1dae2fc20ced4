import { expect, test } from 'vitest';
import { railFinding } from '#web/app/shell/score-freshness.tsx';

test('the rail is said in words', () => {
  const at = '2026-11-19T20:00:00.000Z';
  expect(
    railFinding([
      { at, state: 'ok', newSolves: 3 },
      { at, state: 'late', newSolves: 1 },
      { at, state: 'missed', newSolves: 0 },
    ]),
  ).toBe('Score reads of the last 24 hours: 3 planned, 1 on time, 1 late, 1 missed; 4 new solves.');
});
