import { describe, expect, test } from 'vitest';
import { hasConsent, isCounted, isRead, liftedByRelease, onHold } from '#shared/competitors/consent.ts';
import { competitorStatus, missingFor } from '#shared/competitors/competitor-status.ts';
import { aCompetitor, anAdult } from '#test/support/competitors.ts';

const onPlatform = (facts: Parameters<typeof aCompetitor>[0] = {}) =>
  aCompetitor({ gamePlatformId: 'cmp_1', ...facts });

describe('somebody with an account', () => {
  test.each([
    ['a release', onPlatform(), null],
    ['no release any more', onPlatform({ mediaReleaseDate: null }), { because: 'no_release', since: null }],
    [
      'a guardian’s wish',
      onPlatform({ consentWithdrawnDate: '2026-11-18' }),
      { because: 'withdrawn', since: '2026-11-18' },
    ],
    [
      'a wish and no release',
      onPlatform({ mediaReleaseDate: null, consentWithdrawnDate: '2026-11-18' }),
      { because: 'withdrawn', since: '2026-11-18' },
    ],
    [
      'a release of the other kind, since they are an adult by now',
      anAdult({ gamePlatformId: 'cmp_1', mediaReleaseDate: '2026-09-02', participationAgreementDate: null }),
      { because: 'no_release', since: null },
    ],
  ])('with %s', (_what, competitor, expected) => {
    const free = expected === null;
    expect(onHold(competitor)).toEqual(expected);
    expect(hasConsent(competitor)).toBe(free);
    expect(isCounted(competitor)).toBe(free);
    expect(isRead(competitor)).toBe(free);
    expect(competitorStatus(competitor)).toBe('complete');
    expect(missingFor(competitor)).toHaveLength(free ? 0 : 1);
  });

  test('who is deactivated is neither counted nor read', () => {
    expect(isCounted(onPlatform({ active: false }))).toBe(false);
    expect(isRead(onPlatform({ active: false }))).toBe(false);
  });
});

test('somebody without an account is not on hold, and a release withdrawn is missing', () => {
  const competitor = aCompetitor({ consentWithdrawnDate: '2026-11-18' });
  expect(onHold(competitor)).toBeNull();
  expect(isCounted(competitor)).toBe(true);
  expect(competitorStatus(competitor)).toBe('profile');
  expect(missingFor(competitor)).toMatchObject([{ field: 'mediaReleaseDate' }]);
});

test.each([
  ['the day of the wish', '2026-11-18', true],
  ['a day after it', '2026-11-19', true],
  ['a day before it', '2026-11-17', false],
  ['the day it had', '2026-09-02', false],
])('a release signed on %s, lifts: %j', (_what, mediaReleaseDate, lifts) => {
  const before = onPlatform({ consentWithdrawnDate: '2026-11-18' });
  expect(liftedByRelease(before, { ...before, mediaReleaseDate })).toBe(lifts);
});
