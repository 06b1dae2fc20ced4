import { expect, test } from 'vitest';
import { createCompetitorRepository } from '#shared/competitors/competitor-repository.ts';
import { createJobRepository } from '#shared/jobs/job-repository.ts';
import { recordingLog } from '#test/shared/kernel/recording-log.ts';
import { aCompetitor } from '#test/support/competitors.ts';
import { itemsOf, useTestTables } from '#test/support/dynamodb.ts';
import { buildDependencies } from '../../../functions/onboarding-api/dependencies.ts';
import { apiOn } from '../api-harness.ts';

const newTable = useTestTables();

test('a bulk job that could not be announced is kept for the dispatcher, and the coach gets its id', async () => {
  const table = await newTable();
  await createCompetitorRepository(table).put(aCompetitor({ coachId: 'coa_a' }));

  const { log, lines } = recordingLog();
  const call = await apiOn(table, 'onboarding-api', buildDependencies, log);
  const answer = await call('POST /api/game-platform/competitors/onboard', {
    body: { competitorIds: ['cmp_1'] },
  });

  expect(answer.status).toBe(202);
  const { jobId } = answer.body as { jobId: string };
  expect(await createJobRepository(table).byId(jobId)).toMatchObject({
    taskType: 'onboard_competitors',
    status: 'pending',
    startedBy: 'user:ada',
    payload: { competitorIds: ['cmp_1'] },
  });
  expect(lines.map(({ message }) => message)).toContain('job not announced; the dispatcher finds it');
});

test('what an admin starts as a coach is audited with its start, and works on under both', async () => {
  const table = await newTable();
  const onPlatform = aCompetitor({ id: 'cmp_2', coachId: 'coa_a', gamePlatformId: 'cmp_2' });
  await createCompetitorRepository(table).put(aCompetitor({ coachId: 'coa_a' }));
  await createCompetitorRepository(table).put(onPlatform);
  const call = await apiOn(table, 'onboarding-api', buildDependencies);
  const by = { as: 'ines', actAs: 'coa_a' };

  const bulk = await call('POST /api/game-platform/competitors/onboard', { ...by, body: {} });
  const one = await call('POST /api/game-platform/competitors/{id}/sync', { ...by, id: 'cmp_2' });

  const both = { actor: 'ines', actingAs: 'coa_a', coachId: 'coa_a' };
  const audited = await itemsOf(table, `AUDIT#${new Date().toISOString().slice(0, 10)}`);
  expect(audited).toHaveLength(2);
  expect(audited).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        ...both,
        action: 'job.start',
        subject: bulk.body.jobId,
        details: { taskType: 'onboard_competitors' },
      }),
      expect.objectContaining({
        ...both,
        action: 'competitor.sync',
        subject: 'cmp_2',
        details: { taskType: 'competitor_refresh', jobId: one.body.jobId },
      }),
    ]),
  );
  for (const { body } of [bulk, one]) {
    expect(await createJobRepository(table).byId(body.jobId)).toMatchObject({
      startedBy: 'user:ines',
      actingAs: 'coa_a',
    });
  }
});
