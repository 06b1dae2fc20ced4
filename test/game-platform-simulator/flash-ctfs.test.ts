import { describe, expect, it } from 'vitest';
import { FLASH_CTF_SHARE } from './flash-ctfs.ts';
import { GamePlatformModel } from './model.ts';
import type { Profile } from './population.ts';
import { DAY, NOW, populate } from './testing.ts';

const HOUR = 3600;

/** A model with an event that begins in a minute, and the clock to go through it. */
function beforeEvent(count: number, profile: Profile = 'active') {
  let at = NOW;
  const model = new GamePlatformModel({ seed: 4, now: () => at });
  const ids = populate(model, count, { days: 80, profile });
  const event = model.scheduleFlashCtf({ name: 'Glass Harbour', start: NOW + 60, end: NOW + 60 + 2 * HOUR });
  const to = (moment: number): void => {
    at = moment;
  };
  const result = (id: string) =>
    model.platform
      .flashCtfProgress(id)
      .flash_ctfs.find(({ flash_ctf_name: name }) => name === 'Glass Harbour');
  return { model, ids, event, to, result };
}

describe('Flash CTFs', () => {
  it('come once a month, on a Friday at 16:00 in California, for about two hours', () => {
    const model = new GamePlatformModel({ seed: 4 });
    const events = model.flashCtfsBetween(NOW - 3650 * DAY, NOW);
    expect(events.length).toBeGreaterThanOrEqual(119);
    for (const { start, end } of events) {
      const local = new Date(start * 1000).toLocaleString('en-US', {
        timeZone: 'America/Los_Angeles',
        weekday: 'short',
        hour: 'numeric',
        minute: '2-digit',
        hourCycle: 'h23',
      });
      expect(local).toBe('Fri 16:00');
      expect([2 * HOUR, 2.5 * HOUR]).toContain(end - start);
    }
    const gaps = events.slice(1).map(({ start }, index) => (start - events[index]!.start) / DAY);
    expect(Math.min(...gaps)).toBeGreaterThan(20);
    expect(Math.max(...gaps)).toBeLessThan(43);
  });

  it('sometimes say when they end and seldom by which id they go', () => {
    const events = new GamePlatformModel({ seed: 4 }).flashCtfsBetween(NOW - 3650 * DAY, NOW);
    const share = (test: (event: (typeof events)[number]) => boolean): number =>
      events.filter(test).length / events.length;
    expect(share(({ showsEnd }) => showsEnd)).toBeCloseTo(0.6, 0);
    expect(share(({ eventId }) => eventId !== undefined)).toBeGreaterThan(0.05);
    expect(share(({ eventId }) => eventId !== undefined)).toBeLessThan(0.3);
  });

  it.each(['never', 'always'] as const)('%s carry an id, by switch', (eventIds) => {
    const model = new GamePlatformModel({ seed: 4, now: () => NOW, settings: { eventIds } });
    const ids = populate(model, 20, { days: 80 });
    const shown = ids.flatMap((id) => model.platform.flashCtfProgress(id).flash_ctfs);
    expect(shown.length).toBeGreaterThan(0);
    expect(new Set(shown.map((event) => 'event_id' in event))).toEqual(new Set([eventIds === 'always']));
  });

  it('are joined by two fifths; who does not join sees nothing', () => {
    const { ids, event, to, result } = beforeEvent(400, 'inactive');
    to(event.end);
    const joined = ids.filter((id) => result(id) !== undefined).length / ids.length;
    expect(Math.abs(joined - FLASH_CTF_SHARE)).toBeLessThan(0.08);
  });

  it('grow while they run, and their ranks move for two days after', () => {
    const { ids, event, to, result } = beforeEvent(60);
    to(NOW);
    expect(ids.some((id) => result(id) !== undefined)).toBe(false);
    const solvedAt = (moment: number): number => {
      to(moment);
      return ids.reduce((sum, id) => sum + (result(id)?.challenges_solved ?? 0), 0);
    };
    const quarters = [0.25, 0.5, 0.75, 1].map((part) =>
      solvedAt(event.start + part * (event.end - event.start)),
    );
    expect(quarters).toEqual(quarters.toSorted((a, b) => a - b));
    expect(new Set(quarters).size).toBe(4);
    const ranksAt = (moment: number): (number | undefined)[] => {
      to(moment);
      return ids.map((id) => result(id)?.rank);
    };
    const atEnd = ranksAt(event.end);
    const later = ranksAt(event.end + 2 * DAY);
    expect(later).not.toEqual(atEnd);
    expect(ranksAt(event.end + 9 * DAY)).toEqual(later);
    expect(solvedAt(event.end + 9 * DAY)).toBe(quarters[3]);
  });

  it.each([true, false])('share solve ids with ODL and each other, by switch: %s', (collidingSolveIds) => {
    const model = new GamePlatformModel({ seed: 4, now: () => NOW, settings: { collidingSolveIds } });
    const ids = populate(model, 20, { days: 80, profile: 'active' });
    const collisions = ids.flatMap((id) => {
      const odl = new Set(
        model.platform.odlScores(id).challenge_solves.map((solve) => solve.challenge_solve_id),
      );
      return model.platform
        .flashCtfProgress(id)
        .flash_ctfs.flatMap((event) => event.challenge_solves)
        .filter((solve) => odl.has(solve.challenge_solve_id));
    });
    expect(collisions.length > 0).toBe(collidingSolveIds);
  });

  it('take a given solve, also for somebody who had not joined', () => {
    const { model, ids, event, to, result } = beforeEvent(20);
    to(event.end);
    const outsider = ids.find((id) => result(id) === undefined)!;
    model.addSolve({ synedUserId: outsider, source: 'flash_ctf', event: event.key, at: event.start + 9 });
    expect(result(outsider)).toMatchObject({ challenges_solved: 1, points_earned: 100 });
  });
});
