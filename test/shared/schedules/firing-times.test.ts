import { Cron } from 'croner';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseExpression } from '#shared/schedules/expression.ts';
import {
  clockChange,
  firingTimesOf,
  isTimeZone,
  lastFiring,
  nextFirings,
  type Firing,
} from '#shared/schedules/firing-times.ts';

const NEW_YORK = 'America/New_York';
const time = (text: string): number => Date.parse(text);
const iso = (at: number | undefined): string | undefined =>
  at === undefined ? undefined : new Date(at).toISOString();
const firing = (expression: string, timeZone = 'UTC', countsFrom = '2026-11-24T00:00:30Z'): Firing => ({
  recurrence: parseExpression(expression).recurrence,
  timeZone,
  countsFrom: time(countsFrom),
});
const runs = (expression: string, after: string, zone: string, most = 5) =>
  nextFirings(firing(expression, zone), time(after), most).map(iso);

const change = (from: string, to: string, zone = NEW_YORK) => {
  const found = clockChange(zone, time(from), time(to));
  return found === null ? null : [found.kind, iso(found.at)];
};

describe('the next firing', () => {
  it.each([
    ['cron(15 3 * * ? *)', '2026-11-24T00:00:00Z', 'UTC', '2026-11-24T03:15:00.000Z'],
    ['cron(0/30 * * * ? *)', '2026-11-24T00:10:00Z', 'UTC', '2026-11-24T00:30:00.000Z'],
    // Days of the week count from Sunday, 1.
    ['cron(0 9 ? * 1 *)', '2026-11-24T00:00:00Z', 'UTC', '2026-11-29T09:00:00.000Z'],
    ['cron(0 9 ? * MON-FRI *)', '2026-11-27T18:00:00Z', 'America/Los_Angeles', '2026-11-30T17:00:00.000Z'],
    ['cron(0 9 ? * 6L *)', '2026-11-24T00:00:00Z', 'UTC', '2026-11-27T09:00:00.000Z'],
    ['cron(0 9 ? * L *)', '2026-11-24T00:00:00Z', 'UTC', '2026-11-28T09:00:00.000Z'],
    ['cron(0 9 ? * 2#1 *)', '2026-11-24T00:00:00Z', 'UTC', '2026-12-07T09:00:00.000Z'],
    ['cron(0 9 ? * TUE#5 *)', '2026-11-24T00:00:00Z', 'UTC', '2026-12-29T09:00:00.000Z'],
    ['cron(0 9 L * ? *)', '2026-11-24T00:00:00Z', 'UTC', '2026-11-30T09:00:00.000Z'],
    // The 15th is a Sunday, the 1st of August a Saturday, the 31st of January a Sunday.
    ['cron(0 9 15W 11 ? *)', '2026-11-01T00:00:00Z', 'UTC', '2026-11-16T09:00:00.000Z'],
    ['cron(0 9 1W 8 ? *)', '2026-07-01T00:00:00Z', 'UTC', '2026-08-03T09:00:00.000Z'],
    ['cron(0 9 31W 1 ? *)', '2027-01-01T00:00:00Z', 'UTC', '2027-01-29T09:00:00.000Z'],
    ['cron(0 9 31W 4 ? *)', '2026-11-24T00:00:00Z', 'UTC', undefined],
    ['cron(0 9 29 2 ? *)', '2026-11-24T00:00:00Z', 'UTC', '2028-02-29T09:00:00.000Z'],
    ['cron(0 9 1 * ? 2028)', '2026-11-24T00:00:00Z', 'UTC', '2028-01-01T09:00:00.000Z'],
    ['cron(0 9 1 * ? 2020)', '2026-11-24T00:00:00Z', 'UTC', undefined],
    ['cron(0 9 30 2 ? *)', '2026-11-24T00:00:00Z', 'UTC', undefined],
    ['at(2026-12-01T09:00:00)', '2026-11-24T00:00:00Z', 'America/Los_Angeles', '2026-12-01T17:00:00.000Z'],
    ['at(2026-12-01T09:00:00)', '2026-12-01T09:00:00Z', 'UTC', undefined],
    ['rate(5 minutes)', '2026-11-24T00:07:00Z', 'UTC', '2026-11-24T00:10:30.000Z'],
    ['rate(1 hour)', '2026-11-24T00:00:30Z', 'UTC', '2026-11-24T01:00:30.000Z'],
    ['rate(1 day)', '2026-12-24T00:00:29Z', 'UTC', '2026-12-24T00:00:30.000Z'],
  ])('of %s after %s in %s is known', (expression, after, zone, expected) => {
    expect(runs(expression, after, zone, 1)[0]).toBe(expected);
  });

  it('of a new rate is at once', () => {
    expect(runs('rate(1 hour)', '2026-11-24T00:00:29Z', 'UTC', 1)).toEqual(['2026-11-24T00:00:30.000Z']);
  });
});

describe('daylight saving time', () => {
  it('leaves out a time that the clock skips', () => {
    expect(runs('cron(30 2 * * ? *)', '2027-03-12T12:00:00Z', NEW_YORK, 3)).toEqual([
      '2027-03-13T07:30:00.000Z',
      // Not on March 14, when 2:00 is 3:00.
      '2027-03-15T06:30:00.000Z',
      '2027-03-16T06:30:00.000Z',
    ]);
  });

  it('fires once for a time that the clock shows twice', () => {
    expect(runs('cron(30 1 * * ? *)', '2026-10-31T12:00:00Z', NEW_YORK, 2)).toEqual([
      '2026-11-01T05:30:00.000Z',
      '2026-11-02T06:30:00.000Z',
    ]);
    expect(runs('cron(0/30 * * * ? *)', '2026-11-01T05:00:00Z', NEW_YORK, 3)).toEqual([
      '2026-11-01T05:30:00.000Z',
      // 1:00 and 1:30 come again, and do not fire again.
      '2026-11-01T07:00:00.000Z',
      '2026-11-01T07:30:00.000Z',
    ]);
  });

  it('does not move a rate', () => {
    expect(runs('rate(1 day)', '2027-03-13T12:00:00Z', NEW_YORK, 2)).toEqual([
      '2027-03-14T00:00:30.000Z',
      '2027-03-15T00:00:30.000Z',
    ]);
  });

  it('never fires a one-off time that the clock skips, and one that it shows twice the first time', () => {
    expect(runs('at(2027-03-14T02:30:00)', '2026-11-24T00:00:00Z', NEW_YORK)).toEqual([]);
    expect(runs('at(2026-11-01T01:30:00)', '2026-10-24T00:00:00Z', NEW_YORK)).toEqual([
      '2026-11-01T05:30:00.000Z',
    ]);
  });

  it('is counted by half hours where a zone does', () => {
    expect(runs('cron(15 2 * * ? *)', '2026-10-02T00:00:00Z', 'Australia/Lord_Howe', 2)).toEqual([
      '2026-10-02T15:45:00.000Z',
      // On October 4 the clock goes from 2:00 to 2:30.
      '2026-10-04T15:15:00.000Z',
    ]);
  });

  it('is told by when it begins and ends', () => {
    expect(change('2027-03-01T00:00:00Z', '2027-04-05T00:00:00Z')).toEqual([
      'begins',
      '2027-03-14T07:00:00.000Z',
    ]);
    expect(change('2026-06-01T00:00:00Z', '2026-12-01T00:00:00Z')).toEqual([
      'ends',
      '2026-11-01T06:00:00.000Z',
    ]);
    expect(change('2026-12-01T00:00:00Z', '2027-01-01T00:00:00Z')).toBeNull();
    // Both changes lie in between, and the clock is as it was.
    expect(change('2026-12-01T00:00:00Z', '2027-12-01T00:00:00Z')).toBeNull();
    expect(change('2027-03-01T00:00:00Z', '2027-04-05T00:00:00Z', 'UTC')).toBeNull();
  });
});

describe('the last firing', () => {
  it.each([
    ['cron(15 3 * * ? *)', '2026-11-24T03:15:00Z', '2026-11-24T03:15:00.000Z'],
    ['cron(15 3 * * ? *)', '2026-11-24T03:14:59Z', '2026-11-23T03:15:00.000Z'],
    ['cron(0 9 ? 6 2#1 *)', '2026-11-24T00:00:00Z', '2026-06-01T09:00:00.000Z'],
    ['cron(0 9 1 1 ? 2025)', '2026-11-24T00:00:00Z', undefined],
    ['rate(5 minutes)', '2026-11-24T00:09:00Z', '2026-11-24T00:05:30.000Z'],
    ['rate(5 minutes)', '2026-11-24T00:00:00Z', undefined],
    ['at(2026-11-20T09:00:00)', '2026-11-24T00:00:00Z', '2026-11-20T09:00:00.000Z'],
    ['at(2026-11-25T09:00:00)', '2026-11-24T00:00:00Z', undefined],
  ])('of %s up to %s is known', (expression, upTo, expected) => {
    expect(iso(lastFiring(firing(expression), time(upTo), time('2026-01-01T00:00:00Z')))).toBe(expected);
  });

  it('is not looked for before a given time', () => {
    expect(
      lastFiring(firing('cron(15 3 * * ? *)'), time('2026-11-24T03:00:00Z'), time('2026-11-23T04:00:00Z')),
    ).toBeUndefined();
  });
});

const list = (least: number, most: number) =>
  fc.oneof(
    fc.constant('*'),
    fc
      .uniqueArray(fc.integer({ min: least, max: most }), { minLength: 1, maxLength: 3 })
      .map((all) => all.join(',')),
    fc
      .tuple(fc.integer({ min: least, max: most }), fc.integer({ min: least, max: most }))
      .map(([one, other]) => `${Math.min(one, other)}-${Math.max(one, other)}`),
    fc
      .tuple(fc.integer({ min: least, max: most }), fc.integer({ min: 1, max: most }))
      .map(([from, step]) => `${from}/${step}`),
  );
const weekday = fc.constantFrom('SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', '1', '4', '7');
const days = fc.oneof(
  fc
    .oneof(
      list(1, 31),
      fc.constant('L'),
      fc.integer({ min: 1, max: 28 }).map((date) => `${date}W`),
    )
    .map((date) => [date, '?']),
  fc
    .oneof(
      weekday,
      fc.constantFrom('MON-FRI', 'TUE,THU', '2-4', 'L'),
      weekday.map((day) => `${day}L`),
      fc.tuple(weekday, fc.integer({ min: 1, max: 5 })).map(([day, nth]) => `${day}#${nth}`),
    )
    .map((day) => ['?', day]),
);
const expressions = fc
  .tuple(list(0, 59), list(0, 23), days, list(1, 12))
  .map(([minute, hour, [date, day], month]) => [minute, hour, date, month, day, '*'].join(' '));

/** The same fields for another implementation, which knows no zone that changes its clock as AWS's scheduler does. */
function oracle(expression: string): Cron {
  const most = [59, 23, 31, 12, 7, 2199];
  const fields = expression.split(' ').map((field, index) => {
    if (field === '?') return '*';
    if (index === 4 && field === 'L') return '7';
    if (index === 4) return field.replace(/^(\w+)L$/, '$1#L');
    return field.replace(/^(\d+)\/(\d+)$/, `$1-${most[index]}/$2`);
  });
  return new Cron(`0 ${fields.join(' ')}`, {
    timezone: 'UTC',
    alternativeWeekdays: true,
    mode: '7-part',
    paused: true,
  });
}

describe('in every expression', () => {
  it('runs in UTC are those of another implementation', () => {
    fc.assert(
      fc.property(
        expressions,
        fc.date({ min: new Date('2026-01-01'), max: new Date('2029-01-01'), noInvalidDate: true }),
        (text, after) => {
          const own = nextFirings(firing(`cron(${text})`), after.getTime(), 4);
          expect(own.map(iso)).toEqual(
            oracle(text)
              .nextRuns(4, after)
              .map((run) => run.toISOString()),
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  it('the last firing before the next one is the one that it follows', () => {
    fc.assert(
      fc.property(
        expressions,
        fc.constantFrom('UTC', NEW_YORK, 'Australia/Lord_Howe', 'Africa/Casablanca', 'Asia/Kolkata'),
        fc.integer({ min: time('2026-10-25T00:00:00Z'), max: time('2027-04-10T00:00:00Z') }),
        (text, zone, after) => {
          const all = nextFirings(firing(`cron(${text})`, zone), after, 4);
          for (const [index, at] of all.entries()) {
            const found = lastFiring(firing(`cron(${text})`, zone), at - 1, after);
            expect(iso(found)).toBe(iso(all[index - 1]));
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});

it.each(['UTC', 'America/New_York', 'Asia/Kolkata', 'Etc/GMT+5'])('%s is a time zone', (zone) => {
  expect(isTimeZone(zone)).toBe(true);
});
it.each(['', '+05:00', 'Nowhere/City', 'Eastern', 'America/New_York\n'])('“%s” is no time zone', (zone) => {
  expect(isTimeZone(zone)).toBe(false);
  expect(() => firingTimesOf('rate(1 day)', zone)).toThrow('There is no such time zone.');
});
