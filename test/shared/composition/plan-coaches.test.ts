import { beforeEach, expect, test } from 'vitest';
import { newJob } from '#shared/jobs/start-job.ts';
import { createIdentityRepository } from '#shared/identity/identity-repository.ts';
import type { Table } from '#shared/table/table.ts';
import { aCoach } from '#test/support/competitors.ts';
import { useTestTables } from '#test/support/dynamodb.ts';
import { SyncWorld } from '#test/support/sync-world.ts';

const newTable = useTestTables();
let table: Table;
let world: SyncWorld;
beforeEach(async () => {
  table = await newTable();
  world = new SyncWorld(table);
});

const coachId = (number: number): string => `coa_${String(number).padStart(2, '0')}`;

async function planned(payload: { coachIds?: string[] } = {}): Promise<string[][]> {
  const input = { taskType: 'onboard_coaches', payload, startedBy: 'user:ines' } as const;
  await world.jobs.create(newJob('job_1', input, world.now));
  await world.work({ kind: 'plan_job', jobId: 'job_1' });
  const parts: string[][] = [];
  for await (const part of world.jobs.partsOf('job_1')) parts.push([...part.subjects]);
  return parts;
}

test('coaches’ accounts are planned for all who are switched on and have none, each once', async () => {
  const { coaches } = createIdentityRepository(table);
  for (let number = 0; number < 23; number += 1) {
    const id = coachId(number);
    const facts = { gamePlatformId: number % 4 === 1 ? id : null, enabled: number % 5 !== 2 };
    await coaches.put(aCoach({ id, ...facts, features: { onboarding: number % 2 === 0 } }));
  }
  const wanted = Array.from({ length: 23 }, (_, number) => number)
    .filter((number) => number % 4 !== 1 && number % 5 !== 2)
    .map(coachId);
  const parts = await planned();
  expect(parts.flat()).toEqual(wanted);
  expect(Math.max(...parts.map((part) => part.length))).toBeLessThanOrEqual(5);
});

test('those that were asked for are planned as they are, once each', async () => {
  expect(await planned({ coachIds: ['coa_b', 'coa_a', 'coa_b'] })).toEqual([['coa_b', 'coa_a']]);
});

test('a program without coaches ends at once', async () => {
  expect(await planned()).toEqual([]);
  expect(await world.jobs.byId('job_1')).toMatchObject({ status: 'succeeded', total: 0 });
});
