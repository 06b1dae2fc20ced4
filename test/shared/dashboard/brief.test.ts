import { describe, expect, it } from 'vitest';
import { evaluateAlerts } from '#shared/alerts/evaluate-alerts.ts';
import { briefOf, briefPeopleOf } from '#shared/dashboard/brief.ts';
import { NO_FACTS, type CoachFacts } from '#shared/dashboard/facts.ts';
import { freshnessOf } from '#shared/dashboard/freshness.ts';
import { figuresOf } from '#shared/dashboard/figures.ts';
import { kpisOf } from '#shared/dashboard/kpis.ts';
import { periodOf, type Period } from '#shared/dashboard/period.ts';
import { inWords, listNames, roughly } from '#shared/kernel/format.ts';
import { DEFAULT_SYNC_SETTINGS } from '#shared/settings/sync-settings.ts';
import { aCompetitor, aDay, aNewcomer, aSyncState } from '#test/support/records.ts';

const now = new Date('2026-11-24T20:10:00.000Z');
const period = periodOf({ from: '2026-11-01', to: '2026-11-24' }, '2026-11-24') as Period;

function brief(over: Partial<CoachFacts>, suspension: 'off' | 'blocked' | null = null) {
  const facts = { ...NO_FACTS, ...over };
  const freshness = freshnessOf({
    facts,
    runs: [],
    suspension,
    now,
    slaHours: DEFAULT_SYNC_SETTINGS.slaHours,
  });
  const { solved } = kpisOf({
    figures: figuresOf(facts, (iso) => iso.slice(0, 10)),
    period,
    asOf: freshness.asOf,
    late: freshness.late,
  });
  const { slaHours } = DEFAULT_SYNC_SETTINGS;
  const { lateIds } = freshness;
  const alerts = evaluateAlerts({ facts, lateIds, suspension, slaHours, inactiveDays: 14, now }).open;
  return briefOf({ ...briefPeopleOf(facts, alerts, lateIds), freshness, suspension, solved, period, now });
}

describe('Is anything wrong?', () => {
  it('says how old the scores are when all is well', () => {
    const { wrong } = brief({
      competitors: [aCompetitor()],
      syncStates: [aSyncState({ lastReadAt: '2026-11-24T20:04:00.000Z' })],
    });
    expect(wrong).toMatchObject({ tone: 'calm', headline: 'Nothing. Scores are 6 minutes old.' });
  });

  it('says the age of the oldest read, as the panel and every “as of” do', () => {
    const { wrong } = brief({
      competitors: [aCompetitor({ id: 'cmp_1' }), aCompetitor({ id: 'cmp_2' })],
      syncStates: [
        aSyncState({ competitorId: 'cmp_1', lastReadAt: '2026-11-24T20:04:00.000Z' }),
        aSyncState({ competitorId: 'cmp_2', lastReadAt: '2026-11-24T17:10:00.000Z' }),
      ],
    });
    expect(wrong.headline).toBe('Nothing. Scores are 3 hours old.');
  });

  it('says so when scores are old, and admits that more may have been solved', () => {
    const { wrong } = brief({
      competitors: [aCompetitor()],
      syncStates: [aSyncState({ lastReadAt: '2026-11-24T11:00:00.000Z' })],
    });
    expect(wrong).toMatchObject({ tone: 'stale', headline: 'Scores are 9 hours old.' });
    expect(wrong.detail).toContain('may have solved more than we show');
  });

  it('names a pause as the program’s', () => {
    expect(brief({ competitors: [aCompetitor()] }, 'off').wrong.headline).toBe(
      'Sync is paused by the program.',
    );
  });

  it('says who acts when the platform refuses our access', () => {
    expect(brief({ competitors: [aCompetitor()] }, 'blocked').wrong).toMatchObject({
      headline: 'The platform is refusing our access.',
      detail: expect.stringContaining('admins'),
    });
  });

  it('never calls unread scores fine', () => {
    expect(brief({ competitors: [aCompetitor()] }).wrong).toMatchObject({
      tone: 'stale',
      headline: 'Scores have not been read yet.',
    });
  });
});

describe('Who needs me?', () => {
  it('counts each person once, the most pressing reason first', () => {
    const refusal = { code: 'ALREADY_EXISTS', message: 'm', remedy: 'r', at: '2026-11-12T10:00:00.000Z' };
    const newcomer = aNewcomer();
    const { needs } = brief({
      competitors: [
        aNewcomer({ id: 'ready', firstName: 'Tomasz' }),
        aNewcomer({ id: 'refused', firstName: 'Anouk', platform: { ...newcomer.platform, refusal } }),
        aNewcomer({ id: 'release', firstName: 'Leilani', mediaReleaseDate: null }),
        aNewcomer({ id: 'profile', firstName: 'Ruby', guardianEmail: null, mediaReleaseDate: null }),
        aCompetitor({
          id: 'unused',
          firstName: 'Hana',
          platform: { ...aCompetitor().platform, lastLoginAt: null },
        }),
        aNewcomer({ id: 'gone', active: false, mediaReleaseDate: null }),
      ],
    });
    expect(needs).toMatchObject({
      tone: 'attention',
      headline: 'Five people, about nine minutes.',
      detail:
        'One refused account, one ready to add, one missing release, one unfinished profile, one account never used.',
      chips: [{ text: 'Anouk, Tomasz, Leilani, Ruby, and 1 more' }],
    });
  });

  it('leaves the coach in peace when nobody does', () => {
    expect(brief({ competitors: [aCompetitor()] }).needs.headline).toBe('No one right now.');
  });
});

describe('How are we doing?', () => {
  it('compares with the period before', () => {
    const { progress } = brief({
      competitors: [aCompetitor()],
      syncStates: [aSyncState()],
      days: [aDay({ odl: 6, day: '2026-11-10' }), aDay({ odl: 4, day: '2026-10-20' })],
    });
    expect(progress).toMatchObject({
      headline: '2 more challenges than the previous 24 days.',
      detail: '6 challenges solved in this period, 4 in the previous 24 days.',
      chips: [{ tone: 'up', text: '50% vs Oct 8–31' }],
    });
  });

  it('says nothing about progress before the first read', () => {
    expect(brief({ competitors: [aCompetitor()] }).progress.headline).toBe('Not known yet.');
  });
});

describe('Words', () => {
  it.each([
    [0, 'no'],
    [7, 'seven'],
    [12, 'twelve'],
    [13, '13'],
  ])('%i is %s', (count, word) => {
    expect(inWords(count)).toBe(word);
  });

  it.each([
    [20_000, 'a moment'],
    [61_000, '1 minute'],
    [9 * 3_600_000, '9 hours'],
    [75 * 3_600_000, '3 days'],
  ])('%i ms is %s', (ms, words) => {
    expect(roughly(ms)).toBe(words);
  });

  it.each([
    [['Anouk'], 'Anouk'],
    [['Anouk', 'Noah'], 'Anouk and Noah'],
    [['Anouk', 'Noah', 'Hana', 'Ruby'], 'Anouk, Noah, Hana, and 1 more'],
  ])('lists %j', (names, words) => {
    expect(listNames(names, 3)).toBe(words);
  });
});
