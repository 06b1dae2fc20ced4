import { describe, expect, it } from 'vitest';
import {
  blockedUntil,
  breakerAfter,
  FIRST_OPEN_MS,
  LONGEST_OPEN_MS,
  OPENS_AT_FAILURES,
  TRIAL_MS,
  WINDOW_MS,
  withTrial,
} from '#shared/game-platform/budget/breaker.ts';
import { closedBreaker, type Breaker } from '#shared/game-platform/budget/budget-state.ts';

const NOW = 1_000_000;
const failures = (failed: number, answered = 0) => ({ failed, answered, trial: null });
const open = (openings: number): Breaker & { kind: 'open' } => ({
  kind: 'open',
  since: NOW,
  until: NOW + FIRST_OPEN_MS,
  openings,
});

describe('the circuit breaker', () => {
  it('opens on repeated failures seen by several workers', () => {
    let breaker = closedBreaker(NOW);
    for (let number = 1; number < OPENS_AT_FAILURES; number += 1) {
      breaker = breakerAfter(breaker, failures(1), NOW + number, 0);
      expect(breaker.kind).toBe('closed');
    }
    breaker = breakerAfter(breaker, failures(1), NOW + 50, 0);
    expect(breaker).toMatchObject({ kind: 'open', openings: 1, until: NOW + 50 + FIRST_OPEN_MS });
  });

  it('stays closed while most calls are answered, or failures are far apart', () => {
    expect(breakerAfter(closedBreaker(NOW), failures(30, 31), NOW, 0).kind).toBe('closed');
    const nearly = breakerAfter(closedBreaker(NOW), failures(OPENS_AT_FAILURES - 1), NOW, 0);
    expect(breakerAfter(nearly, failures(1), NOW + WINDOW_MS, 0)).toMatchObject({
      kind: 'closed',
      failed: 1,
    });
  });

  it('bars calls until its time is over, then lets one trial through', () => {
    expect(blockedUntil(open(1), NOW)).toBe(NOW + FIRST_OPEN_MS);
    expect(blockedUntil(open(1), NOW + FIRST_OPEN_MS)).toBeNull();
    const trial = withTrial(open(1), NOW + FIRST_OPEN_MS);
    expect(blockedUntil(trial, NOW + FIRST_OPEN_MS + 1)).toBe(NOW + FIRST_OPEN_MS + TRIAL_MS);
    expect(blockedUntil(trial, NOW + FIRST_OPEN_MS + TRIAL_MS)).toBeNull();
  });

  it('closes when the trial is answered, opens for longer when it fails, and heeds no older call', () => {
    const trial = withTrial(open(3), NOW);
    expect(breakerAfter(trial, { ...failures(0, 1), trial: 'answered' }, NOW, 0).kind).toBe('closed');
    expect(breakerAfter(trial, { ...failures(1), trial: 'failed' }, NOW, 0)).toMatchObject({
      kind: 'open',
      openings: 4,
      until: NOW + FIRST_OPEN_MS * 8,
    });
    expect(breakerAfter(trial, failures(50, 50), NOW, 0)).toEqual(trial);
    expect(breakerAfter(open(1), failures(0, 50), NOW, 0)).toEqual(open(1));
  });

  it('never stays open longer than its cap, and less by chance', () => {
    const failed = { ...failures(1), trial: 'failed' } as const;
    const untilOf = (random: number) => {
      const after = breakerAfter(withTrial(open(40), NOW), failed, NOW, random);
      return after.kind === 'open' ? after.until - NOW : 0;
    };
    expect(untilOf(0)).toBe(LONGEST_OPEN_MS);
    expect(untilOf(0.999)).toBeGreaterThan(LONGEST_OPEN_MS * 0.74);
    expect(untilOf(0.999)).toBeLessThan(LONGEST_OPEN_MS * 0.76);
  });
});
