import { describe, expect, test } from 'vitest';
import { competitorStatus, missingFor } from '#shared/competitors/competitor-status.ts';
import { aCompetitor, anAdult } from '#test/support/competitors.ts';

const fieldsMissing = (competitor: Parameters<typeof missingFor>[0]) =>
  missingFor(competitor).map((missing) => missing.field);

describe('a minor', () => {
  test.each([
    ['all of it', {}, 'compliance', []],
    ['no first name', { firstName: '' }, 'pending', ['firstName']],
    ['a blank last name', { lastName: '  ' }, 'pending', ['lastName']],
    ['no email', { email: null }, 'pending', ['email']],
    ['no grade', { grade: null }, 'pending', ['grade']],
    ['no division', { division: null }, 'pending', ['division']],
    ['no guardian’s name', { guardianName: null }, 'pending', ['guardianName']],
    ['no guardian’s email', { guardianEmail: null }, 'pending', ['guardianEmail']],
    ['no media release', { mediaReleaseDate: null }, 'profile', ['mediaReleaseDate']],
    [
      'an agreement instead of a media release',
      { mediaReleaseDate: null, participationAgreementDate: '2026-09-02' },
      'profile',
      ['mediaReleaseDate'],
    ],
    ['no school email, which only adults need', { schoolEmail: null }, 'compliance', []],
    [
      'neither guardian nor release: profile first',
      { guardianName: null, guardianEmail: null, mediaReleaseDate: null },
      'pending',
      ['guardianName', 'guardianEmail', 'mediaReleaseDate'],
    ],
    ['an account', { gamePlatformId: 'cmp_1' }, 'complete', []],
    [
      'an account, and a field that was cleared since',
      { gamePlatformId: 'cmp_1', email: null },
      'complete',
      [],
    ],
    ['all of it, deactivated', { active: false }, 'compliance', []],
  ] as const)('with %s', (_what, facts, status, missing) => {
    const competitor = aCompetitor(facts);
    expect(competitorStatus(competitor)).toBe(status);
    expect(fieldsMissing(competitor)).toEqual(missing);
  });
});

describe('an adult', () => {
  test.each([
    ['all of it', {}, 'compliance', []],
    ['no school email', { schoolEmail: null }, 'pending', ['schoolEmail']],
    ['no email', { email: null }, 'pending', ['email']],
    ['no agreement', { participationAgreementDate: null }, 'profile', ['participationAgreementDate']],
    [
      'a media release instead of an agreement',
      { participationAgreementDate: null, mediaReleaseDate: '2026-09-02' },
      'profile',
      ['participationAgreementDate'],
    ],
    ['no guardian, whom only minors need', { guardianName: null, guardianEmail: null }, 'compliance', []],
  ] as const)('with %s', (_what, facts, status, missing) => {
    const competitor = anAdult(facts);
    expect(competitorStatus(competitor)).toBe(status);
    expect(fieldsMissing(competitor)).toEqual(missing);
  });
});

test('each missing field comes with a sentence that says what to do', () => {
  const empty = aCompetitor({
    firstName: '',
    lastName: '',
    email: null,
    grade: null,
    division: null,
    guardianName: null,
    guardianEmail: null,
    mediaReleaseDate: null,
  });
  for (const { message } of missingFor(empty)) expect(message).toMatch(/^The .+ is missing\. .+\.$/);
  expect(missingFor(empty)).toHaveLength(8);
});
