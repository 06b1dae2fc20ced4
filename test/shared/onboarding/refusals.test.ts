import { expect, test } from 'vitest';
import { ERROR_MESSAGES } from '#shared/game-platform/game-platform-error.ts';
import { refusalWords } from '#shared/onboarding/refusals.ts';
import { rosterFailure } from '#shared/teams/rosters/roster-failures.ts';

const words = (code: 'RATE_LIMITED' | 'THROTTLED') => [
  refusalWords(code, 'competitor').message,
  refusalWords(code, 'coach').message,
  refusalWords(code, 'coach_alone').message,
  rosterFailure(code, new Date(0)).message,
];

test('no turn among our own calls reads as ours everywhere, and the platform’s silence as the platform’s', () => {
  for (const text of words('RATE_LIMITED')) expect(text).toMatch(/^We are busy/);
  for (const text of words('THROTTLED')) expect(text).toMatch(/^The platform is busy/);
  expect(rosterFailure('RATE_LIMITED', new Date(0)).remedy).toContain('automatically');
  expect(ERROR_MESSAGES.RATE_LIMITED).not.toMatch(/asks us/);
});
