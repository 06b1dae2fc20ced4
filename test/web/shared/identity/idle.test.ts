import { expect, test } from 'vitest';
import { idleAt, lastUse, leftLabel, noteUse } from '#web/shared/identity/idle.ts';

const MINUTE = 60_000;
const LIMIT = 30 * MINUTE;
const NOW = 1_800_000_000_000;

test.each([
  ['just now', 0, { kind: 'in_use' }],
  ['27 minutes ago', 27 * MINUTE, { kind: 'in_use' }],
  ['28 minutes ago', 28 * MINUTE, { kind: 'warning', leftMs: 2 * MINUTE }],
  ['a second before the end', LIMIT - 1_000, { kind: 'warning', leftMs: 1_000 }],
  ['30 minutes ago', LIMIT, { kind: 'over' }],
  ['a night ago', 14 * 60 * MINUTE, { kind: 'over' }],
  ['later, by a clock that was put back for an hour', -60 * MINUTE, { kind: 'over' }],
])('used %s', (_when, ago, expected) => {
  expect(idleAt(NOW - ago, NOW, LIMIT)).toEqual(expected);
});

test('a short time warns in its second half only', () => {
  expect(idleAt(NOW - MINUTE + 1, NOW, 2 * MINUTE)).toEqual({ kind: 'in_use' });
  expect(idleAt(NOW - MINUTE, NOW, 2 * MINUTE)).toEqual({ kind: 'warning', leftMs: MINUTE });
});

test.each([
  [2 * MINUTE, '2 minutes'],
  [MINUTE + 1, '2 minutes'],
  [MINUTE, '1 minute'],
  [44_000, '45 seconds'],
  [1, '5 seconds'],
])('%i ms left are told as %s', (leftMs, words) => {
  expect(leftLabel(leftMs)).toBe(words);
});

test('use in one tab is seen by the others; what is stored otherwise is nobody’s use', () => {
  const stored = new Map<string, string>();
  const storage = {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => void stored.set(key, value),
  };
  expect(lastUse(storage)).toBeNull();
  noteUse(storage, NOW);
  expect(lastUse(storage)).toBe(NOW);
  stored.set('last-used', 'yesterday');
  expect(lastUse(storage)).toBeNull();
});
