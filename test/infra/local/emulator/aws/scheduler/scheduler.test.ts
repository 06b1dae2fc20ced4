import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createResourceNames } from '#infra/local/emulator/aws/access/resource-names.ts';
import { startScheduler, type Scheduler } from '#infra/local/emulator/aws/scheduler/scheduler.ts';
import { StateDatabase } from '#infra/local/emulator/aws/state-database.ts';
import { firingTimesOf } from '#shared/schedules/firing-times.ts';
import { makeDeployment, queueArn, roleArn } from '../deployment-fixture.ts';

const START = Date.parse('2026-11-24T00:00:00Z');
const deployment = makeDeployment({ awsUrl: 'http://127.0.0.1:1', loginUrl: 'http://127.0.0.1:2' });

let directory: string;
let state: StateDatabase;
let scheduler: Scheduler;
let now: number;
let fired: string[];
let told: string[];

function start(): Scheduler {
  return startScheduler({
    documents: state,
    deployment,
    names: createResourceNames(deployment),
    whyNotAssumable: () => undefined,
    deliver: (schedule, scheduledTime) => {
      fired.push(`${schedule.Name} ${new Date(scheduledTime).toISOString()}`);
      return Promise.resolve();
    },
    firingTimes: firingTimesOf,
    onLog: ({ message }) => told.push(message),
    now: () => now,
    random: () => 0,
  });
}

const call = async (operation: string, parts: Record<string, unknown>) => {
  const answer = await scheduler.standIn.answer({
    caller: { kind: 'operator', name: 'operator' },
    service: 'scheduler',
    operation,
    body: parts,
    rawBody: '',
    signal: new AbortController().signal,
  });
  return JSON.parse(answer.body as string) as Record<string, unknown>;
};

const create = (Name: string, ScheduleExpression: string, parts: Record<string, unknown> = {}) =>
  call('CreateSchedule', {
    Name,
    GroupName: 'coaching',
    ScheduleExpression,
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: { Arn: queueArn('work'), RoleArn: roleArn('scheduler-role') },
    ...parts,
  });

async function moveTo(text: string): Promise<void> {
  now = Date.parse(text);
  scheduler.tick();
  await Promise.resolve();
  await Promise.resolve();
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'local-aws-'));
  state = new StateDatabase(directory);
  now = START;
  fired = [];
  told = [];
  scheduler = start();
});
afterEach(async () => {
  await scheduler.stop();
  state.close();
  rmSync(directory, { recursive: true, force: true });
});

describe('the scheduler', () => {
  it('does not fire on a day on which the clock skips the time', async () => {
    now = Date.parse('2027-03-13T12:00:00Z');
    const ScheduleExpressionTimezone = 'America/Los_Angeles';
    await create('nightly', 'cron(30 2 * * ? *)', { ScheduleExpressionTimezone });
    // On March 14 it is 3:00 after 1:59.
    for (const hour of ['09:59:59', '10:00:00', '10:30:00', '11:00:00']) await moveTo(`2027-03-14T${hour}Z`);
    expect(fired).toEqual([]);
    await moveTo('2027-03-15T09:30:00Z');
    expect(fired).toEqual(['nightly 2027-03-15T09:30:00.000Z']);
  });

  it('fires a rate at its creation and then in step with it', async () => {
    await create('often', 'rate(5 minutes)');
    await moveTo('2026-11-24T00:00:00Z');
    await moveTo('2026-11-24T00:04:59Z');
    await moveTo('2026-11-24T00:05:02Z');
    await moveTo('2026-11-24T00:10:00Z');
    expect(fired).toEqual([
      'often 2026-11-24T00:00:00.000Z',
      'often 2026-11-24T00:05:00.000Z',
      'often 2026-11-24T00:10:00.000Z',
    ]);
  });

  it('fires one out of turn when asked, and goes on in step', async () => {
    await create('often', 'rate(5 minutes)');
    await moveTo('2026-11-24T00:00:00Z');
    now = Date.parse('2026-11-24T00:01:30Z');
    scheduler.fire('coaching', 'often');
    await moveTo('2026-11-24T00:05:00Z');
    expect(fired).toEqual([
      'often 2026-11-24T00:00:00.000Z',
      'often 2026-11-24T00:01:30.000Z',
      'often 2026-11-24T00:05:00.000Z',
    ]);
    expect(() => scheduler.fire('coaching', 'unknown')).toThrow('Schedule unknown does not exist.');
  });

  it('goes on in step after a restart, without what it missed', async () => {
    await create('often', 'rate(5 minutes)');
    await create('nightly', 'cron(15 3 * * ? *)');
    await moveTo('2026-11-24T00:00:00Z');
    await scheduler.stop();
    now = Date.parse('2026-11-24T04:01:00Z');
    scheduler = start();
    await moveTo('2026-11-24T04:04:00Z');
    await moveTo('2026-11-24T04:05:00Z');
    expect(fired).toEqual(['often 2026-11-24T00:00:00.000Z', 'often 2026-11-24T04:05:00.000Z']);
  });

  it('fires once for a night that the machine slept through', async () => {
    await create('nightly', 'cron(15 3 * * ? *)');
    await moveTo('2026-11-27T09:00:00Z');
    await moveTo('2026-11-28T03:15:00Z');
    expect(fired).toEqual(['nightly 2026-11-24T03:15:00.000Z', 'nightly 2026-11-28T03:15:00.000Z']);
  });

  it('deletes a one-off schedule that says so, and keeps one that does not', async () => {
    await create('once', 'at(2026-11-24T01:00:00)', { ActionAfterCompletion: 'DELETE' });
    await create('kept', 'at(2026-11-24T01:00:00)');
    await moveTo('2026-11-24T01:00:00Z');
    await moveTo('2026-11-24T02:00:00Z');
    expect(fired).toHaveLength(2);
    const { Schedules } = await call('ListSchedules', { GroupName: 'coaching' });
    expect(Schedules).toEqual([expect.objectContaining({ Name: 'kept' })]);
  });

  it('tells of a one-off schedule that was missed, and does not make up for it', async () => {
    await create('once', 'at(2026-11-24T01:00:00)', { ActionAfterCompletion: 'DELETE' });
    await scheduler.stop();
    now = Date.parse('2026-11-24T02:00:00Z');
    scheduler = start();
    scheduler.tick();
    expect(fired).toEqual([]);
    expect(told).toEqual([expect.stringContaining('once was due while the stack was not running')]);
  });

  it('is quiet while switched off and before and after its dates', async () => {
    await create('off', 'rate(1 minute)', { State: 'DISABLED' });
    await create('dated', 'rate(1 minute)', {
      StartDate: (START + 120_000) / 1000,
      EndDate: (START + 240_000) / 1000,
    });
    for (let minute = 0; minute < 6; minute += 1)
      await moveTo(new Date(START + minute * 60_000).toISOString());
    expect(fired).toEqual(['dated 2026-11-24T00:02:00.000Z', 'dated 2026-11-24T00:03:00.000Z']);
  });

  it('clears what an update leaves out, and keeps the beat of a rate', async () => {
    await create('often', 'rate(5 minutes)', { Description: 'how often' });
    await moveTo('2026-11-24T00:02:00Z');
    await call('UpdateSchedule', {
      Name: 'often',
      GroupName: 'coaching',
      ScheduleExpression: 'rate(10 minutes)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { Arn: queueArn('work'), RoleArn: roleArn('scheduler-role') },
    });
    await moveTo('2026-11-24T00:10:00Z');
    expect(fired).toEqual(['often 2026-11-24T00:00:00.000Z', 'often 2026-11-24T00:10:00.000Z']);
    expect(await call('GetSchedule', { Name: 'often', GroupName: 'coaching' })).not.toHaveProperty(
      'Description',
    );
  });

  it('lists page by page in the order of names', async () => {
    for (const name of ['c', 'a', 'b']) await create(name, 'rate(1 day)');
    const first = await call('ListSchedules', { MaxResults: '2' });
    const second = await call('ListSchedules', { MaxResults: '2', NextToken: first['NextToken'] });
    const listed = [
      ...(first['Schedules'] as { Name: string }[]),
      ...(second['Schedules'] as { Name: string }[]),
    ];
    expect(listed.map(({ Name }) => Name)).toEqual(['a', 'b', 'c']);
    expect(second['NextToken']).toBeUndefined();
  });

  it.each([
    ['a bad expression', { ScheduleExpression: 'every hour' }, 'ValidationException'],
    [
      'another target than a queue',
      { Target: { Arn: 'arn:aws:lambda:x:1:function:f', RoleArn: 'r' } },
      'ValidationException',
    ],
    ['no group of that name', { GroupName: 'elsewhere' }, 'ResourceNotFoundException'],
  ])('refuses %s', async (_what, parts, code) => {
    await expect(create('bad', 'rate(1 day)', parts)).rejects.toMatchObject({ code });
  });
});
