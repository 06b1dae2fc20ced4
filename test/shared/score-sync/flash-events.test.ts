import { describe, expect, test } from 'vitest';
import {
  CLOSES_AFTER_MS,
  concernsEveryone,
  flashPhase,
  flashReadDue,
} from '#shared/score-sync/flash-event-state.ts';
import { chooseSentinels, sentinelBucket, SENTINELS } from '#shared/score-sync/plan-flash.ts';

const HOUR = 3_600_000;
const now = new Date('2026-11-24T18:00:00.000Z');
const ago = (ms: number) => new Date(now.getTime() - ms).toISOString();
/** An event of two hours that ended so long ago. */
const ended = (ms: number, seenMs = 1000 * HOUR) => ({
  startsAt: ago(ms + 2 * HOUR),
  endsAt: ago(ms),
  firstSeenAt: ago(seenMs),
});

const due = (events: ReturnType<typeof ended>[], lastFlashReadAt: string | null) =>
  flashReadDue(events, { lastFlashReadAt }, now);
const person = (n: number, solvedDaysAgo: number, readHoursAgo: number | null) => ({
  competitorId: `cmp_${n}`,
  cursorUnix: now.getTime() / 1000 - solvedDaysAgo * 86_400,
  lastFlashReadAt: readHoursAgo === null ? null : ago(readHoursAgo * HOUR),
  lastFailure: null,
});

describe('the states of a Flash CTF', () => {
  test.each([
    ['upcoming', -3 * HOUR],
    ['running', -1 * HOUR],
    ['ended', 0],
    ['ended', 5.9 * HOUR],
    ['settling', 6 * HOUR],
    ['settling', 47.9 * HOUR],
    ['closed', 48 * HOUR],
  ])('%s when its end was %d ms ago', (phase, ms) => {
    expect(flashPhase(ended(ms), now)).toBe(phase);
  });

  test('everyone is looked through from its beginning until a day after it closed', () => {
    const concerns = (ms: number) => concernsEveryone([ended(ms)], now);
    expect([-3, -1, 3, 30, 50, 71].map((hours) => concerns(hours * HOUR))).toEqual([
      false,
      true,
      true,
      true,
      true,
      true,
    ]);
    expect(concerns(73 * HOUR)).toBe(false);
    expect(concernsEveryone([], now)).toBe(false);
  });
});

describe('whether a competitor’s Flash CTFs are due', () => {
  test.each([
    ['never read', [], null, true],
    ['no event, however long ago read', [], ago(400 * HOUR), false],
    ['running, read a round ago', [ended(-HOUR)], ago(HOUR / 2), true],
    ['running, read a moment ago by another job', [ended(-HOUR)], ago(HOUR / 4), false],
    ['running, read a moment before anybody was seen in it', [ended(-HOUR, 0)], ago(1), true],
    ['just ended, read an hour ago', [ended(HOUR)], ago(HOUR), false],
    ['just ended, read two hours ago', [ended(3 * HOUR)], ago(2 * HOUR), true],
    ['settling, read in the morning', [ended(30 * HOUR)], ago(6 * HOUR), false],
    ['settling, read yesterday', [ended(30 * HOUR)], ago(12 * HOUR), true],
    ['not begun', [ended(-5 * HOUR)], ago(20 * HOUR), false],
    ['closed since the last read', [ended(CLOSES_AFTER_MS + HOUR)], ago(2 * HOUR), true],
    ['closed long ago, last read before that', [ended(900 * HOUR)], ago(880 * HOUR), true],
    ['closed before the last read', [ended(CLOSES_AFTER_MS + HOUR)], ago(HOUR / 2), false],
  ])('%s', (_, events, last, expected) => {
    expect(due(events, last)).toBe(expected);
  });

  test('a withdrawal that waits for its second read makes them due', () => {
    expect(flashReadDue([], { lastFlashReadAt: ago(HOUR), flashAgain: true }, now)).toBe(true);
  });
});

describe('the sentinels', () => {
  test('are active lately, read longest ago first, and never more than a few', () => {
    const people = [person(1, 1, 5), person(2, 40, 90), person(3, 2, 50), person(4, 3, 7)];
    expect(chooseSentinels(people, now, 2)).toEqual(['cmp_3', 'cmp_4']);
    const many = Array.from({ length: 50 }, (_, n) => person(n, 1, n));
    expect(chooseSentinels(many, now)).toHaveLength(SENTINELS);
  });

  test('rotate: who was asked a moment ago is not asked in the next round', () => {
    const people = Array.from({ length: 12 }, (_, n) => person(n, 1, 10 + n));
    const first = chooseSentinels(people, now);
    for (const one of people) if (first.includes(one.competitorId)) one.lastFlashReadAt = ago(0);
    expect(chooseSentinels(people, now).filter((id) => first.includes(id))).toEqual([]);
    const buckets = Array.from({ length: 16 }, (_, n) =>
      sentinelBucket(new Date(now.getTime() + (n * HOUR) / 2)),
    );
    expect(new Set(buckets).size).toBe(16);
  });

  test('are the least inactive ones when no one solved anything lately; no one whose reads fail', () => {
    const failing = { ...person(9, 1, 1), lastFailure: { code: 'NOT_APPROVED', at: ago(HOUR) } };
    expect(chooseSentinels([person(1, 90, 1), person(2, 30, 1), failing], now, 2)).toEqual([
      'cmp_2',
      'cmp_1',
    ]);
  });
});
