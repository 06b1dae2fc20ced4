import {
  CreateScheduleCommand,
  SchedulerClient,
  UpdateScheduleCommand,
  ValidationException,
} from '@aws-sdk/client-scheduler';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { SYSTEM_SCHEDULES } from '#shared/composition/tasks.ts';
import type { RouteKeyOf } from '#shared/http/routes.ts';
import { createJobRepository } from '#shared/jobs/job-repository.ts';
import { newJob } from '#shared/jobs/start-job.ts';
import { scheduleListSchema, scheduleViewSchema, type ScheduleView } from '#shared/schedules/contract.ts';
import { createScheduleRunRepository } from '#shared/schedules/schedule-run-repository.ts';
import { createSchedulerStore } from '#shared/schedules/scheduler-store.ts';
import { seedSchedules } from '#shared/schedules/seed-schedules.ts';
import type { Table } from '#shared/table/table.ts';
import { queueArn, roleArn } from '#test/infra/local/emulator/aws/deployment-fixture.ts';
import { itemsOf, useTestTables } from '#test/support/dynamodb.ts';
import { clientOf, GROUP, startLocalScheduler } from '#test/support/local-scheduler.ts';
import { buildDependencies } from '../../../functions/schedules-api/dependencies.ts';
import { apiOn, problemOf, type Answer, type Call } from '../api-harness.ts';

const newTable = useTestTables();
const START = '2026-11-24T00:00:00.000Z';
const MONTHLY = {
  name: 'monthly-full-check',
  expression: 'cron(0 6 ? * 2#1 *)',
  timezone: 'America/New_York',
  taskType: 'game_platform_sync',
  payload: { full: true },
};

let table: Table;
let local: ReturnType<typeof startLocalScheduler>;
let client: ReturnType<typeof clientOf>;
let call: (route: RouteKeyOf<'schedules-api'>, call?: Call) => Promise<Answer>;

/** The function as it is wired for Lambda, with the local stack's scheduler behind the SDK; the clock is the test's. */
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(START) });
  local = startLocalScheduler(Date.now);
  client = clientOf(local);
  vi.stubEnv('SCHEDULE_GROUP_NAME', GROUP);
  vi.stubEnv('SCHEDULE_ROLE_ARN', roleArn('scheduler-role'));
  vi.stubEnv('SCHEDULE_TARGET_QUEUE_ARN', queueArn('work'));
  vi.stubEnv('SCHEDULE_DEAD_LETTER_QUEUE_ARN', queueArn('schedule-dead'));
  await seedSchedules(
    createSchedulerStore({ client: new SchedulerClient({ region: 'us-east-1' }), groupName: GROUP }),
    SYSTEM_SCHEDULES,
    {
      groupName: GROUP,
      roleArn: roleArn('scheduler-role'),
      targetQueueArn: queueArn('work'),
      deadLetterQueueArn: queueArn('schedule-dead'),
    },
    'America/Los_Angeles',
  );
  table = await newTable();
  const as = await apiOn(table, 'schedules-api', buildDependencies);
  call = (route, parts) => as(route, { as: 'ines', ...parts });
});
afterEach(async () => {
  await local.scheduler.stop();
  vi.useRealTimers();
});

const moveTo = (at: string): void => {
  vi.setSystemTime(Date.parse(at));
  local.scheduler.tick();
};
const create = (parts: Readonly<Record<string, unknown>> = {}) =>
  call('POST /api/admin/schedules', { body: { ...MONTHLY, ...parts } });
const change = (schedule: Pick<ScheduleView, 'name' | 'version'>, body: unknown) =>
  call('PATCH /api/admin/schedules/{name}', {
    params: { name: schedule.name },
    ifMatch: `"${schedule.version}"`,
    body,
  });
const list = async () => scheduleListSchema.parse((await call('GET /api/admin/schedules')).body).items;
const one = async (name: string): Promise<ScheduleView> => {
  const found = (await list()).find((schedule) => schedule.name === name);
  if (found === undefined) throw new Error(`There is no ${name}.`);
  return found;
};
const audits = async () =>
  (await itemsOf(table, `AUDIT#${START.slice(0, 10)}`)).map(({ action, actor, subject, details }) => ({
    action,
    actor,
    subject,
    details,
  }));
const errorsOf = ({ body }: Answer) => body.errors;

const missed = async (name: string) => (await one(name)).didNotRun?.expectedAt;

const remove = (name: string) => call('DELETE /api/admin/schedules/{name}', { params: { name } });

const runNow = (name: string, headers: Readonly<Record<string, string>> = {}) =>
  call('POST /api/admin/schedules/{name}/run', { params: { name }, headers });

const preview = (body: unknown) => call('POST /api/admin/schedules/preview', { body });

const runs = async (body: unknown) =>
  (await preview(body)).body.nextRuns.map(({ at }: { at: string }) => at.slice(5, 16));

describe('the list of schedules', () => {
  test('has the built-in ones with their next runs', async () => {
    const schedules = await list();
    expect(schedules.map(({ name }) => name)).toEqual(SYSTEM_SCHEDULES.map(({ name }) => name).toSorted());
    expect(schedules.every(({ builtIn }) => builtIn)).toBe(true);
    expect(schedules.find(({ name }) => name === 'totals-sweep')).toMatchObject({
      expression: 'cron(0 * * * ? *)',
      timezone: 'UTC',
      taskType: 'game_platform_totals_sweep',
      payload: {},
      enabled: true,
      lastRun: null,
      didNotRun: null,
      nextRuns: [1, 2, 3, 4, 5].map((hour) => ({ at: `2026-11-24T0${hour}:00:00.000Z`, clockChange: null })),
    });
    expect(schedules.find(({ name }) => name === 'job-dispatcher')).toMatchObject({ taskType: null });
  });

  test('comes page by page', async () => {
    const first = scheduleListSchema.parse(
      (await call('GET /api/admin/schedules', { query: { limit: '5' } })).body,
    );
    const rest = await call('GET /api/admin/schedules', {
      query: { limit: '200', cursor: first.nextCursor ?? '' },
    });
    expect(first.items).toHaveLength(5);
    expect(scheduleListSchema.parse(rest.body)).toMatchObject({ nextCursor: null });
    expect(rest.body.items).toHaveLength(SYSTEM_SCHEDULES.length - 5);
  });

  test('tells the last run with its job', async () => {
    const jobs = createJobRepository(table);
    const input = { taskType: 'game_platform_totals_sweep', payload: {}, startedBy: 'schedule:totals-sweep' };
    await jobs.create({ ...newJob('job_1', input, new Date()), status: 'succeeded', counts: { read: 7 } });
    const { note } = createScheduleRunRepository(table);
    const run = { scheduleName: 'totals-sweep', jobId: 'job_1', byHand: false };
    await note({ ...run, time: '2026-11-24T01:00:00Z' });
    // A message that comes late is no news.
    await note({ ...run, time: '2026-11-24T00:00:00Z', jobId: 'job_0' });
    await note({ ...run, time: 'no time' });
    expect((await one('totals-sweep')).lastRun).toEqual({
      time: '2026-11-24T01:00:00.000Z',
      jobId: 'job_1',
      status: 'succeeded',
      result: { read: 7 },
      byHand: false,
    });
  });

  test('warns of a run that did not come, five minutes after its time', async () => {
    moveTo('2026-11-24T01:04:59Z');
    expect(await missed('totals-sweep')).toBeUndefined();
    moveTo('2026-11-24T01:05:00Z');
    expect(await missed('totals-sweep')).toBe('2026-11-24T01:00:00.000Z');
    expect(await missed('profile-refresh')).toBe('2026-11-24T01:00:00.000Z');
    expect(await missed('job-cleanup')).toBeUndefined();
    const { note } = createScheduleRunRepository(table);
    const run = { time: '2026-11-24T01:00:00Z', jobId: 'job_1', byHand: false };
    await note({ ...run, scheduleName: 'totals-sweep' });
    await note({ ...run, scheduleName: 'profile-refresh', time: '2026-11-24T00:21:00Z' });
    expect(await missed('totals-sweep')).toBeUndefined();
    expect(await missed('profile-refresh')).toBeUndefined();
    moveTo('2026-11-24T01:26:00Z');
    expect(await missed('profile-refresh')).toBe('2026-11-24T01:21:00.000Z');
  });

  test('warns of nothing that is off, or was to run before its last change', async () => {
    moveTo('2026-11-24T02:30:00Z');
    const sweep = await one('totals-sweep');
    expect(sweep.didNotRun).toEqual({ expectedAt: '2026-11-24T02:00:00.000Z' });
    const off = scheduleViewSchema.parse((await change(sweep, { enabled: false })).body);
    expect(off).toMatchObject({ enabled: false, didNotRun: null, nextRuns: [] });
    const on = scheduleViewSchema.parse((await change(off, { enabled: true })).body);
    expect(on).toMatchObject({ enabled: true, didNotRun: null });
  });
});

describe('a new schedule', () => {
  test('is made with its message, and its runs are told', async () => {
    const { status, body, headers } = await create();
    expect(status).toBe(201);
    expect(scheduleViewSchema.parse(body)).toMatchObject({
      ...MONTHLY,
      enabled: true,
      builtIn: false,
      nextRuns: [
        { at: '2026-12-07T11:00:00.000Z', clockChange: null },
        { at: '2027-01-04T11:00:00.000Z', clockChange: null },
        { at: '2027-02-01T11:00:00.000Z', clockChange: null },
        { at: '2027-03-01T11:00:00.000Z', clockChange: null },
        { at: '2027-04-05T10:00:00.000Z', clockChange: { at: '2027-03-14T07:00:00.000Z', kind: 'begins' } },
      ],
    });
    expect(headers['etag']).toBe(`"${body.version}"`);
    moveTo('2026-12-07T11:00:00Z');
    await Promise.resolve();
    await Promise.resolve();
    const fired = local.fired.filter(({ name }) => name === MONTHLY.name);
    expect(fired.map(({ at, input }) => [at, JSON.parse(input)])).toEqual([
      [
        '2026-12-07T11:00:00.000Z',
        {
          kind: 'start_task',
          scheduleName: MONTHLY.name,
          taskType: MONTHLY.taskType,
          payload: { full: true },
          scheduledTime: '<aws.scheduler.scheduled-time>',
        },
      ],
    ]);
    expect(await audits()).toEqual([
      {
        action: 'schedule.create',
        actor: 'ines',
        subject: MONTHLY.name,
        details: {
          fields: ['expression', 'timezone', 'taskType', 'payload', 'enabled'],
          expression: ' → cron(0 6 ? * 2#1 *)',
          timezone: ' → America/New_York',
          taskType: ' → game_platform_sync',
          payload: ' → {"full":true}',
          enabled: ' → true',
        },
      },
    ]);
  });

  test('is gone after its only run', async () => {
    const { status } = await create({ expression: 'at(2026-11-24T09:00:00)', timezone: 'UTC' });
    expect(status).toBe(201);
    moveTo('2026-11-24T09:00:00Z');
    expect((await list()).map(({ name }) => name)).not.toContain(MONTHLY.name);
  });

  test('is the same one when the request comes again, and refused when its name is taken', async () => {
    const [first, again] = [await create(), await create()];
    expect(again).toMatchObject({ status: 201, body: { version: first.body.version } });
    const other = await create({ payload: {} });
    expect(problemOf(other)).toEqual([409, 'SCHEDULE_NAME_TAKEN']);
    expect(errorsOf(other)).toMatchObject([{ path: 'name' }]);
    expect(problemOf(await create({ name: 'score-sync' }))).toEqual([409, 'SCHEDULE_NAME_TAKEN']);
    expect(await audits()).toHaveLength(1);
  });

  test.each([
    ['name', { name: 'Jo Doe' }, 'small letters'],
    ['expression', { expression: 'cron(61 6 ? * 2#1 *)' }, 'Minute: “61”'],
    ['expression', { expression: 'cron(0 6 ? * 2#1 2020)' }, 'never runs'],
    ['expression', { expression: 'at(2020-01-01T00:00:00)' }, 'in the future'],
    // The clock of New York goes from 2:00 to 3:00 then.
    ['expression', { expression: 'at(2027-03-14T02:30:00)' }, 'that the clock of this time zone shows'],
    ['timezone', { timezone: 'Eastern' }, 'time zone'],
    ['taskType', { taskType: 'privacy_erasure' }, ''],
    ['payload.coachId', { payload: { coachId: 'jo@example.org' } }, 'Enter an id.'],
    ['payload.competitorIds', { payload: { coachId: 'coa_1', competitorIds: ['cmp_1'] } }, 'not both'],
  ])('is refused at %s: %j', async (path, parts, sentence) => {
    const answer = await create(parts);
    expect(problemOf(answer)).toEqual([422, 'VALIDATION_FAILED']);
    expect(errorsOf(answer)).toMatchObject([{ path, message: expect.stringContaining(sentence) }]);
    expect(await audits()).toEqual([]);
  });

  test('that the service does not take is refused at its expression', async () => {
    client
      .on(CreateScheduleCommand)
      .rejects(new ValidationException({ $metadata: {}, message: 'no', Message: 'no' }));
    const answer = await create();
    expect(problemOf(answer)).toEqual([422, 'VALIDATION_FAILED']);
    expect(errorsOf(answer)).toMatchObject([{ path: 'expression' }]);
  });
});

describe('a change', () => {
  test('keeps what it does not name, fires at its new times, and is in the audit log', async () => {
    const made = scheduleViewSchema.parse((await create()).body);
    moveTo('2026-11-24T00:10:00Z');
    const { status, body } = await change(made, { expression: 'cron(30 2 * * ? *)' });
    expect(status).toBe(200);
    expect(scheduleViewSchema.parse(body)).toMatchObject({
      ...MONTHLY,
      expression: 'cron(30 2 * * ? *)',
      createdAt: made.createdAt,
      changedAt: '2026-11-24T00:10:00.000Z',
    });
    expect(body.version).not.toBe(made.version);
    expect(await audits()).toContainEqual({
      action: 'schedule.change',
      actor: 'ines',
      subject: MONTHLY.name,
      details: { fields: ['expression'], expression: 'cron(0 6 ? * 2#1 *) → cron(30 2 * * ? *)' },
    });
    // 2:30 is skipped on March 14.
    for (const at of [
      '2027-03-13T00:00:00Z',
      '2027-03-13T07:30:00Z',
      '2027-03-14T07:30:00Z',
      '2027-03-15T06:30:00Z',
    ]) {
      moveTo(at);
      await Promise.resolve();
      await Promise.resolve();
    }
    const fired = local.fired.filter(({ name }) => name === MONTHLY.name);
    expect(fired.slice(-2).map(({ at }) => at)).toEqual([
      '2027-03-13T07:30:00.000Z',
      '2027-03-15T06:30:00.000Z',
    ]);
  });

  test('of an older version is refused with what is there now', async () => {
    const made = scheduleViewSchema.parse((await create()).body);
    const first = await change(made, { timezone: 'UTC' });
    const second = await change(made, { expression: 'rate(1 day)' });
    expect(problemOf(second)).toEqual([412, 'STALE_VERSION']);
    expect(second.body.current).toEqual(first.body);
    expect(second.headers['etag']).toBe(`"${first.body.version}"`);
  });

  test('of two admins at once is one of them, the other is told what is there now', async () => {
    const made = scheduleViewSchema.parse((await create()).body);
    const answers = await Promise.all([
      change(made, { expression: 'rate(1 day)' }),
      change(made, { expression: 'rate(2 days)' }),
    ]);
    expect(client.commandCalls(UpdateScheduleCommand)).toHaveLength(1);
    const [saved, refused] = answers.toSorted((a, b) => a.status - b.status);
    expect([saved?.status, refused?.status]).toEqual([200, 412]);
    expect(refused?.body.current).toEqual(saved?.body);
  });

  test('needs the version, and something to change', async () => {
    const params = { name: 'score-sync' };
    const without = await call('PATCH /api/admin/schedules/{name}', { params, body: { enabled: false } });
    expect(problemOf(without)).toEqual([428, 'IF_MATCH_REQUIRED']);
    expect(problemOf(await change(await one('score-sync'), {}))).toEqual([422, 'VALIDATION_FAILED']);
    expect(problemOf(await change({ name: 'none', version: 1 }, { enabled: false }))).toEqual([
      404,
      'NOT_FOUND',
    ]);
  });

  test('that changes nothing is no change', async () => {
    const sync = await one('score-sync');
    const { body } = await change(sync, { enabled: true, payload: { due: true } });
    expect(body.version).toBe(sync.version);
    expect(client.commandCalls(UpdateScheduleCommand)).toEqual([]);
    expect(await audits()).toEqual([]);
  });

  test('of a built-in schedule may be its times and its state, not what it starts', async () => {
    const sync = await one('score-sync');
    const slower = await change(sync, { expression: 'rate(10 minutes)' });
    expect(slower).toMatchObject({ status: 200, body: { expression: 'rate(10 minutes)', builtIn: true } });
    const other = await change(slower.body, { payload: { full: true } });
    expect(problemOf(other)).toEqual([409, 'SCHEDULE_BUILT_IN']);
    const dispatcher = await change(await one('job-dispatcher'), { enabled: false });
    expect(dispatcher).toMatchObject({ status: 200, body: { enabled: false, taskType: null } });
  });
});

describe('deleting', () => {
  test('takes away a schedule of one’s own, and its last run', async () => {
    await create();
    await createScheduleRunRepository(table).note({
      scheduleName: MONTHLY.name,
      time: START,
      jobId: 'job_1',
      byHand: false,
    });
    expect((await remove(MONTHLY.name)).status).toBe(204);
    expect((await list()).map(({ name }) => name)).not.toContain(MONTHLY.name);
    expect(await itemsOf(table, 'SCHEDULE_RUNS')).toEqual([]);
    expect(await audits()).toContainEqual({
      action: 'schedule.delete',
      actor: 'ines',
      subject: MONTHLY.name,
      details: { expression: MONTHLY.expression, timezone: MONTHLY.timezone },
    });
    expect(problemOf(await remove(MONTHLY.name))).toEqual([404, 'NOT_FOUND']);
  });

  test('of a built-in schedule is refused with a sentence', async () => {
    const answer = await remove('score-sync');
    expect(problemOf(answer)).toEqual([409, 'SCHEDULE_BUILT_IN']);
    expect(answer.body.detail).toBe('A built-in schedule cannot be deleted. Switch it off instead.');
  });
});

describe('running a schedule now', () => {
  test('starts its job in the name of the admin, once per key, and counts as its last run', async () => {
    moveTo('2026-11-24T01:10:00Z');
    expect((await one('totals-sweep')).didNotRun).not.toBeNull();
    const headers = { 'idempotency-key': 'key-1' };
    const [started, again] = [await runNow('totals-sweep', headers), await runNow('totals-sweep', headers)];
    expect(started.status).toBe(202);
    expect(again.body).toEqual(started.body);
    expect(await createJobRepository(table).byId(started.body.jobId)).toMatchObject({
      taskType: 'game_platform_totals_sweep',
      startedBy: 'user:ines',
      status: 'pending',
    });
    expect(await one('totals-sweep')).toMatchObject({
      didNotRun: null,
      lastRun: {
        time: '2026-11-24T01:10:00.000Z',
        jobId: started.body.jobId,
        status: 'pending',
        byHand: true,
      },
    });
    expect(await audits()).toEqual([
      {
        action: 'schedule.run',
        actor: 'ines',
        subject: 'totals-sweep',
        details: { taskType: 'game_platform_totals_sweep', jobId: started.body.jobId },
      },
    ]);
  });

  test('is refused where there is none, or it starts no job', async () => {
    expect(problemOf(await runNow('none'))).toEqual([404, 'NOT_FOUND']);
    expect(problemOf(await runNow('job-dispatcher'))).toEqual([409, 'SCHEDULE_STARTS_NO_JOB']);
  });
});

describe('a preview', () => {
  test('tells five runs; a new rate begins at once, a changed one keeps its beat', async () => {
    expect(await runs({ expression: 'rate(6 hours)' })).toEqual([
      '11-24T00:00',
      '11-24T06:00',
      '11-24T12:00',
      '11-24T18:00',
      '11-25T00:00',
    ]);
    const changed = { expression: 'rate(6 hours)', countsFrom: '2026-11-23T01:00:00Z' };
    expect((await runs(changed))[0]).toBe('11-24T01:00');
    expect(await runs({ expression: 'cron(0 6 1 1 ? 2027)', timezone: 'America/New_York' })).toEqual([
      '01-01T11:00',
    ]);
  });

  test('refuses with the sentence of the field', async () => {
    const answer = await preview({ expression: 'cron(0 24 * * ? *)' });
    expect(errorsOf(answer)).toEqual([
      { path: 'expression', message: 'Hour: “24” does not fit. Write 0 to 23.' },
    ]);
  });
});

test('coaches get nothing of it', async () => {
  expect(problemOf(await call('GET /api/admin/schedules', { as: 'ada' }))).toEqual([403, 'FORBIDDEN']);
});
