import { describe, expect, test } from 'vitest';
import { openMonth, restatedNotes, restatements } from '#shared/score-sync/restated-months.ts';
import type { CompetitorStats, Solve, SolveSource } from '#shared/score-sync/score-records.ts';
import { planAudit, type Claim } from '#shared/score-sync/solve-audit.ts';

const READ_AT = '2026-11-24T18:00:00.000Z';
const EARLIER = '2026-11-20T18:00:00.000Z';

const solve = (solveId: number, over: Partial<Solve> = {}): Solve => ({
  competitorId: 'cmp_1',
  coachId: 'coach_1',
  source: 'odl',
  eventId: 'odl',
  solveId,
  challengeId: solveId,
  title: 'Cookie Jar',
  points: 100,
  category: 'web',
  solvedAt: '2026-11-19T12:00:00.000Z',
  day: '2026-11-19',
  retired: false,
  workRoles: [],
  storedAt: EARLIER,
  ...over,
});
const some = (count: number, over: Partial<Solve> = {}) =>
  Array.from({ length: count }, (_, index) => solve(index, over));

interface Answer {
  readonly source?: SolveSource;
  readonly complete?: boolean;
  readonly readAt?: string;
  readonly jobId?: string;
  readonly unreadable?: readonly number[];
  readonly listsAllOf?: (eventId: string) => boolean;
}
const claimOf = (solves: readonly Solve[], answer: Answer = {}): Claim => {
  const { source = 'odl', complete = true, readAt = READ_AT, jobId = 'job_1' } = answer;
  return {
    source,
    mapped: {
      solves: solves.map(({ revokedAt: _at, change: _change, ...answered }) => ({
        ...answered,
        storedAt: readAt,
      })),
      rejected: (answer.unreadable ?? []).map((solveId) => ({
        source,
        eventId: 'odl',
        solveId,
        unparsed: { index: 0, issues: [], redacted: null },
      })),
      oddParts: [],
      listsAllOf: answer.listsAllOf ?? (() => true),
    },
    complete,
    readAt,
    jobId,
  };
};
type AuditedStats = Pick<CompetitorStats, 'heldOdl' | 'heldCtf' | 'leftTeamAt'>;
const audit = (
  stored: readonly Solve[],
  answered: readonly Solve[],
  answer: Answer = {},
  stats: AuditedStats = {},
) => planAudit(stored, stats, claimOf(answered, answer));
const kinds = (plan: ReturnType<typeof audit>) =>
  plan.changes.map(({ kind, after }) => `${kind} ${after.solveId}`);

describe('what an answer changes', () => {
  test('nothing when it says what is stored', () => {
    expect(audit(some(3), some(3))).toEqual({ changes: [], pending: null, kept: new Set() });
  });

  test('a solve that it has no more is withdrawn: the row stays, with the time of the answer', () => {
    const plan = audit(some(3), some(2));
    expect(kinds(plan)).toEqual(['revoked 2']);
    expect(plan.changes[0]?.after).toMatchObject({
      points: 100,
      revokedAt: READ_AT,
      change: { jobId: 'job_1' },
    });
  });

  test('one that comes back stands again, even in a filtered answer', () => {
    const revoked = solve(1, { revokedAt: EARLIER });
    const plan = audit([revoked], [solve(1)], { complete: false });
    expect(kinds(plan)).toEqual(['restored 1']);
    expect(plan.changes[0]?.after.revokedAt).toBeUndefined();
  });

  test.each([
    { points: 90 },
    { category: 'crypto' },
    { title: 'Other' },
    { solvedAt: '2026-11-18T12:00:00.000Z' },
  ])('another value is a correction: %o', (change) => {
    const plan = audit([solve(1)], [solve(1, change)]);
    expect(kinds(plan)).toEqual(['corrected 1']);
    expect(plan.changes[0]).toMatchObject({ before: solve(1), after: { ...change, storedAt: EARLIER } });
  });

  test('a challenge that was retired is kept up to date, and is no correction', () => {
    expect(kinds(audit([solve(1)], [solve(1, { retired: true })]))).toEqual(['updated 1']);
  });
});

describe('what is never taken for a withdrawal', () => {
  test('a solve missing from a filtered answer', () => {
    expect(audit(some(3), some(2), { complete: false }).changes).toEqual([]);
  });
  test('a solve missing from a list that is shorter than its totals say', () => {
    expect(audit(some(3), some(2), { listsAllOf: () => false }).changes).toEqual([]);
  });
  test('a solve whose record could not be read', () => {
    expect(audit(some(3), some(2), { unreadable: [2] }).changes).toEqual([]);
  });
  test('a solve of the other source', () => {
    const ctf = solve(9, { source: 'ctf', eventId: 'event_1' });
    expect(audit([...some(2), ctf], some(2)).changes).toEqual([]);
  });
  test('a solve that was stored or changed after the answer was asked for', () => {
    const late = solve(2, { storedAt: '2026-11-24T18:00:01.000Z' });
    expect(audit([...some(2), late], some(2)).changes).toEqual([]);
    const revoked = solve(0, {
      revokedAt: '2026-11-24T18:00:01.000Z',
      change: { kind: 'revoked', at: '2026-11-24T18:00:01.000Z', jobId: 'job_2' },
    });
    expect(audit([revoked], some(1)).changes).toEqual([]);
  });
});

describe('many withdrawals at once', () => {
  const LATER = '2026-11-24T19:00:00.000Z';
  test.each([
    ['all of one', 1, 0],
    ['all of many', 8, 0],
    ['more than half of five', 5, 2],
  ])('%s are not believed at once', (_, had, has) => {
    const plan = audit(some(had), some(has));
    expect(plan.changes).toEqual([]);
    expect(plan.pending).toMatchObject({ jobId: 'job_1', at: READ_AT, count: had - has });
  });
  test.each([
    ['one of two', 2, 1],
    ['two of four', 4, 2],
    ['half of six', 6, 3],
  ])('%s are believed', (_, had, has) => {
    expect(audit(some(had), some(has)).changes).toHaveLength(had - has);
  });

  const pending = audit(some(6), []).pending ?? undefined;
  const again = (answered: readonly Solve[], answer: Answer) =>
    audit(some(6), answered, answer, pending === undefined ? {} : { heldOdl: pending });

  test('a later job that sees the same confirms them', () => {
    const plan = again([], { jobId: 'job_2', readAt: LATER });
    expect(plan.changes).toHaveLength(6);
    expect(plan.pending).toBeNull();
  });
  test('the same job, or another one a moment later, does not', () => {
    expect(again([], { readAt: LATER })).toMatchObject({ changes: [], pending });
    expect(again([], { jobId: 'job_2', readAt: '2026-11-24T18:05:00.000Z' })).toMatchObject({
      changes: [],
      pending,
    });
  });
  test('a later job that sees other ones missing waits for those again', () => {
    const plan = again([solve(0)], { jobId: 'job_2', readAt: LATER });
    expect(plan.changes).toEqual([]);
    expect(plan.pending).toMatchObject({ jobId: 'job_2', count: 5 });
  });
  test('a later job that sees them all again forgets them', () => {
    expect(again(some(6), { jobId: 'job_2', readAt: LATER })).toMatchObject({ changes: [], pending: null });
  });
  test('each Flash CTF is classified by itself', () => {
    const first = some(4, { source: 'ctf', eventId: 'event_1' });
    const second = some(4, { source: 'ctf', eventId: 'event_2' });
    const plan = audit([...first, ...second], first.slice(0, 3), { source: 'ctf' });
    expect(kinds(plan)).toEqual(['revoked 3']);
    expect(plan.pending).toMatchObject({ count: 4 });
  });
});

describe('a competitor who left a team', () => {
  const leftTeamAt = '2026-11-19T13:00:00.000Z';
  const after = solve(7, { solvedAt: '2026-11-21T12:00:00.000Z' });
  test('keeps all that the platform dropped with it, for good', () => {
    const plan = audit([...some(6), after], [after], {}, { leftTeamAt });
    expect(plan.changes).toEqual([]);
    expect(plan.pending).toBeNull();
    expect(plan.kept.size).toBe(6);
  });
  test('loses a single withdrawn solve like everyone else', () => {
    const plan = audit([...some(6), after], [...some(5), after], {}, { leftTeamAt });
    expect(kinds(plan)).toEqual(['revoked 5']);
  });
});

describe('months that change after they ended', () => {
  const october = solve(1, { day: '2026-10-30' });
  test('are reported with what moved; a change inside the open month, or back again, is none', () => {
    const open = '2026-11';
    const gone = { before: october, after: { ...october, revokedAt: READ_AT } };
    expect([...restatements([gone], open)]).toEqual([
      ['2026-10', { odl: -1, ctf: 0, odlPoints: -100, ctfPoints: 0 }],
    ]);
    expect(restatements([gone, { before: gone.after, after: october }], open).size).toBe(0);
    expect(restatements([{ before: null, after: solve(2) }], open).size).toBe(0);
    const moved = { before: october, after: { ...october, day: '2026-09-30', points: 90 } };
    expect(Object.fromEntries(restatements([moved], open))).toMatchObject({
      '2026-09': { odl: 1, odlPoints: 90 },
      '2026-10': { odl: -1, odlPoints: -100 },
    });
  });

  test('a month is open for a day after its end; at a first read no month was shown to anyone', () => {
    const at = new Date('2026-11-01T20:00:00.000Z');
    const zone = 'America/Los_Angeles';
    expect(openMonth({ lastReadAt: EARLIER }, at, zone)).toBe('2026-10');
    expect(openMonth({ lastReadAt: EARLIER }, new Date('2026-11-02T20:00:00.000Z'), zone)).toBe('2026-11');
    expect(openMonth({ lastReadAt: null }, at, zone)).toBeNull();
  });

  test('are one note for all people, without those that came back to where they were', () => {
    const row = { coachId: 'coach_1', month: '2026-10', firstAt: EARLIER, ctf: 0, ctfPoints: 0 };
    const notes = restatedNotes([
      { ...row, competitorId: 'cmp_1', lastAt: EARLIER, odl: -1, odlPoints: -100 },
      { ...row, competitorId: 'cmp_2', lastAt: READ_AT, odl: -2, odlPoints: -50 },
      { ...row, competitorId: 'cmp_3', lastAt: READ_AT, odl: 0, odlPoints: 0 },
    ]);
    expect(notes).toEqual([
      { month: '2026-10', lastAt: READ_AT, people: 2, odl: -3, ctf: 0, odlPoints: -150, ctfPoints: 0 },
    ]);
  });
});
