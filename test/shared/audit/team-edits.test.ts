import { describe, expect, test } from 'vitest';
import { createActivityRepository } from '#shared/audit/activity-repository.ts';
import type { Activity } from '#shared/audit/activity.ts';
import { createPersonRepository } from '#shared/competitors/privacy/person-repository.ts';
import { createExportCompetitor } from '#shared/competitors/privacy/export-competitor.ts';
import { transactWrite } from '#shared/table/table.ts';
import { aCompetitor } from '#test/support/records.ts';
import { useTestTables } from '#test/support/dynamodb.ts';

const newTable = useTestTables();
const NOVEMBER = { from: '2026-11-01T00:00:00.000Z', to: '2026-12-01T00:00:00.000Z' };

const line = (over: Partial<Activity>): Activity => ({
  id: `act_${over.at}`,
  coachId: 'coa_a',
  at: '2026-11-24T20:00:00.000Z',
  kind: 'member_added',
  actor: 'user:ada',
  competitorId: 'cmp_1',
  details: { teamId: 'team_1' },
  ...over,
});
const on = (day: number) => `2026-11-${day}T20:00:00.000Z`;

async function editedTable() {
  const table = await newTable();
  const activity = createActivityRepository(table);
  const edits = [
    line({ at: '2026-10-31T20:00:00.000Z' }),
    line({ at: on(10) }),
    line({ at: on(20), kind: 'team_changed', competitorId: null }),
    line({ at: on(21), coachId: 'coa_b' }),
  ];
  const items = await Promise.all(edits.map((edit) => activity.appendTeamEdit(edit)));
  await transactWrite(table, items.flat());
  await activity.append(line({ at: on(22), kind: 'solves_stored', details: { odl: 1, ctf: 0 } }));
  return { table, activity };
}

test('changes of a coach’s teams are counted without their other lines, the newest first', async () => {
  const { activity } = await editedTable();
  expect(await activity.teamEditsOf('coa_a', { limit: 5, within: NOVEMBER })).toEqual({
    items: [
      { at: on(20), competitorId: null, teamId: 'team_1' },
      { at: on(10), competitorId: 'cmp_1', teamId: 'team_1' },
    ],
    more: false,
  });
  expect(await activity.teamEditsOf('coa_a', { limit: 1, within: NOVEMBER })).toMatchObject({
    items: [{ at: on(20) }],
    more: true,
  });
});

test('an export of a person tells each of their lines once', async () => {
  const { table } = await editedTable();
  const rows = createPersonRepository(table, () =>
    Promise.resolve({ lastReadAt: null, lastFlashReadAt: null }),
  );
  const told = await createExportCompetitor({ rows, now: () => new Date(on(25)) })(aCompetitor());
  expect(told.activity.map(({ at }) => at)).toEqual(['2026-10-31T20:00:00.000Z', on(10), on(21), on(22)]);
});

describe('The activity of all coaches', () => {
  const NOW = new Date('2026-11-25T10:00:00.000Z');

  test('goes on over days and coaches, each line once, the newest first', async () => {
    const { activity } = await editedTable();
    const seen: string[] = [];
    let before: string | null = null;
    for (let page = 0; page < 40; page += 1) {
      const found: Awaited<ReturnType<typeof activity.ofProgram>> = await activity.ofProgram({
        limit: 2,
        ...(before === null ? {} : { before }),
        now: NOW,
      });
      seen.push(...found.items.map(({ at }) => at));
      before = found.next;
      if (before === null) break;
    }
    expect(seen).toEqual([on(22), on(21), on(20), on(10), '2026-10-31T20:00:00.000Z']);
  });

  test('keeps to the days that are asked for', async () => {
    const { activity } = await editedTable();
    const within = { from: on(10), to: on(21) };
    const { items, next } = await activity.ofProgram({ limit: 5, within, now: NOW });
    expect([items.map(({ at }) => at), next]).toEqual([[on(20), on(10)], null]);
  });
});
