import { beforeEach, expect, test } from 'vitest';
import { createOnboardCoach } from '#shared/onboarding/onboard-coach.ts';
import { createLinkAccount } from '#shared/onboarding/link-account.ts';
import { createDynamoOnboarding } from '#shared/composition/onboarding.ts';
import { recordingLog } from '#test/shared/kernel/recording-log.ts';
import { NO_ACCOUNT } from '#test/support/competitors.ts';
import { useTestTables } from '#test/support/dynamodb.ts';
import { BY_COACH, OnboardingWorld } from './onboarding-world.ts';

const newTable = useTestTables();
const SWITCHED_OFF = { features: { onboarding: false } };
let world: OnboardingWorld;
beforeEach(async () => {
  world = new OnboardingWorld(await newTable());
});

const parts = () =>
  createDynamoOnboarding({ table: world.table, platform: world.platform, log: recordingLog().log });

test.each([
  ['a coach', BY_COACH],
  [
    'an admin who acts as the coach',
    { ...BY_COACH, actor: { sub: 'ines', actingAs: 'coa_1', requestId: 'r' } },
  ],
  ['a job', { kind: 'job', jobId: 'job_1' }],
] as const)(
  'where it is switched off, %s puts nobody on the platform and nothing is called',
  async (_who, by) => {
    await world.settle({}, SWITCHED_OFF);
    expect(await world.onboard({ by })).toEqual({ kind: 'not_enabled' });
    expect(world.platform.calls).toEqual([]);
    expect(await world.endState()).toMatchObject({
      version: 1,
      gamePlatformId: null,
      activity: [],
      audit: [],
    });
  },
);

test('it comes before what is missing, and after an account that is there', async () => {
  await world.settle({ email: null }, SWITCHED_OFF);
  expect(await world.onboard()).toEqual({ kind: 'not_enabled' });
  await world.settle({ gamePlatformId: 'cmp_1' }, SWITCHED_OFF);
  expect(await world.onboard()).toMatchObject({ kind: 'already' });
});

test('no other account is linked either', async () => {
  const refusal = { code: 'EMAIL_KNOWN', message: 'Known.', remedy: 'Ask.', at: world.now.toISOString() };
  await world.settle({ platform: { ...NO_ACCOUNT, refusal } }, { ...SWITCHED_OFF, gamePlatformId: 'coa_1' });
  const outcome = await createLinkAccount(parts())({
    competitorId: 'cmp_1',
    platformUserId: 'their-1',
    trusted: true,
    actor: { sub: 'sub-1', actingAs: null, requestId: 'req-1' },
    remainingMs: () => 20_000,
  });
  expect(outcome).toEqual({ kind: 'not_enabled' });
  expect(world.platform.calls).toEqual([]);
});

test('the coach’s own account can be made all the same, once, however often it is asked for', async () => {
  await world.settle({}, SWITCHED_OFF);
  const onboard = () => createOnboardCoach(parts())('coa_1', () => 20_000);
  const outcomes = await Promise.all([onboard(), onboard()]);
  for (const outcome of outcomes) expect(outcome).toMatchObject({ coach: { gamePlatformId: 'coa_1' } });
  expect(await onboard()).toMatchObject({ kind: 'already' });
  expect(world.platform.accounts.map((account) => account.syned_user_id)).toEqual(['coa_1']);
  expect(await createOnboardCoach(parts())('coa_9', () => 20_000)).toEqual({ kind: 'not_found' });
});
