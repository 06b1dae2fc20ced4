import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Job } from '#shared/jobs/job.ts';
import { newJob } from '#shared/jobs/start-job.ts';
import { createJobRepository, type JobRepository } from '#shared/jobs/job-repository.ts';
import { keys } from '#shared/table/keys.ts';
import type { Table } from '#shared/table/table.ts';
import { itemsOf, useTestTables } from '#test/support/dynamodb.ts';

const newTable = useTestTables();
const AT = '2026-11-03T18:00:00.000Z';
const UNTIL = '2026-11-03T18:01:00.000Z';

let table: Table;
let jobs: JobRepository;
let job: Job;

beforeEach(async () => {
  table = await newTable();
  jobs = createJobRepository(table);
  await jobs.create(
    newJob('job_1', { taskType: 'game_platform_sync', payload: {}, startedBy: 'user:sub-1' }, new Date(AT)),
  );
  job = there(await jobs.begin('job_1', AT));
});

async function all<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const row of rows) found.push(row);
  return found;
}

function there<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('Nothing is there.');
  return value;
}

const plan = (subjects: readonly string[], reasons?: readonly string[]) =>
  jobs.addPart(job, {
    subjects,
    ...(reasons === undefined ? {} : { reasons }),
    cursor: null,
    last: true,
    sentAt: AT,
  });

describe('whom a part is about', () => {
  test('is told wherever the part is read, in the order and with the reasons that it was planned with', async () => {
    const part = there(await plan(['cmp_b', 'cmp_a'], ['sla_due', 'in_session']));
    expect(part).toMatchObject({ subjects: ['cmp_b', 'cmp_a'], reasons: ['sla_due', 'in_session'] });
    expect(await jobs.part('job_1', 0)).toEqual(part);
    expect(await jobs.pageOfParts('job_1', { limit: 5, after: null })).toEqual([part]);
    expect(await all(jobs.partsOf('job_1'))).toEqual([part]);
    expect(await jobs.claimPart(part, AT, UNTIL)).toEqual({
      ...part,
      attempts: 1,
      claimedUntil: UNTIL,
      startedAt: AT,
    });
  });

  test('is written once: the row that claims and closes write has no ids', async () => {
    const ids = Array.from({ length: 100 }, (_, n) => `cmp_${String(n).padStart(26, '0')}`);
    const part = there(await plan(ids));
    const rows = await itemsOf(table, keys.jobPartition('job_1'));
    const row = rows.find(({ sk }) => sk === keys.jobPart('job_1', 0).sk);
    expect(JSON.stringify(row).length).toBeLessThan(700);
    const claimed = there(await jobs.claimPart(part, AT, UNTIL));
    await jobs.closePart(
      claimed,
      { status: 'succeeded', done: 100, counts: { total: 100 }, error: null },
      UNTIL,
    );
    expect(await jobs.part('job_1', 0)).toMatchObject({ status: 'succeeded', subjects: ids });
  });

  test('is that of the planner who was first, when two plan at once', async () => {
    const [first, second] = await Promise.all([plan(['cmp_a']), plan(['cmp_b'])]);
    const winner = there(first ?? second);
    expect([first, second].filter((part) => part !== undefined)).toHaveLength(1);
    expect((await jobs.part('job_1', 0))?.subjects).toEqual(winner.subjects);
  });

  test('may lie in the part itself, as it did before', async () => {
    const part = there(await plan(['cmp_a']));
    const { part: number, ...rest } = part;
    const old = { ...keys.jobPart('job_1', 7), type: 'job_part', part: 7, ...rest, subjects: ['cmp_old'] };
    expect(number).toBe(0);
    await table.client.send(new PutCommand({ TableName: table.name, Item: old }));
    expect((await jobs.part('job_1', 7))?.subjects).toEqual(['cmp_old']);
    expect((await all(jobs.partsOf('job_1'))).map(({ subjects }) => subjects)).toEqual([
      ['cmp_a'],
      ['cmp_old'],
    ]);
  });
});
