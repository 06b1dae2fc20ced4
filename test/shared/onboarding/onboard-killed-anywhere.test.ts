import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { useTestTables } from '#test/support/dynamodb.ts';
import { runs } from '#test/support/effort.ts';
import { BY_COACH, OnboardingWorld, type Crash } from './onboarding-world.ts';

const newTable = useTestTables();

const DONE = {
  version: 2,
  gamePlatformId: 'cmp_1',
  username: 'mira',
  accountStatus: 'pending_approval',
  refusal: null,
  coachPlatformId: 'coa_1',
  activity: ['competitor_onboarded'],
  audit: ['competitor.onboard'],
  syncState: [
    { competitorId: 'cmp_1', coachId: 'coa_1', gamePlatformId: 'cmp_1', cursorUnix: 0, lastReadAt: null },
  ],
  totalsDue: ['cmp_1'],
  accounts: [
    ['coach', 'coa_1'],
    ['user', 'cmp_1'],
  ],
};
const LEASE_OVER_SECONDS = 30;

test('without a crash: the coach’s account, the competitor’s account, and everything that goes with it', async () => {
  const world = await new OnboardingWorld(await newTable()).settle();
  expect(await world.onboard()).toMatchObject({ kind: 'onboarded', competitor: { gamePlatformId: 'cmp_1' } });
  expect(await world.endState()).toEqual(DONE);
});

test('killed at any await, before or after its effect: the next attempt ends in the same state', async () => {
  const whole = new OnboardingWorld(await newTable());
  await whole.settle();
  const process = whole.process();
  await process.onboard({ competitorId: 'cmp_1', by: BY_COACH, remainingMs: () => 20_000 });
  expect(process.calls()).toBeGreaterThan(12);

  for (let at = 0; at < process.calls(); at += 1) {
    for (const side of ['before', 'after'] as const) {
      const world = await new OnboardingWorld(await newTable()).settle();
      await world.onboardUntil({ at, side });
      world.later(LEASE_OVER_SECONDS);
      expect(['onboarded', 'already'], `${side} call ${at}`).toContain((await world.onboard()).kind);
      expect(await world.endState(), `${side} call ${at}`).toEqual(DONE);
    }
  }
});

const RUNS = runs(100, 12);

const crashes = fc.array(
  fc.record<Crash>({ at: fc.nat(24), side: fc.constantFrom('before' as const, 'after' as const) }),
  { maxLength: 4 },
);
const fault = fc.constantFrom(
  undefined,
  'TIMED_OUT' as const,
  'UNAVAILABLE' as const,
  'THROTTLED' as const,
  { lost: 'TIMED_OUT' as const },
  { lost: 'UNAVAILABLE' as const },
  { lost: 'BAD_ANSWER' as const },
);

test('killed again and again, and asked for twice at once, while the platform fails in every way: one account each, the same end state', async () => {
  const seen = { killed: 0, together: 0, faults: 0 };
  await fc.assert(
    fc.asyncProperty(
      crashes,
      fc.array(fault, { maxLength: 8 }),
      fc.boolean(),
      async (kills, faults, twice) => {
        const world = await new OnboardingWorld(await newTable()).settle();
        world.platform.faults = [...faults];
        for (const crash of kills) {
          const [killed] = await Promise.all([
            world.onboardUntil(crash),
            ...(twice ? [world.onboard()] : []),
          ]);
          if (killed) seen.killed += 1;
          if (twice) seen.together += 1;
          world.later(LEASE_OVER_SECONDS);
        }
        for (let attempt = 0; attempt < 12; attempt += 1) {
          if (!['refused', 'in_progress'].includes((await world.onboard()).kind)) break;
          world.later(LEASE_OVER_SECONDS);
        }
        seen.faults += faults.length - world.platform.faults.length;
        const end = await world.endState();
        expect(end).toMatchObject({
          gamePlatformId: 'cmp_1',
          coachPlatformId: 'coa_1',
          refusal: null,
          syncState: DONE.syncState,
          totalsDue: DONE.totalsDue,
          accounts: DONE.accounts,
        });
        expect(end.activity.filter((kind) => kind === 'competitor_onboarded')).toHaveLength(1);
        expect(end.version).toBe(1 + end.activity.length);
        expect(end.audit).toHaveLength(end.activity.length);
      },
    ),
    { numRuns: RUNS },
  );
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(0);
});
