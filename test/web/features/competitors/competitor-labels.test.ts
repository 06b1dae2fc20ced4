import { accountStatusName } from '#shared/competitors/state-names.ts';
import type { CompetitorView } from '#shared/competitors/contract.ts';
import { aCompetitor, competitorToView, APPROVED_ACCOUNT, NO_ACCOUNT } from '#test/support/competitors.ts';
import { canLink, statusNote, urgency } from '#web/features/competitors/competitor-labels.ts';
import { byUrgency, countedFilters, statusFilterOf } from '#web/features/competitors/status-filter.ts';
import { describe, expect, test } from 'vitest';

const NOW = new Date('2026-11-19T20:00:00.000Z');
const TEAM = { id: 'tea_1', name: 'Packet Foxes' };
const REFUSAL = { code: 'EMAIL_TAKEN', message: 'M.', remedy: 'R.', at: '2026-11-12T20:00:00.000Z' };

/** What the API says of a record, by the API's own rules. */
function view(
  facts: Parameters<typeof aCompetitor>[0] = {},
  relatedRecords: { readAt?: string | null } = {},
): CompetitorView {
  const competitor = aCompetitor(facts);
  const { readAt = '2026-11-19T19:40:00.000Z' } = relatedRecords;
  return competitorToView(
    competitor,
    {
      team: competitor.teamId === null ? undefined : TEAM,
      stats: undefined,
      reading:
        competitor.gamePlatformId === null
          ? undefined
          : { lastReadAt: readAt, lastFailure: null, lastRead: null },
    },
    { now: NOW, slaHours: 8, inactiveDays: 14 },
  );
}

const onPlatform = { gamePlatformId: 'cmp_1', platform: APPROVED_ACCOUNT, teamId: 'tea_1' };

const pending = view({ guardianName: null, guardianEmail: null });
const profile = view({ mediaReleaseDate: null });
const ready = view();
const refused = view({ platform: { ...NO_ACCOUNT, refusal: REFUSAL } });
const waiting = view({ ...onPlatform, platform: { ...APPROVED_ACCOUNT, accountStatus: 'pending_approval' } });
const neverIn = view({ ...onPlatform, platform: { ...APPROVED_ACCOUNT, lastLoginAt: null } });
const longAway = view({
  ...onPlatform,
  platform: { ...APPROVED_ACCOUNT, lastLoginAt: '2026-11-01T18:00:00.000Z' },
});
const late = view(onPlatform, { readAt: '2026-11-19T09:00:00.000Z' });
const denied = view({
  ...onPlatform,
  platform: { ...APPROVED_ACCOUNT, accountStatus: 'denied', lastLoginAt: null },
});
const deactivated = view({ active: false });

describe('the one thing to know', () => {
  test.each([
    ['signed in lately, without a solve', view(onPlatform)],
    ['approved, without a team', view({ ...onPlatform, teamId: null })],
  ])('%s: nothing, since no one has to act', (_, competitor) => {
    expect(statusNote(competitor)).toBeNull();
  });

  test.each([
    ['a profile lacks two things', pending, 'warning', 'The guardian’s name is missing and 1 more'],
    ['the release is missing', profile, 'warning', 'The media release is missing'],
    ['everything is in', ready, 'accent', 'Ready to add'],
    ['the platform refused', refused, 'error', 'Account refused'],
    ['the platform has yet to approve', waiting, 'pending', 'Waiting for approval'],
    ['nobody ever signed in', neverIn, 'warning', 'Never signed in'],
    ['signed in long ago, nothing solved', longAway, 'warning', 'No solves yet'],
    ['the last read is old: not idle', late, 'warning', 'Scores are late'],
    ['deactivated', deactivated, 'neutral', 'Deactivated'],
  ] as const)('%s', (_, competitor, tone, text) => {
    expect(statusNote(competitor)).toEqual({ tone, text });
  });
});

/** Each under an id of its own, and who of them needs the coach. */
const CASES = { pending, profile, ready, refused, neverIn, waiting, late, denied, deactivated };
const ids = (...cases: readonly (keyof typeof CASES)[]): ReadonlySet<string> => new Set(cases);
const named = (name: keyof typeof CASES) => ({ ...CASES[name], id: name });
const NEEDS = ids('pending', 'profile', 'ready', 'refused', 'neverIn');

describe('who needs the coach', () => {
  test('whoever an open alert of the coach is about, and nobody else, is let through', () => {
    const { holds } = statusFilterOf('needs-me');
    expect(holds(named('ready'), NEEDS)).toBe(true);
    expect(holds(named('ready'), ids('profile'))).toBe(false);
    expect(holds(named('waiting'), NEEDS)).toBe(false);
  });

  test('refusals come first, the deactivated last', () => {
    const everybody = (['deactivated', 'waiting', 'ready', 'refused'] as const).map(named);
    const sorted = everybody.toSorted(byUrgency(NEEDS));
    expect(sorted.map(({ id }) => id)).toEqual(['refused', 'ready', 'waiting', 'deactivated']);
    expect(urgency(denied, NEEDS)).toBe(0);
    expect(urgency(refused, NEEDS)).toBe(0);
  });
});

/** Refused because the platform knows an email. */
const known = (code: 'EMAIL_KNOWN' | 'COACH_EMAIL_KNOWN', facts: Parameters<typeof aCompetitor>[0] = {}) =>
  view({
    platform: {
      ...NO_ACCOUNT,
      refusal: { ...REFUSAL, code },
    },
    ...facts,
  });

describe('linking another account', () => {
  test.each([
    ['the platform knows the email', known('EMAIL_KNOWN'), true],
    ['it knows the coach’s own email, which an admin has to mend', known('COACH_EMAIL_KNOWN'), false],
    ['it refused for another reason', refused, false],
    ['the release was taken back since', known('EMAIL_KNOWN', { mediaReleaseDate: null }), false],
    ['the competitor is deactivated', known('EMAIL_KNOWN', { active: false }), false],
    ['nothing was refused', ready, false],
  ] as const)('%s: %s', (_, competitor, offered) => {
    expect(canLink(competitor)).toBe(offered);
  });
});

describe('the status filter', () => {
  const everybody = (
    ['pending', 'profile', 'ready', 'refused', 'waiting', 'neverIn', 'deactivated'] as const
  ).map(named);
  const counts = (chosen: string | null) =>
    Object.fromEntries(
      countedFilters(everybody, statusFilterOf(chosen), NEEDS).map(({ id, count }) => [id, count]),
    );

  test('counts the deactivated apart', () => {
    expect(counts(null)).toEqual({
      all: 6,
      'needs-me': 5,
      complete: 2,
      compliance: 1,
      refused: 1,
      profile: 1,
      pending: 1,
      deactivated: 1,
    });
  });

  test('shows no filter for deactivated competitors where there are none', () => {
    expect(countedFilters([ready], statusFilterOf(null), NEEDS).map(({ id }) => id)).not.toContain(
      'deactivated',
    );
  });

  test('names where somebody is, for each of the API’s states', () => {
    expect(countedFilters([ready], statusFilterOf(null), NEEDS).map(({ id, text }) => [id, text])).toEqual([
      ['all', 'All'],
      ['needs-me', 'Needs me'],
      ['complete', 'On the platform'],
      ['compliance', 'Ready to add'],
      ['profile', 'Needs release'],
      ['pending', 'Profile incomplete'],
    ]);
  });

  test('an unknown one in the address is All', () => {
    expect(statusFilterOf('nonsense').id).toBe('all');
  });
});

test('an account state we do not know is shown as it came', () => {
  expect(accountStatusName('pending_approval')).toBe('waiting for approval');
  expect(accountStatusName('on_hold')).toBe('on_hold');
  expect(accountStatusName(null)).toBe('not known yet');
});
