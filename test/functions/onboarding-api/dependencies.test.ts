import { expect, test, vi } from 'vitest';
import { createApiHandler } from '#shared/http/api-handler.ts';
import { createCompetitorRepository } from '#shared/table/competitor-repository.ts';
import { createIdentityRepository } from '#shared/table/identity-repository.ts';
import { createJobRepository } from '#shared/table/job-repository.ts';
import { createHttpEvent } from '#test/shared/http/http-events.ts';
import { recordingLog } from '#test/shared/observability/recording-log.ts';
import { aCoach, aCompetitor, CREATED_AT } from '#test/support/competitors.ts';
import { useTestTables } from '#test/support/dynamodb.ts';
import { buildDependencies } from '../../../functions/onboarding-api/dependencies.ts';

const newTable = useTestTables();

test('a bulk job that could not be announced is kept for the dispatcher, and the coach gets its id', async () => {
  const table = await newTable();
  const { identities, coaches } = createIdentityRepository(table);
  await coaches.put(aCoach());
  await identities.put({
    sub: 'sub-1',
    role: 'coach',
    coachId: 'coa_1',
    name: 'Marisol Vega',
    email: 'marisol@example.org',
    enabled: true,
    createdAt: CREATED_AT,
  });
  await createCompetitorRepository(table).put(aCompetitor());

  // DynamoDB alone is there: SQS answers with an error that is not tried again.
  const endpoint = await table.client.config.endpoint?.();
  vi.stubEnv('AWS_ENDPOINT_URL', `http://${endpoint?.hostname}:${endpoint?.port}`);
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  vi.stubEnv('TABLE_NAME', table.name);
  vi.stubEnv('ORIGIN_VERIFY_SECRET_ARN', 'arn:aws:secretsmanager:us-east-1:111111111111:secret:origin');
  vi.stubEnv('GAME_PLATFORM_API_BASE_URL', 'http://127.0.0.1:1/integrations/syned/v1');
  vi.stubEnv('GAME_PLATFORM_TOKEN_SECRET_ARN', 'arn:aws:secretsmanager:us-east-1:111111111111:secret:token');
  vi.stubEnv('ROSTER_QUEUE_URL', `http://${endpoint?.hostname}:${endpoint?.port}/111111111111/roster`);
  vi.stubEnv('WORK_QUEUE_URL', `http://${endpoint?.hostname}:${endpoint?.port}/111111111111/work`);

  const { log, lines } = recordingLog();
  const handle = createApiHandler({
    ...buildDependencies(log),
    function: 'onboarding-api',
    originVerify: () => Promise.resolve(true),
    log,
  });
  const answer = await handle(
    createHttpEvent('POST /api/game-platform/competitors/onboard', {
      claims: { sub: 'sub-1', token_use: 'access', 'cognito:groups': '[coach]' },
      body: JSON.stringify({ competitorIds: ['cmp_1'] }),
    }),
    {},
  );

  expect(answer.statusCode).toBe(202);
  const { jobId } = JSON.parse(answer.body ?? '') as { jobId: string };
  expect(await createJobRepository(table).byId(jobId)).toMatchObject({
    taskType: 'onboard_competitors',
    status: 'pending',
    startedBy: 'user:sub-1',
    payload: { competitorIds: ['cmp_1'] },
  });
  expect(lines.map(({ message }) => message)).toContain('job not announced; the dispatcher finds it');
});
