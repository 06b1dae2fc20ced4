import { describe, expect, test } from 'vitest';
import {
  DAY_CHOICES,
  expressionInWords,
  expressionOf,
  expressionProblem,
  whenOf,
  whenProblem,
} from '#web/features/schedules/when.ts';

describe('an expression in words', () => {
  test.each([
    ['rate(1 minute)', 'Every minute'],
    ['rate(5 minutes)', 'Every 5 minutes'],
    ['rate(1 hour)', 'Every hour'],
    ['rate(1 day)', 'Every day, 24 hours apart'],
    ['cron(15 3 * * ? *)', 'Every day at 3:15 AM'],
    ['cron(0 * * * ? *)', 'Every hour, on the hour'],
    ['cron(18 * * * ? *)', 'Every hour, 18 minutes past'],
    ['cron(1 * * * ? *)', 'Every hour, 1 minute past'],
    ['cron(* * * * ? *)', 'Every minute'],
    ['cron(0/15 * * * ? *)', 'Every 15 minutes'],
    ['cron(5/15 * ? * MON-FRI *)', 'Every 15 minutes, from 5 past, weekdays'],
    ['cron(0 8/4 * * ? *)', 'Every day at 8:00 AM, 12:00 PM, 4:00 PM, and 8:00 PM'],
    ['cron(0 */2 * * ? *)', 'Every 2 hours from 12:00 AM'],
    ['cron(30 6 ? * MON *)', 'Mondays at 6:30 AM'],
    ['cron(30 20 ? * TUE,THU *)', 'Tuesdays and Thursdays at 8:30 PM'],
    ['cron(0 6 ? * 2-6 *)', 'Weekdays at 6:00 AM'],
    ['cron(0 6 ? * 2#1 *)', 'First Monday of the month at 6:00 AM'],
    ['cron(0 6 ? * FRIL *)', 'Last Friday of the month at 6:00 AM'],
    ['cron(0 6,18 1,15 * ? *)', 'On the 1st and 15th of the month at 6:00 AM and 6:00 PM'],
    ['cron(0 6 L * ? *)', 'On the last day of the month at 6:00 AM'],
    ['cron(0 6 22W 1,7 ? *)', 'On the working day nearest to the 22nd at 6:00 AM, in January and July'],
    ['cron(0 6 13 9 ? 2027)', 'On the 13th of the month at 6:00 AM, in September, in 2027'],
    ['cron(7,9,40 * * * ? *)', 'At the times of its expression'],
    ['at(2026-11-23T05:00:00)', 'Once, on Nov 23, 2026 at 5:00 AM'],
    ['every hour', 'every hour'],
  ])('%s is “%s”', (expression, words) => {
    expect(expressionInWords(expression)).toBe(words);
  });
});

describe('the fields of the form', () => {
  test.each([
    'rate(1 hour)',
    'rate(5 minutes)',
    'at(2026-11-23T05:00:00)',
    ...DAY_CHOICES.map(({ value }) => {
      const [date, weekday] = value.split(' ');
      return `cron(30 18 ${date} * ${weekday} *)`;
    }),
  ])('write %s and read it again', (expression) => {
    const when = whenOf(expression);
    expect(when.kind).not.toBe('expression');
    expect(expressionOf(when, '')).toBe(expression);
    expect(whenProblem(when, expression)).toBeNull();
  });

  test('know a day by its number too', () => {
    expect(whenOf('cron(0 6 ? * 2 *)')).toMatchObject({ kind: 'days', days: '? MON', time: '06:00' });
  });

  test.each([
    'cron(0 6,18 * * ? *)',
    'cron(0 6 ? 1 MON *)',
    'cron(0 6 * * ? 2027)',
    'cron(0 6 15 * ? *)',
    'none',
  ])('leave %s as it is written', (expression) => {
    const when = whenOf(expression);
    expect(when.kind).toBe('expression');
    expect(expressionOf(when, expression)).toBe(expression);
  });

  test('say what is wrong in their own words, and the expression says it in its own', () => {
    const every = { ...whenOf('rate(1 hour)'), every: 'x' };
    expect(whenProblem(every, expressionOf(every, ''))).toBe('Enter a whole number from 1 up.');
    const once = { ...whenOf('at(2026-11-23T05:00:00)'), date: '' };
    expect(whenProblem(once, expressionOf(once, ''))).toBe('Enter a day and a time to come.');
    const own = whenOf('cron(0 24 * * ? *)');
    expect(whenProblem(own, 'cron(0 24 * * ? *)')).toBe('Hour: “24” does not fit. Write 0 to 23.');
    expect(expressionProblem('cron(0 23 * * ? *)')).toBeNull();
  });
});
