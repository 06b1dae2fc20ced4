import { expect, test } from 'vitest';
import { createCompetitorRepository } from '#shared/competitors/competitor-repository.ts';
import { createJobRepository } from '#shared/jobs/job-repository.ts';
import { recordingLog } from '#test/shared/kernel/recording-log.ts';
import { aCompetitor } from '#test/support/competitors.ts';
import { useTestTables } from '#test/support/dynamodb.ts';
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
