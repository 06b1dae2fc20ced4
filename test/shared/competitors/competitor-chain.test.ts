import { describe, expect, test } from 'vitest';
import { competitorChain, type ChainFacts } from '#shared/competitors/competitor-chain.ts';
import { CHAIN_LINKS, chainLinkSchema, type ChainLink } from '#shared/competitors/contract.ts';
import { DEFAULT_SYNC_SETTINGS } from '#shared/settings/sync-settings.ts';
import { aCompetitor, anAdult, APPROVED_ACCOUNT, NO_ACCOUNT } from '#test/support/competitors.ts';

const NOW = new Date('2026-11-19T20:00:00.000Z');

const onPlatform = (facts: Parameters<typeof aCompetitor>[0] = {}) =>
  aCompetitor({ gamePlatformId: 'cmp_1', platform: APPROVED_ACCOUNT, ...facts });

const read = (lastReadAt: string | null, code?: string): ChainFacts['reading'] => ({
  lastReadAt,
  lastFailure: code === undefined ? null : { code },
});

const LONG_AWAY = { ...APPROVED_ACCOUNT, lastLoginAt: '2026-11-01T18:00:00.000Z' };
const justRead = read('2026-11-19T19:40:00.000Z');

function chainOf(facts: Partial<ChainFacts>): Record<ChainLink['link'], ChainLink> {
  const links = competitorChain({
    competitor: aCompetitor(),
    teamName: null,
    lastSolveAt: null,
    reading: null,
    now: NOW,
    slaHours: DEFAULT_SYNC_SETTINGS.slaHours,
    inactiveDays: 14,
    ...facts,
  });
  expect(links.map(({ link }) => link)).toEqual(CHAIN_LINKS);
  for (const link of links) expect(chainLinkSchema.parse(link)).toEqual(link);
  return Object.fromEntries(links.map((link) => [link.link, link])) as Record<ChainLink['link'], ChainLink>;
}

const statesOf = (facts: Partial<ChainFacts>) => Object.values(chainOf(facts)).map(({ state }) => state);

describe('the five states', () => {
  test.each<[string, Partial<ChainFacts>, string[]]>([
    [
      'a release is missing',
      { competitor: aCompetitor({ mediaReleaseDate: null }) },
      ['waiting_you', 'not_yet', 'not_yet', 'not_yet', 'not_yet'],
    ],
    ['ready to add', {}, ['done', 'waiting_you', 'not_yet', 'not_yet', 'not_yet']],
    [
      'on hold',
      { competitor: onPlatform({ consentWithdrawnDate: '2026-11-18' }), reading: justRead },
      ['waiting_you', 'done', 'done', 'not_yet', 'not_yet'],
    ],
    [
      'is waiting for approval',
      {
        competitor: onPlatform({ platform: { ...APPROVED_ACCOUNT, accountStatus: 'pending_approval' } }),
        reading: read(null),
      },
      ['done', 'done', 'waiting_platform', 'not_yet', 'not_yet'],
    ],
    [
      'denied',
      { competitor: onPlatform({ platform: { ...APPROVED_ACCOUNT, accountStatus: 'denied' } }) },
      ['done', 'done', 'refused', 'not_yet', 'not_yet'],
    ],
    [
      'approved, without a team',
      { competitor: onPlatform(), reading: justRead },
      ['done', 'done', 'done', 'not_yet', 'not_yet'],
    ],
    [
      'on a team and solving',
      {
        competitor: onPlatform({ teamId: 'tea_1', teamJoinedAt: '2026-09-05T16:00:00.000Z' }),
        teamName: 'Packet Foxes',
        lastSolveAt: '2026-11-19T17:00:00.000Z',
        reading: justRead,
      },
      ['done', 'done', 'done', 'done', 'live'],
    ],
    [
      'deactivated before an account was made',
      { competitor: aCompetitor({ active: false }) },
      ['done', 'not_yet', 'not_yet', 'not_yet', 'not_yet'],
    ],
  ])('%s', (_what, facts, states) => {
    expect(statesOf(facts)).toEqual(states);
  });
});

describe('release', () => {
  test('names who is held up and what is missing', () => {
    expect(chainOf({ competitor: aCompetitor({ mediaReleaseDate: null }) }).release.text).toBe(
      'The media release is missing. Mira cannot be added until a guardian signs it.',
    );
    expect(chainOf({ competitor: anAdult({ participationAgreementDate: null }) }).release.text).toBe(
      'The participation agreement is missing. Mira cannot be added until it is signed.',
    );
  });

  test('says what comes first while the profile has gaps', () => {
    const competitor = aCompetitor({ guardianName: null, guardianEmail: null, mediaReleaseDate: null });
    expect(chainOf({ competitor }).release.text).toBe(
      'The guardian’s name is missing. Everyone under 18 needs a guardian. Two more things are missing, including the release.',
    );
  });

  test('keeps the day it was signed', () => {
    expect(chainOf({}).release.at).toBe('2026-09-02T12:00:00.000Z');
  });
});

describe('account', () => {
  test('carries the platform’s refusal with its remedy', () => {
    const refusal = {
      code: 'EMAIL_KNOWN',
      message: 'The platform already knows this email.',
      remedy: 'Ask which account they use.',
      at: '2026-11-12T10:00:00.000Z',
    };
    expect(chainOf({ competitor: aCompetitor({ platform: { ...NO_ACCOUNT, refusal } }) }).account).toEqual({
      link: 'account',
      state: 'refused',
      at: refusal.at,
      text: 'The platform already knows this email. Ask which account they use.',
    });
  });

  test('asks for what the profile lacks once the release is in', () => {
    const competitor = aCompetitor({ guardianName: null, guardianEmail: null });
    expect(chainOf({ competitor }).account).toMatchObject({
      state: 'waiting_you',
      text: 'The guardian’s name is missing. Everyone under 18 needs a guardian. One more thing is missing.',
    });
  });

  test('waits for the profile before it waits for the release', () => {
    expect(chainOf({ competitor: aCompetitor({ email: null, mediaReleaseDate: null }) }).account.text).toBe(
      'Waiting for the profile.',
    );
    expect(chainOf({ competitor: aCompetitor({ mediaReleaseDate: null }) }).account.text).toBe(
      'Waiting for the release.',
    );
  });
});

describe('approval', () => {
  test('says who acts and how long it has taken so far', () => {
    const competitor = onPlatform({
      platform: {
        ...APPROVED_ACCOUNT,
        accountStatus: 'pending_approval',
        onboardedAt: '2026-11-15T19:00:00.000Z',
      },
    });
    expect(chainOf({ competitor }).approval.text).toBe(
      'Mira is waiting for approval. The platform’s staff do this by hand. So far: four days.',
    );
  });

  test('passes on a state that it does not know, and goes on', () => {
    const competitor = onPlatform({ platform: { ...APPROVED_ACCOUNT, accountStatus: 'on_hold' } });
    expect(chainOf({ competitor }).approval).toMatchObject({
      state: 'waiting_platform',
      text: 'The platform calls the account “on_hold”, a status we do not know. We keep asking.',
    });
  });
});

describe('last solve', () => {
  const lastSolve = (facts: Partial<ChainFacts>) =>
    chainOf({ competitor: onPlatform(), reading: justRead, ...facts }).last_solve;

  test.each<[string, Partial<ChainFacts>, ChainLink['state'], string]>([
    [
      'solved today',
      { lastSolveAt: '2026-11-19T17:00:00.000Z' },
      'live',
      'Solved something three hours ago.',
    ],
    [
      'solved exactly 14 days ago',
      { lastSolveAt: '2026-11-05T20:00:00.000Z' },
      'live',
      'Solved something 14 days ago.',
    ],
    [
      'solved a moment more than 14 days ago, and signed in since',
      { lastSolveAt: '2026-11-05T19:59:59.999Z' },
      'done',
      'No solve for 14 days. Mira signed in nine days ago.',
    ],
    [
      'neither solved nor signed in for more than 14 days',
      { competitor: onPlatform({ platform: LONG_AWAY }), lastSolveAt: '2026-11-05T19:59:59.999Z' },
      'waiting_you',
      'No solve for 14 days. Ask Mira how it is going.',
    ],
    [
      'read exactly eight hours ago',
      { lastSolveAt: '2026-11-19T11:00:00.000Z', reading: read('2026-11-19T12:00:00.000Z') },
      'live',
      'Solved something nine hours ago.',
    ],
    [
      'read exactly four hours ago, with four hours in the settings',
      {
        lastSolveAt: '2026-11-19T11:00:00.000Z',
        reading: read('2026-11-19T16:00:00.000Z'),
        slaHours: 4,
      },
      'live',
      'Solved something nine hours ago.',
    ],
    [
      'read five hours ago, with four hours in the settings',
      {
        lastSolveAt: '2026-11-18T11:00:00.000Z',
        reading: read('2026-11-19T15:00:00.000Z'),
        slaHours: 4,
      },
      'waiting_platform',
      'The sync is late, so this may not be up to date: the last read was five hours ago. Mira may have solved more than we show.',
    ],
    [
      'read nine hours ago',
      { lastSolveAt: '2026-11-18T11:00:00.000Z', reading: read('2026-11-19T11:00:00.000Z') },
      'waiting_platform',
      'The sync is late, so this may not be up to date: the last read was nine hours ago. Mira may have solved more than we show.',
    ],
    [
      'never read',
      { reading: read(null) },
      'waiting_platform',
      'Mira’s scores have not been read yet. The first read happens automatically.',
    ],
    [
      'never read, because the program is paused',
      { reading: read(null, 'TOKEN_MISSING') },
      'waiting_platform',
      'Mira’s scores have not been read yet. The program has paused score reads.',
    ],
    [
      'never signed in',
      { competitor: onPlatform({ platform: { ...APPROVED_ACCOUNT, lastLoginAt: null } }) },
      'waiting_you',
      'Mira has never signed in there. Check that the welcome email arrived.',
    ],
    ['signed in lately, nothing solved', {}, 'not_yet', 'Nothing solved yet. Mira signed in nine days ago.'],
    [
      'signed in long ago, nothing solved',
      { competitor: onPlatform({ platform: LONG_AWAY }) },
      'waiting_you',
      'Mira has signed in but not solved anything yet. Suggest a first challenge.',
    ],
    [
      'never signed in, and never read',
      {
        competitor: onPlatform({ platform: { ...APPROVED_ACCOUNT, lastLoginAt: null } }),
        reading: read(null),
      },
      'waiting_you',
      'Mira has never signed in there. Check that the welcome email arrived.',
    ],
    [
      'deactivated',
      { competitor: onPlatform({ active: false }), lastSolveAt: '2026-11-01T20:00:00.000Z' },
      'not_yet',
      'Deactivated; scores are not read.',
    ],
  ])('%s', (_what, facts, state, text) => {
    expect(lastSolve(facts)).toMatchObject({ state, text });
  });
});
