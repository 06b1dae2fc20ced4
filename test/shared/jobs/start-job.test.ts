import { describe, expect, test } from 'vitest';
import { createAuditRepository } from '#shared/audit/audit-repository.ts';
import { createJobRepository } from '#shared/jobs/job-repository.ts';
import { actorOfJob } from '#shared/jobs/job-audit.ts';
import { newJob, startAuditedJob } from '#shared/jobs/start-job.ts';
import type { Table } from '#shared/table/table.ts';
import { itemsOf, useTestTables } from '#test/support/dynamodb.ts';

const newTable = useTestTables();

const ACTOR = { sub: 'ines', actingAs: null, requestId: 'req-1' };
const NOW = new Date('2026-11-24T20:00:00.000Z');
const INPUT = {
  taskType: 'game_platform_sync',
  payload: {},
  startedBy: 'user:ines',
  idempotencyId: 'one',
} as const;

function starter(table: Table) {
  const jobs = createJobRepository(table);
  const audit = createAuditRepository(table);
  let ids = 0;
  return startAuditedJob({
    jobs: {
      create: async (job, entry) => jobs.create(job, [await audit.appendTransaction(entry)]),
      byId: (id) => jobs.byId(id),
    },
    now: () => NOW,
    newId: (prefix) => `${prefix}_${(ids += 1)}`,
  });
}

test('What a job of a schedule does is audited under the schedule', () => {
  const input = { ...INPUT, startedBy: 'schedule:incremental-sync' };
  expect(actorOfJob(newJob('job_1', input, NOW))).toEqual({
    sub: 'schedule:incremental-sync',
    actingAs: null,
    requestId: 'job_1',
  });
});

describe('A job that somebody starts', () => {
  test('is made with its audit entry, in one write', async () => {
    const table = await newTable();
    const asked: string[] = [];
    const client = new Proxy(table.client, {
      get: (target, property, receiver) =>
        property === 'send'
          ? (command: Parameters<typeof target.send>[0]) => {
              asked.push(command.constructor.name);
              return target.send(command);
            }
          : Reflect.get(target, property, receiver),
    });

    const job = await starter({ ...table, client })(INPUT, ACTOR);

    // How long entries are kept is read before.
    expect(asked.filter((name) => name !== 'GetCommand')).toEqual(['TransactWriteCommand']);
    expect(await createJobRepository(table).byId('job_one')).toEqual(job);
    expect(await itemsOf(table, 'AUDIT#2026-11-24')).toMatchObject([
      { action: 'job.start', subject: 'job_one', actor: 'ines', details: { taskType: 'game_platform_sync' } },
    ]);
  });

  test('knows on whose behalf, and is noted under what it is about and whose that is', async () => {
    const table = await newTable();
    const actor = { ...ACTOR, actingAs: 'coa_a' };
    await starter(table)(INPUT, actor, { action: 'team.sync', subject: 'team_1', coachId: 'coa_a' });

    const job = await createJobRepository(table).byId('job_one');
    expect(job).toMatchObject({ startedBy: 'user:ines', actingAs: 'coa_a' });
    expect(job && actorOfJob(job)).toEqual({ sub: 'ines', actingAs: 'coa_a', requestId: 'job_one' });
    expect(await itemsOf(table, 'AUDIT#2026-11-24')).toMatchObject([
      {
        action: 'team.sync',
        subject: 'team_1',
        coachId: 'coa_a',
        actor: 'ines',
        actingAs: 'coa_a',
        details: { taskType: 'game_platform_sync', jobId: 'job_one' },
      },
    ]);
  });

  test('is made and noted once, however often the same request comes', async () => {
    const table = await newTable();
    const start = starter(table);
    const first = await start(INPUT, ACTOR);
    expect(await start(INPUT, ACTOR)).toEqual(first);
    expect(await itemsOf(table, 'AUDIT#2026-11-24')).toHaveLength(1);
  });
});
