import * as fc from 'fast-check';
import { afterEach, expect, it } from 'vitest';
import { parseExpression } from '#shared/schedules/expression.ts';
import { nextFirings } from '#shared/schedules/firing-times.ts';
import { GROUP, startLocalScheduler } from '#test/support/local-scheduler.ts';
import { queueArn, roleArn } from '#test/infra/local/emulator/aws/deployment-fixture.ts';

const MINUTE = 60_000;
const DAYS = 3 * 24 * 60 * MINUTE;
/** Two days before a change and one after it, in New York, Lord Howe and Casablanca. */
const BEGINNINGS = [
  ['America/New_York', '2027-03-13T00:00:00Z'],
  ['America/New_York', '2026-10-31T00:00:00Z'],
  ['Australia/Lord_Howe', '2026-10-02T12:00:00Z'],
  ['Australia/Lord_Howe', '2027-04-02T12:00:00Z'],
  ['Africa/Casablanca', '2027-02-06T00:00:00Z'],
  ['UTC', '2027-03-13T00:00:00Z'],
] as const;

const two = (most: number) =>
  fc
    .uniqueArray(fc.integer({ min: 0, max: most }), { minLength: 1, maxLength: 2 })
    .map((all) => all.join(','));
const expressions = fc.oneof(
  fc
    .tuple(two(59), fc.oneof(two(4), two(23), fc.constant('*')))
    .map(([minute, hour]) => `cron(${minute} ${hour} * * ? *)`),
  fc.integer({ min: 5, max: 59 }).map((step) => `cron(0/${step} * ? * * *)`),
  fc.integer({ min: 7, max: 900 }).map((minutes) => `rate(${minutes} minutes)`),
  fc
    .tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 10, max: 59 }))
    .map(([hour, minute]) => `at(2027-03-14T0${hour}:${minute}:00)`),
);

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

it('the local scheduler fires exactly at the runs that are shown in advance, whatever the clock of the zone does', async () => {
  await fc.assert(
    fc.asyncProperty(expressions, fc.constantFrom(...BEGINNINGS), async (expression, [timeZone, from]) => {
      const start = Date.parse(from);
      let now = start;
      const local = startLocalScheduler(() => now);
      stops.push(() => local.scheduler.stop());
      await local.call('CreateSchedule', {
        Name: 'one',
        GroupName: GROUP,
        ScheduleExpression: expression,
        ScheduleExpressionTimezone: timeZone,
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: { Arn: queueArn('work'), RoleArn: roleArn('scheduler-role') },
      });
      for (const end = start + DAYS; now < end; now += MINUTE) {
        local.scheduler.tick();
        await Promise.resolve();
      }
      local.scheduler.tick();
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
      const { recurrence } = parseExpression(expression);
      const most = local.fired.length + 1;
      const shown = nextFirings({ recurrence, timeZone, countsFrom: start }, start - 1, most);
      expect(local.fired.map(({ at }) => at)).toEqual(
        shown.filter((at) => at <= now).map((at) => new Date(at).toISOString()),
      );
    }),
    { numRuns: 25 },
  );
});
