import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, test } from 'vitest';
import { createActivityRepository } from '#shared/audit/activity-repository.ts';
import {
  CompetitorChangedError,
  createCompetitorRepository,
} from '#shared/competitors/competitor-repository.ts';
import { createCompetitorRelatedRecordsRepository } from '#shared/composition/related-records-repository.ts';
import { keys } from '#shared/table/keys.ts';
import { statsItem, syncStateItem } from '#shared/score-sync/score-items.ts';
import { createTeamRepository } from '#shared/teams/team-repository.ts';
import type { TransactItem } from '#shared/table/table.ts';
import { UNTRIED, type Team } from '#shared/teams/team.ts';
import { aCompetitor, CREATED_AT } from '#test/support/competitors.ts';
import { itemsOf, useTestTables } from '#test/support/dynamodb.ts';

const newTable = useTestTables();

const numbered = (number: number, coachId = 'coa_1') =>
  aCompetitor({ id: `cmp_${coachId}_${number}`, coachId });

async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const each of source) all.push(each);
  return all;
}

test('a competitor is read back as it was written, by id, by platform id and by coach', async () => {
  const competitors = createCompetitorRepository(await newTable());
  const mira = aCompetitor({ gamePlatformId: 'gp_1' });
  await competitors.create(mira);

  expect(await competitors.byId('cmp_1', { consistent: true })).toEqual(mira);
  expect(await competitors.byPlatformId('gp_1')).toEqual(mira);
  expect(await collect(competitors.ofCoach('coa_1'))).toEqual([mira]);
  expect(await competitors.byId('cmp_2')).toBeUndefined();
  expect(await competitors.byPlatformId('gp_2')).toBeUndefined();
  expect(await collect(competitors.ofCoach('coa_2'))).toEqual([]);
});

test('an id is given once', async () => {
  const competitors = createCompetitorRepository(await newTable());
  await competitors.create(aCompetitor());
  await expect(competitors.create(aCompetitor({ firstName: 'Other' }))).rejects.toBeInstanceOf(
    CompetitorChangedError,
  );
  expect(await competitors.byId('cmp_1')).toMatchObject({ firstName: 'Mira' });
});

describe('a change', () => {
  test('is refused, with everything that goes with it, when the version moved on', async () => {
    const table = await newTable();
    const competitors = createCompetitorRepository(table);
    await competitors.create(aCompetitor());
    await competitors.update(aCompetitor({ version: 2, grade: 10 }));
    const also: TransactItem = {
      Put: { TableName: table.name, Item: { ...keys.lease('also'), type: 'lease' } },
    };

    await expect(competitors.update(aCompetitor({ version: 2, grade: 11 }), [also])).rejects.toBeInstanceOf(
      CompetitorChangedError,
    );
    expect(await competitors.byId('cmp_1')).toMatchObject({ version: 2, grade: 10 });
    expect(await itemsOf(table, keys.lease('also').pk)).toEqual([]);
  });

  test('of ten at once, one wins', async () => {
    const competitors = createCompetitorRepository(await newTable());
    await competitors.create(aCompetitor());
    const results = await Promise.allSettled(
      Array.from({ length: 10 }, (_, index) =>
        competitors.update(aCompetitor({ version: 2, grade: index + 1 })),
      ),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('of nobody is refused', async () => {
    const competitors = createCompetitorRepository(await newTable());
    await expect(competitors.update(aCompetitor({ version: 2 }))).rejects.toBeInstanceOf(
      CompetitorChangedError,
    );
  });
});

describe('pages of a coach', () => {
  test('follow the last id seen, also when that competitor is gone', async () => {
    const table = await newTable();
    const competitors = createCompetitorRepository(table);
    for (const number of [1, 2, 3, 4, 5]) await competitors.put(numbered(number));
    await competitors.put(numbered(1, 'coa_2'));
    const page = async (afterId: string | null, limit: number) =>
      (await competitors.pageOfCoach('coa_1', { limit, afterId })).map(({ id }) => id);

    expect(await page(null, 2)).toEqual(['cmp_coa_1_1', 'cmp_coa_1_2']);
    await table.client.send(
      new DeleteCommand({ TableName: table.name, Key: keys.competitor('cmp_coa_1_2') }),
    );
    expect(await page('cmp_coa_1_2', 2)).toEqual(['cmp_coa_1_3', 'cmp_coa_1_4']);
    expect(await page('cmp_coa_1_4', 2)).toEqual(['cmp_coa_1_5']);
    expect(await page('cmp_coa_1_5', 2)).toEqual([]);
  });

  test('hold competitors only, whatever else the coach has', async () => {
    const table = await newTable();
    const competitors = createCompetitorRepository(table);
    await competitors.put(numbered(1));
    await createTeamRepository(table).put(TEAM);
    expect(await competitors.pageOfCoach('coa_1', { limit: 10, afterId: null })).toHaveLength(1);
  });
});

test('a row of another shape is told by its key and fields, never by its values', async () => {
  const competitors = createCompetitorRepository(await newTable());
  await competitors.put({
    ...aCompetitor(),
    email: 7 as unknown as string,
    grade: 'Mira' as unknown as number,
  });
  const read = competitors.byId('cmp_1');
  await expect(read).rejects.toThrow(
    'The competitor row COMP#cmp_1 PROFILE has another shape: email (invalid_type), grade (invalid_type)',
  );
  await expect(read).rejects.not.toThrow('Mira');
});

const TEAM = {
  id: 'tea_1',
  version: 1,
  coachId: 'coa_1',
  name: 'Packet Foxes',
  affiliation: 'Harbor Middle School',
  division: 'high_school',
  createdAt: CREATED_AT,
  updatedAt: CREATED_AT,
  members: [],
  ...UNTRIED,
} satisfies Team;

test('team, stats and sync state are found for a whole page at once, in its order', async () => {
  const table = await newTable();
  const stats = {
    competitorId: 'cmp_2',
    coachId: 'coa_1',
    storedOdl: 3,
    storedCtf: 2,
    storedOdlPoints: 30,
    storedCtfPoints: 20,
    lastSolveAt: '2026-11-01T10:00:00.000Z',
    platform: null,
  };
  const syncState = {
    competitorId: 'cmp_2',
    coachId: 'coa_1',
    gamePlatformId: 'cmp_2',
    cursorUnix: 5,
    lastReadAt: '2026-11-01T10:30:00.000Z',
    lastFlashReadAt: null,
    lastFailure: null,
  };
  const teams = createTeamRepository(table);
  await teams.put(TEAM);
  for (const item of [statsItem(stats), syncStateItem(syncState)]) {
    await table.client.send(new PutCommand({ TableName: table.name, Item: item }));
  }

  const relatedRecords = await createCompetitorRelatedRecordsRepository(table).of([
    aCompetitor({ id: 'cmp_1' }),
    aCompetitor({ id: 'cmp_2', teamId: 'tea_1' }),
    aCompetitor({ id: 'cmp_3', teamId: 'tea_1' }),
    aCompetitor({ id: 'cmp_4', teamId: 'tea_gone' }),
  ]);

  const nothing = { team: undefined, stats: undefined, reading: undefined };
  expect(relatedRecords).toEqual([
    nothing,
    {
      team: TEAM,
      stats,
      reading: { lastReadAt: syncState.lastReadAt, lastFailure: null, lastRead: null },
    },
    { ...nothing, team: TEAM },
    nothing,
  ]);
  expect(await createCompetitorRelatedRecordsRepository(table).of([])).toEqual([]);
  expect(await teams.ofCoach('coa_1')).toEqual([TEAM]);
  expect(await teams.byId('tea_1')).toEqual(TEAM);
});

test('activity comes newest first, page after page', async () => {
  const activity = createActivityRepository(await newTable());
  for (const minute of [1, 2, 3]) {
    await activity.append({
      id: `act_${minute}`,
      coachId: 'coa_1',
      at: `2026-11-01T10:0${minute}:00.000Z`,
      kind: 'competitor_changed',
      actor: 'user:sub-1',
      competitorId: 'cmp_1',
      details: { fields: ['grade'] },
    });
  }
  const first = await activity.ofCoach('coa_1', { limit: 2 });
  expect(first.items.map(({ id }) => id)).toEqual(['act_3', 'act_2']);
  const second = await activity.ofCoach('coa_1', { limit: 2, before: first.next ?? '' });
  expect(second.items.map(({ id }) => id)).toEqual(['act_1']);
  expect(second.next).toBeNull();
});
