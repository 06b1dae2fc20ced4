import { describe, expect, it } from 'vitest';
import { NO_FACTS, type CoachFacts } from '#shared/dashboard/facts.ts';
import { freshnessOf, type SyncRun } from '#shared/dashboard/freshness.ts';
import { DEFAULT_SYNC_SETTINGS } from '#shared/settings/sync-settings.ts';
import { aCompetitor, aNewcomer, aSyncState } from '#test/support/records.ts';

const now = new Date('2026-11-24T20:10:00.000Z');
const { slaHours: PROMISED } = DEFAULT_SYNC_SETTINGS;
const freshness = (
  facts: Partial<CoachFacts>,
  runs: readonly SyncRun[] = [],
  suspension: 'off' | null = null,
  slaHours = PROMISED,
) => freshnessOf({ facts: { ...NO_FACTS, ...facts }, runs, suspension, now, slaHours });
const run = (createdAt: string, finishedAt: string | null = createdAt, failed = false): SyncRun => ({
  createdAt,
  finishedAt,
  failed,
});
const people = (...ids: string[]) => ids.map((id) => aCompetitor({ id }));
const read = (competitorId: string, lastReadAt: string | null) => aSyncState({ competitorId, lastReadAt });

describe('How old the scores are', () => {
  it('is told by the oldest successful read among those who can be read', () => {
    const unapproved = { ...aCompetitor().platform, accountStatus: 'pending_approval' };
    const result = freshness({
      competitors: [
        ...people('a', 'b'),
        aNewcomer({ id: 'n' }),
        aCompetitor({ id: 'p', platform: unapproved }),
      ],
      syncStates: [read('a', '2026-11-24T20:00:00.000Z'), read('b', '2026-11-24T19:30:00.000Z')],
    });
    expect(result).toMatchObject({
      state: 'live',
      asOf: '2026-11-24T19:30:00.000Z',
      lastReadAt: '2026-11-24T20:00:00.000Z',
      late: 0,
      expected: 2,
    });
  });

  it('counts who was never read, and who was read longer ago than promised, as late', () => {
    const result = freshness({
      competitors: people('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'),
      syncStates: [
        ...['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((id) => read(id, '2026-11-24T20:00:00.000Z')),
        read('h', '2026-11-24T12:00:00.000Z'),
        read('i', null),
      ],
    });
    expect([...result.lateIds]).toEqual(['h', 'i']);
    expect(result.state).toBe('live');
  });

  it.each([
    [8, '2026-11-24T12:10:00.000Z', []],
    [8, '2026-11-24T12:09:59.999Z', ['b']],
    [4, '2026-11-24T16:10:00.000Z', []],
    [4, '2026-11-24T16:09:59.999Z', ['b']],
  ])('with %i hours in the settings, counts a read of %s by these hours', (slaHours, readAt, late) => {
    const syncStates = [read('a', '2026-11-24T20:00:00.000Z'), read('b', readAt)];
    const result = freshness({ competitors: people('a', 'b'), syncStates }, [], null, slaHours);
    expect([...result.lateIds]).toEqual(late);
    expect(result.promiseSeconds).toBe(slaHours * 3_600);
  });

  it.each([
    ['never', [read('a', null)], null],
    ['stale', [read('a', '2026-11-24T18:00:00.000Z')], null],
    ['live', [read('a', '2026-11-24T18:20:00.000Z')], null],
    ['paused', [read('a', '2026-11-24T20:00:00.000Z')], 'off'],
  ] as const)('is %s', (state, syncStates, suspension) => {
    expect(freshness({ competitors: people('a'), syncStates }, [], suspension).state).toBe(state);
  });

  it('is live, not never, while there is nobody to read', () => {
    expect(freshness({ competitors: [aNewcomer()] }).state).toBe('live');
  });
});

describe('The rail', () => {
  it('has a tick per planned read since the first run: in time, late and missed apart', () => {
    const { ticks } = freshness(
      { solvesStoredAt: ['2026-11-24T18:00:10.000Z', '2026-11-24T18:00:11.000Z'] },
      [
        run('2026-11-24T18:00:00.000Z', '2026-11-24T18:00:20.000Z'),
        run('2026-11-24T18:30:00.000Z', '2026-11-24T19:05:00.000Z'),
        run('2026-11-24T19:30:00.000Z', '2026-11-24T19:30:05.000Z', true),
      ],
    );
    expect(ticks.map(({ at, state, newSolves }) => [at.slice(11, 16), state, newSolves])).toEqual([
      ['18:00', 'ok', 2],
      ['18:30', 'late', 0],
      ['19:00', 'missed', 0],
      ['19:30', 'late', 0],
    ]);
  });

  it('has at most 48 ticks and none before anything ever ran', () => {
    expect(freshness({}).ticks).toEqual([]);
    expect(freshness({}, [run('2026-11-20T00:00:00.000Z')]).ticks.length).toBeLessThanOrEqual(48);
  });

  it('counts a run that still goes on as in time until the next is due', () => {
    expect(freshness({}, [run('2026-11-24T20:01:00.000Z', null)]).ticks).toMatchObject([{ state: 'ok' }]);
  });
});
