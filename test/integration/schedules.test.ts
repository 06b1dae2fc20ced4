import { GetScheduleCommand, ListSchedulesCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { beforeAll, describe, expect, it } from 'vitest';
import { SYSTEM_SCHEDULES } from '#shared/composition/tasks.ts';
import {
  scheduleListSchema,
  scheduleViewSchema,
  type SchedulePatch,
  type ScheduleView,
} from '#shared/schedules/contract.ts';
import { ADMIN, apiOf, finished, until, useLocalStack, type Api } from '#test/support/stack.ts';

/** `2026-11-24T00:00:03`, on the clock of UTC. */
const soon = (seconds: number): string => new Date(Date.now() + seconds * 1_000).toISOString().slice(0, 19);

/** Schedules through the synthesized app: the API's rights, the scheduler's role, and the clock that fires them. */
describe('Schedules', () => {
  const stack = useLocalStack();
  let admin: Api;
  beforeAll(async () => {
    admin = await apiOf(stack(), ADMIN);
  });

  const PATH = '/api/admin/schedules';
  const list = async (): Promise<readonly ScheduleView[]> =>
    scheduleListSchema.parse((await admin('GET', PATH)).body).items;
  const find = async (name: string) => (await list()).find((schedule) => schedule.name === name);
  const one = async (name: string): Promise<ScheduleView> => scheduleViewSchema.parse(await find(name));
  const create = (name: string, expression: string) =>
    admin('POST', PATH, { body: { name, expression, taskType: 'job_cleanup' } });
  const change = (schedule: Pick<ScheduleView, 'name' | 'version'>, body: SchedulePatch) =>
    admin('PATCH', `${PATH}/${schedule.name}`, {
      body,
      headers: { 'if-match': `"${schedule.version}"` },
    });
  const jobOf = async (name: string): Promise<string> => {
    const { lastRun } = await until(
      () => one(name),
      (schedule) => typeof schedule.lastRun?.jobId === 'string',
      `a job of the schedule ${name}`,
    );
    return String(lastRun?.jobId);
  };

  it('are the built-in ones at first, seeded as the template says', async () => {
    const schedules = await list();
    expect(schedules.map(({ name }) => name)).toEqual(SYSTEM_SCHEDULES.map(({ name }) => name).toSorted());
    expect(schedules.every(({ builtIn }) => builtIn)).toBe(true);
    stack().dispatch();
    const { lastRun } = await until(
      () => one('job-dispatcher'),
      (schedule) => schedule.lastRun !== null,
      'the dispatch to be noted',
    );
    expect(lastRun).toMatchObject({ jobId: null, byHand: false });
  });

  it('one that an admin makes fires, and its last run leads to its job', async () => {
    const made = await create('often', 'rate(1 day)');
    expect(made.status).toBe(201);
    const jobId = await jobOf('often');
    expect(await finished(admin, jobId)).toMatchObject({
      taskType: 'job_cleanup',
      startedBy: 'schedule:often',
      status: 'succeeded',
    });
    expect((await one('often')).lastRun).toMatchObject({ jobId, status: 'succeeded', byHand: false });
  });

  it('a changed one fires at its new time, and one of a single time is gone after it', async () => {
    const made = await create('once', `at(${soon(3_600)})`);
    const changed = await change(made.body, { expression: `at(${soon(2)})` });
    expect(changed.status).toBe(200);
    await until(
      () => find('once'),
      (schedule) => schedule === undefined,
      'the schedule to be gone',
    );
    const started = await until(
      async () => (await admin('GET', '/api/admin/jobs?type=job_cleanup')).body.items,
      (jobs) => jobs.some(({ startedBy }: { startedBy: string }) => startedBy === 'schedule:once'),
      'its job',
    );
    expect(
      started.filter(({ startedBy }: { startedBy: string }) => startedBy === 'schedule:once'),
    ).toHaveLength(1);
  });

  it('two changes at once are one, and the other is told what is there now', async () => {
    const { body: made } = await create('contested', 'cron(0 6 * * ? *)');
    const answers = await Promise.all([
      change(made, { expression: 'cron(0 7 * * ? *)' }),
      change(made, { expression: 'cron(0 8 * * ? *)' }),
    ]);
    const [saved, refused] = answers.toSorted((a, b) => a.status - b.status);
    expect([saved?.status, refused?.status]).toEqual([200, 412]);
    expect(refused?.body.current).toEqual(saved?.body);
    expect(await one('contested')).toMatchObject({ expression: saved?.body.expression });
  });

  it('one is made although its role is not known everywhere yet', async () => {
    stack().aws.injectFault({
      action: 'scheduler:CreateSchedule',
      kind: 'roleUnknown',
      probability: 1,
      times: 1,
    });
    expect((await create('patient', 'cron(0 6 * * ? *)')).status).toBe(201);
  });

  it('one that is deleted is gone, a built-in one stays', async () => {
    expect((await admin('DELETE', `${PATH}/patient`)).status).toBe(204);
    expect(await find('patient')).toBeUndefined();
    expect(await admin('DELETE', `${PATH}/score-sync`)).toMatchObject({
      status: 409,
      body: { code: 'SCHEDULE_BUILT_IN' },
    });
  });

  it('one run by hand starts a job in the name of the admin', async () => {
    const { status, body } = await admin('POST', `${PATH}/job-cleanup/run`);
    expect(status).toBe(202);
    expect(await finished(admin, body.jobId)).toMatchObject({ taskType: 'job_cleanup', status: 'succeeded' });
    expect((await one('job-cleanup')).lastRun).toMatchObject({ jobId: body.jobId, byHand: true });
  });

  it('belong to the administration of schedules: no other function may read, list or change them', async () => {
    const { aws, deployment } = stack();
    const clientOf = (name: string) => {
      const found = deployment.functions.find((lambda) => lambda.name.endsWith(name));
      if (found === undefined) throw new Error(`There is no ${name}.`);
      return new SchedulerClient({
        region: deployment.region,
        endpoint: aws.addresses.awsUrl,
        credentials: aws.credentialsFor(found.roleArn),
        maxAttempts: 1,
      });
    };
    const [group] = deployment.scheduleGroups;
    const get = () => new GetScheduleCommand({ GroupName: String(group?.name), Name: 'score-sync' });
    await expect(clientOf('schedules-api').send(get())).resolves.toMatchObject({ Name: 'score-sync' });
    const denied = { name: 'AccessDeniedException' };
    await expect(clientOf('-jobs-api').send(get())).rejects.toMatchObject(denied);
    await expect(clientOf('-jobs-api').send(new ListSchedulesCommand({}))).rejects.toMatchObject(denied);
    const elsewhere = new GetScheduleCommand({ GroupName: 'default', Name: 'score-sync' });
    await expect(clientOf('schedules-api').send(elsewhere)).rejects.toMatchObject(denied);
  });
});
