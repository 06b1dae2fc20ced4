import type { CoachView } from '#shared/coaches/contract.ts';
import { coachBodyOf, coachFormOf, coachPatchOf } from '#web/features/coaches/coach-form-values.ts';
import { coachesSummary, coachFilterOf, countedCoachFilters } from '#web/features/coaches/coach-labels.ts';
import { expect, test } from 'vitest';

const coach = (facts: Partial<CoachView> = {}): CoachView => ({
  id: 'coa_1',
  name: 'Marisol Vega',
  email: 'marisol@example.org',
  school: 'Cedar High',
  enabled: true,
  competitors: 25,
  features: { onboarding: true },
  gamePlatformId: 'coa_1',
  ...facts,
});

const everybody = [
  coach(),
  coach({ id: 'coa_2', features: { onboarding: false } }),
  coach({ id: 'coa_3', gamePlatformId: null }),
  coach({ id: 'coa_4', enabled: false, gamePlatformId: null }),
];

test('filters count who needs an admin; somebody switched off needs no account', () => {
  expect(countedCoachFilters(everybody).map(({ id, count }) => [id, count])).toEqual([
    ['all', 4],
    ['no-account', 1],
    ['no-onboarding', 1],
    ['off', 1],
  ]);
  expect(coachFilterOf('nonsense').id).toBe('all');
});

test('the summary', () => {
  expect(coachesSummary(everybody)).toBe(
    '4 coaches: 3 can sign in, 2 can add competitors, 1 without their own account',
  );
});

test('what is sent has no spaces around it', () => {
  expect(
    coachBodyOf({ name: ' Ada Lin ', email: ' ada@example.org ', school: ' North ', onboarding: false }),
  ).toEqual({ name: 'Ada Lin', email: 'ada@example.org', school: 'North', features: { onboarding: false } });
});

test('a change names only what differs, and never the email', () => {
  const form = coachFormOf(coach());
  expect(coachPatchOf(form, coach())).toEqual({});
  expect(coachPatchOf({ ...form, email: 'other@example.org', school: 'Oak High' }, coach())).toEqual({
    school: 'Oak High',
  });
  expect(coachPatchOf({ ...form, onboarding: false }, coach())).toEqual({ features: { onboarding: false } });
});
