import { beforeAll, describe, expect, it } from 'vitest';
import { SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs';
import { createSeedDemo } from '#infra/local/product/demo/seed-demo.ts';
import type { JobView } from '#shared/jobs/contract.ts';
import { keys } from '#shared/table/keys.ts';
import { itemsOf } from '#test/support/dynamodb.ts';
import {
  ADMIN,
  apiOf,
  COACH,
  finished,
  runJob,
  until,
  useLocalStack,
  type Api,
} from '#test/support/stack.ts';

const solved = async (api: Api): Promise<number> =>
  (await api('GET', '/api/game-platform/dashboard')).body.kpis.solved.value;

/** From the schedule's message to the dashboard, through the synthesized app. */
describe('The main job', () => {
  const stack = useLocalStack({ seedDemo: createSeedDemo({ coaches: 2 }) });
  let admin: Api;
  let coach: Api;
  beforeAll(async () => {
    admin = await apiOf(stack(), ADMIN);
    coach = await apiOf(stack(), COACH);
    await runJob(admin, 'game_platform_sync');
  });

  const simulator = () => {
    const { simulator: running } = stack().gamePlatform;
    if (running === undefined) throw new Error('These tests need the simulator.');
    return running;
  };
  /** Somebody of the coach's who can be read. */
  const somebody = async (): Promise<string> => {
    const { body } = await coach('GET', '/api/competitors?status=complete&limit=200');
    return body.items.find(
      (one: { gamePlatform: { accountStatus: string }; active: boolean }) =>
        one.gamePlatform.accountStatus === 'approved' && one.active,
    ).id;
  };

  it('brings one new solve to the dashboard, and counts it once however often the message comes', async () => {
    const competitorId = await somebody();
    const before = await solved(coach);
    simulator().model.addSolve({ synedUserId: competitorId, at: simulator().model.now() - 60 });

    const scheduledTime = new Date().toISOString();
    await fireSchedule(scheduledTime);
    await fireSchedule(scheduledTime);
    const ofThisFiring = (job: JobView) =>
      job.id === `job_score-sync_${scheduledTime.replaceAll(/[^\w-]/g, '')}`;
    const started = await until(
      async (): Promise<JobView[]> =>
        (await admin('GET', '/api/admin/jobs?type=game_platform_sync&limit=50')).body.items.filter(
          ofThisFiring,
        ),
      (jobs) => jobs.length > 0,
      'the job of the schedule',
    );
    expect(started).toHaveLength(1);
    const job = await finished(admin, started[0]?.id ?? '');
    expect(job).toMatchObject({ status: 'succeeded', error: null });
    expect(job.result?.['synced']).toBeGreaterThanOrEqual(1);
    expect(job.result?.['total']).toBe(job.progress.total);

    expect(await solved(coach)).toBeGreaterThanOrEqual(before + 1);
    const given = (await itemsOf(stack().table, keys.competitorPartition(competitorId))).filter(
      (item) => item['title'] === 'Given Challenge',
    );
    expect(given).toHaveLength(1);
  });

  it('finds nothing new when nothing is new, and says so', async () => {
    const competitorId = await somebody();
    await runJob(admin, 'game_platform_sync', { competitorIds: [competitorId] });
    const job = await runJob(admin, 'game_platform_sync', { competitorIds: [competitorId] });
    expect(job.result).toMatchObject({ total: 1, synced: 0, skipped: 1, failed: 0 });
  });

  it('stores the platform’s own totals on the hourly sweep and finds no difference to ours', async () => {
    const competitorId = await somebody();
    simulator().model.addSolve({ synedUserId: competitorId, at: simulator().model.now() - 30 });
    await runJob(admin, 'game_platform_sync', { competitorIds: [competitorId] });
    const sweep = await runJob(admin, 'game_platform_totals_sweep');
    expect(sweep).toMatchObject({ status: 'succeeded' });
    const stats = (await itemsOf(stack().table, keys.competitorPartition(competitorId))).find(
      (item) => item['sk'] === 'STATS',
    );
    expect(stats?.['platform']).toMatchObject({
      challengesCompleted: simulator().model.platform.odlScores(competitorId).total_challenges_solved,
    });
  });

  it('goes on with everybody else when one record of the vendor is unreadable, and quarantines it', async () => {
    const competitorId = await somebody();
    const good = simulator().model.addSolve({ synedUserId: competitorId, at: simulator().model.now() - 20 });
    simulator().model.addSolve({
      synedUserId: competitorId,
      at: simulator().model.now() - 10,
      solve: { challenge_points: -5, challenge_title: 'Odd <b>one</b>' },
    });
    const job = await runJob(admin, 'game_platform_sync', { competitorIds: [competitorId] });
    expect(job).toMatchObject({ status: 'succeeded', result: { synced: 1 } });
    const items = await itemsOf(stack().table, keys.competitorPartition(competitorId));
    expect(items.some((item) => item['solveId'] === good.ref.solveId)).toBe(true);
    const quarantined = await itemsOf(
      stack().table,
      keys.quarantine(new Date().toISOString().slice(0, 10), '').pk,
    );
    expect(quarantined).toHaveLength(1);
    expect(JSON.stringify(quarantined)).not.toContain('Odd');
  });

  it('has made no call that AWS would have refused', () => {
    expect(stack().aws.refusals()).toEqual([]);
    expect(stack().events.filter((event) => event.event === 'log' && event.level === 'error')).toEqual([]);
  });

  /** What EventBridge Scheduler puts on the queue, sent with the operator's rights. */
  async function fireSchedule(scheduledTime: string): Promise<void> {
    const { aws, deployment } = stack();
    const queue = deployment.queues.find(({ name }) => name.endsWith('-work'));
    const sqs = new SQSClient({
      endpoint: aws.addresses.awsUrl,
      region: deployment.region,
      credentials: aws.operatorCredentials,
    });
    const body = {
      kind: 'start_task',
      scheduleName: 'score-sync',
      taskType: 'game_platform_sync',
      scheduledTime,
    };
    await sqs.send(new SendMessageCommand({ QueueUrl: queue?.url, MessageBody: JSON.stringify(body) }));
    sqs.destroy();
  }
});
