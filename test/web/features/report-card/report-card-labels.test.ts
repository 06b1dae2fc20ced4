import { describe, expect, it, test } from 'vitest';
import type { CardSolve, Insight, ReportCard } from '#shared/report-card/contract.ts';
import { cardPeriodOf } from '#web/features/report-card/report-card-api.ts';
import {
  findingOf,
  groupName,
  heatLevel,
  markLabel,
  spreadOut,
  stateNote,
} from '#web/features/report-card/report-card-labels.ts';
import { ticksUpTo } from '#web/shared/charts/sparkline.tsx';

const words = { firstName: 'Amara', day: (day: string) => day, moment: (iso: string) => iso };

describe('A finding', () => {
  it.each<[Insight, string, string]>([
    [
      { code: 'progress', challenges: 12, previous: 13, days: 30 },
      '1 challenge fewer than in the 30 days before.',
      '12 now, 13 then.',
    ],
    [
      { code: 'strongest', category: 'OSINT', points: 250, of: 1_000 },
      'Strongest in OSINT.',
      '250 of 1,000 points, 25%, are from it.',
    ],
    [
      { code: 'rank', from: 41, to: 18, events: 3 },
      'Flash CTF rank rose from 41 to 18.',
      'First and last of 3 events with a rank.',
    ],
    [
      { code: 'team', points: 100, average: 120.5, people: 5 },
      '20.5 points below the team’s average.',
      '100 points; the 5 members average 120.5.',
    ],
  ])('%j says what it rests on', (insight, text, because) => {
    expect(findingOf(insight, words)).toEqual({ text, because });
  });

  it('lists categories without a solve as a sentence would', () => {
    const insight: Insight = { code: 'untouched', categories: ['OSINT', 'Forensics'], known: 6 };
    expect(findingOf(insight, words).text).toContain('Nothing yet in OSINT and Forensics.');
  });
});

const noteOf = (over: Pick<ReportCard, 'state'> & Partial<ReportCard>) =>
  stateNote(
    {
      period: { from: '', to: '', previousFrom: '', previousTo: '', timeZone: 'UTC' },
      competitor: {
        id: 'cmp_1',
        coachId: 'coach_1',
        firstName: 'Amara',
        lastName: 'Quill',
        grade: null,
        division: null,
        team: null,
        username: null,
        onboardedAt: null,
      },
      asOf: '2026-11-24T19:30:00.000Z',
      flashAsOf: null,
      promiseSeconds: 28_800,
      partial: false,
      figures: null,
      ...over,
    },
    words.moment,
  );

describe('The note on the state', () => {
  it('is silent when all is fresh', () => {
    expect(noteOf({ state: 'ok' })).toBeNull();
  });

  it('says that the comparison is partial when others are late', () => {
    expect(noteOf({ state: 'ok', partial: true })?.title).toBe('The comparison is partial');
  });

  it.each(['stale', 'not_approved', 'deactivated', 'never_read', 'no_account', 'on_hold'] as const)(
    '%s says what is so and what to do',
    (state) => {
      expect(noteOf({ state })?.text).toMatch(/\. .+\.$/);
    },
  );
});

test('a withdrawn solve says that it counts nowhere, a corrected one what it was', () => {
  const solve: CardSolve = {
    id: 'odl#odl#1',
    source: 'odl',
    eventName: null,
    title: 'Caesar at Sea',
    category: 'Cryptography',
    points: 100,
    solvedAt: '2026-11-20T23:00:00.000Z',
    day: '2026-11-20',
    mark: 'withdrawn',
    markedAt: 'Nov 21',
    pointsBefore: null,
  };
  expect(markLabel(solve, words.moment)).toBe('Withdrawn by the platform Nov 21; not counted');
  expect(markLabel({ ...solve, mark: 'corrected', pointsBefore: 80 }, words.moment)).toBe(
    'Corrected by the platform Nov 21, was 80',
  );
  expect(markLabel({ ...solve, mark: null }, words.moment)).toBeNull();
});

test('ticks are round and reach the highest value', () => {
  expect(ticksUpTo(157_750)).toEqual([0, 50_000, 100_000, 150_000, 200_000]);
  expect(ticksUpTo(0)).toEqual([0, 1]);
});

test('a day is the darker the more was solved', () => {
  expect([0, 1, 4, 7, 8].map(heatLevel)).toEqual([0, 1, 2, 3, 4]);
});

test('labels that would lie on each other are moved apart and stay inside', () => {
  expect(spreadOut([100, 105, 20], 30, 120)).toEqual([90, 120, 20]);
});

test('groups and periods have names; an unknown period is the first', () => {
  expect(groupName({ kind: 'division', name: 'high_school' })).toBe('High School average');
  expect(cardPeriodOf('yesterday').id).toBe('last-90');
});
