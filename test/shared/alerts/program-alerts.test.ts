import { describe, expect, test } from 'vitest';
import { alertSumsOf, foldAlertSums, type AlertSums } from '#shared/alerts/alert-sums.ts';
import { evaluateAlerts, type AlertInput } from '#shared/alerts/evaluate-alerts.ts';
import { readProgramAlerts, type ProgramAlertsDeps } from '#shared/alerts/program-alerts.ts';
import type { AlertRecord } from '#shared/alerts/alert-record.ts';
import { aCompetitor } from '#test/support/competitors.ts';

const now = new Date('2026-11-20T18:00:00.000Z');
const at = '2026-11-20T17:50:00.000Z';
const PROMISES = { slaHours: 8, inactiveDays: 14, suspension: null, now };

/** A coach with so many people whose releases are missing since a day. */
function coach(id: string, people: number, day = 10): AlertInput['facts'] {
  const updatedAt = `2026-11-${String(day).padStart(2, '0')}T10:00:00.000Z`;
  return {
    competitors: Array.from({ length: people }, (_, index) =>
      aCompetitor({
        id: `${id}_${index}`,
        coachId: id,
        firstName: `Name${index}`,
        mediaReleaseDate: null,
        updatedAt,
      }),
    ),
    teams: [],
    stats: [],
    syncStates: [],
    rosters: [],
    alertRecords: [],
  };
}
const sums = (facts: AlertInput['facts']): AlertSums =>
  alertSumsOf(evaluateAlerts({ ...PROMISES, facts, lateIds: new Set() }), facts.alertRecords, now);

const record = (coachId: string, snooze: AlertRecord['snooze']): AlertRecord => ({
  coachId,
  cause: 'release_missing',
  version: 2,
  openedAt: at,
  closedAt: null,
  snooze,
});

const read = (kept: AlertSums, over: Partial<ProgramAlertsDeps> = {}) =>
  readProgramAlerts({
    everybody: 'program',
    sums: () => Promise.resolve({ at, sums: kept }),
    recordsOf: () => Promise.resolve([]),
    namesOf: ({ competitors }) => Promise.resolve(new Map(competitors.map((id) => [id, `First ${id}`]))),
    suspension: () => Promise.resolve(null),
    inactiveDays: () => Promise.resolve(14),
    now: () => now,
    ...over,
  });

describe('The alerts of all coaches', () => {
  test('are those of each, with names while they are few, as of when they were summed', async () => {
    const list = await read(foldAlertSums([sums(coach('coa_a', 2)), sums(coach('coa_b', 5))]));
    expect(list?.items.map(({ id, headline, subjectIds }) => [id, headline, subjectIds.length])).toEqual([
      ['coa_a.release_missing', 'Releases are missing: First coa_a_0 and First coa_a_1', 2],
      ['coa_b.release_missing', 'Releases are missing: 5 competitors', 5],
    ]);
    expect(list).toMatchObject({
      counts: { open: 2, ofCoach: 2, closed: 0 },
      complete: true,
      asOf: at,
    });
  });

  test('beyond a hundred are counted, and those that wait longest are shown', async () => {
    const all = Array.from({ length: 140 }, (_, index) =>
      sums(coach(`coa_${String(index).padStart(3, '0')}`, 1, (index % 14) + 1)),
    );
    const list = await read(foldAlertSums(all));
    expect(list).toMatchObject({ counts: { open: 140, ofCoach: 140 }, complete: false });
    expect(list?.items).toHaveLength(100);
    expect(list?.items.map(({ since }) => since)).toEqual(list?.items.map(({ since }) => since).toSorted());
    expect(list?.items.at(-1)?.since).toBe('2026-11-10T10:00:00.000Z');
  });

  test('about very many name some of them by id, and tell how many there are', async () => {
    const list = await read(foldAlertSums([sums(coach('coa_a', 1_500)), sums(coach('coa_b', 1_500))]));
    expect(list?.complete).toBe(false);
    expect(list?.items.map(({ headline, subjectIds }) => [headline, subjectIds.length])).toEqual([
      ['Releases are missing: 1,500 competitors', 1_500],
      ['Releases are missing: 1,500 competitors', 500],
    ]);
  });

  test('that were snoozed or woken since are so at once, in the counts too', async () => {
    const until = '2026-11-25T12:00:00.000Z';
    const put = { until, subjectIds: ['coa_a_0'] };
    const snoozedBefore = {
      ...coach('coa_b', 1),
      alertRecords: [record('coa_b', { until, subjectIds: ['coa_b_0'] })],
    };
    const kept = foldAlertSums([sums(coach('coa_a', 1)), sums(snoozedBefore)]);
    expect(kept.open).toEqual({ release_missing: 1 });
    const list = await read(kept, {
      recordsOf: () => Promise.resolve([record('coa_a', put), record('coa_b', null)]),
    });
    expect(list?.snoozed).toMatchObject([{ id: 'coa_a.release_missing', snoozedUntil: until }]);
    expect(list?.items).toMatchObject([{ id: 'coa_b.release_missing', snoozedUntil: null }]);
    expect(list?.counts.open).toBe(1);
  });

  test('about somebody who was erased since are not shown', async () => {
    const list = await read(foldAlertSums([sums(coach('coa_a', 1)), sums(coach('coa_b', 2))]), {
      namesOf: () => Promise.resolve(new Map([['coa_b_1', 'Wren']])),
    });
    expect(list?.items).toMatchObject([
      { coachId: 'coa_b', headline: 'A release is missing: Wren', action: { target: { id: 'coa_b_1' } } },
    ]);
  });

  test('about one person twice ask for the name once', async () => {
    const facts = coach('coa_a', 1);
    const late = alertSumsOf(evaluateAlerts({ ...PROMISES, facts, lateIds: new Set(['coa_a_0']) }), [], now);
    const asked: string[] = [];
    const list = await read(foldAlertSums([late]), {
      namesOf: ({ competitors }) => {
        asked.push(...competitors);
        return Promise.resolve(new Map([['coa_a_0', 'Wren']]));
      },
    });
    expect(list?.items).toHaveLength(2);
    expect(asked).toEqual(['coa_a_0']);
  });

  test('say once that reads are suspended, and not that everybody is late because of it', async () => {
    const facts = coach('coa_a', 1);
    const late = alertSumsOf(evaluateAlerts({ ...PROMISES, facts, lateIds: new Set(['coa_a_0']) }), [], now);
    const kept = foldAlertSums([late, late]);
    expect((await read(kept))?.counts.open).toBe(4);
    const list = await read(kept, { suspension: () => Promise.resolve('off') });
    expect(list?.items.map(({ cause }) => cause)).toEqual([
      'sync_paused',
      'release_missing',
      'release_missing',
    ]);
    expect(list?.counts).toEqual({ open: 3, ofCoach: 2, closed: 0 });
  });
});
