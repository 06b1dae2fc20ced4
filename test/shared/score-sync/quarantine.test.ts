import { beforeEach, expect, test } from 'vitest';
import { createListQuarantine } from '#shared/score-sync/list-quarantine.ts';
import { createQuarantineRepository } from '#shared/score-sync/quarantine-repository.ts';
import type { Table } from '#shared/table/table.ts';
import { useTestTables } from '#test/support/dynamodb.ts';

const newTable = useTestTables();
let table: Table;
let now: Date;
const list = (asked: Partial<Parameters<ReturnType<typeof createListQuarantine>>[0]> = {}) =>
  createListQuarantine({ quarantine: createQuarantineRepository(table), now: () => now })({
    limit: 50,
    before: null,
    ...asked,
  });

const put = (competitorId: string, record: Record<string, unknown>, at: string) =>
  createQuarantineRepository(table).put(
    { competitorId, coachId: 'coa_1' },
    {
      source: 'odl',
      eventId: 'ODL',
      solveId: null,
      unparsed: { index: 0, issues: [{ path: 'challenge_points', message: 'Too small' }], redacted: record },
    },
    new Date(at),
  );

beforeEach(async () => {
  table = await newTable();
  now = new Date('2026-11-24T20:00:00.000Z');
  await put(
    'cmp_a',
    { timestamp_unix: 1_795_000_000, challenge_title: '[text, 9]' },
    '2026-11-20T08:00:00.000Z',
  );
  await put('cmp_b', { timestamp_unix: 0 }, '2026-11-24T09:00:00.000Z');
  await put('cmp_a', { other: 1 }, '2026-11-24T10:00:00.000Z');
});

test('lists records newest first, with what was wrong and when they happened', async () => {
  const { items, next } = await list();
  expect(next).toBeNull();
  expect(items.map(({ competitorId, readAt }) => [competitorId, readAt])).toEqual([
    ['cmp_a', '2026-11-24T10:00:00.000Z'],
    ['cmp_b', '2026-11-24T09:00:00.000Z'],
    ['cmp_a', '2026-11-20T08:00:00.000Z'],
  ]);
  expect(items.map(({ happenedAt }) => happenedAt)).toEqual([null, null, '2026-11-18T11:06:40.000Z']);
  expect(items[2]).toMatchObject({
    issues: [{ path: 'challenge_points', message: 'Too small' }],
    redacted: '{"timestamp_unix":1795000000,"challenge_title":"[text, 9]"}',
  });
});

test('pages through days without leaving one out or listing one twice', async () => {
  for (let minute = 10; minute < 25; minute += 1) {
    await put('cmp_c', { minute }, `2026-11-22T12:${minute}:00.000Z`);
  }
  const seen: string[] = [];
  let before: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof list>> = await list({ limit: 4, before });
    expect(page.items.length).toBeLessThanOrEqual(4);
    seen.push(...page.items.map(({ readAt }) => readAt));
    before = page.next;
  } while (before !== null);
  expect(seen).toHaveLength(18);
  expect(seen).toEqual([...new Set(seen)].toSorted().toReversed());
});

test('narrows down to a person and to days', async () => {
  expect((await list({ competitorId: 'cmp_a' })).items).toHaveLength(2);
  expect((await list({ competitorId: 'cmp_a', to: '2026-11-23' })).items).toHaveLength(1);
  expect((await list({ from: '2026-11-21', to: '2026-11-23' })).items).toEqual([]);
  expect((await list({ from: '2020-01-01', to: '2026-11-20' })).items).toHaveLength(1);
  const first = await list({ competitorId: 'cmp_a', limit: 1 });
  const second = await list({ competitorId: 'cmp_a', limit: 1, before: first.next });
  expect([...first.items, ...second.items].map(({ readAt }) => readAt)).toEqual([
    '2026-11-24T10:00:00.000Z',
    '2026-11-20T08:00:00.000Z',
  ]);
  expect(second.next).toBeNull();
});

test('keeps the first read of a day, and shows nothing whose time is over', async () => {
  await put('cmp_b', { timestamp_unix: 0 }, '2026-11-24T19:00:00.000Z');
  expect((await list()).items).toHaveLength(3);
  now = new Date('2027-02-20T12:00:00.000Z');
  expect((await list()).items.map(({ competitorId }) => competitorId)).toEqual(['cmp_a', 'cmp_b']);
});
