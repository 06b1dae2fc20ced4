import { describe, expect, it } from 'vitest';
import { parseExpression } from '#shared/schedules/expression.ts';

describe('an expression', () => {
  it.each([
    ['  cron( 15  3 * * ? * ) ', 'cron(15 3 * * ? *)'],
    ['cron(0 9 ? jan-mar mon#1 *)', 'cron(0 9 ? JAN-MAR MON#1 *)'],
    ['rate(1 hours)', 'rate(1 hour)'],
    ['rate(5 minute)', 'rate(5 minutes)'],
    ['at(2026-12-01T09:00:00)', 'at(2026-12-01T09:00:00)'],
  ])('%s is kept as %s', (typed, kept) => {
    expect(parseExpression(typed).text).toBe(kept);
  });

  it.each([
    ['every hour', /with the parentheses/],
    ['rate(0 minutes)', /at least 1 minute/],
    ['rate(5 seconds)', /minutes, hours or days/],
    ['cron(15 3 * * *)', /6 fields: minute, hour, .* This one has 5\./],
    ['cron()', /This one has 0\./],
    ['cron(15 3 * * * *)', /one of them has to be \?/],
    ['cron(15 3 ? * ? *)', /only one of them can be \?/],
    ['cron(61 3 * * ? *)', /^Minute: “61” does not fit\. Write 0 to 59\.$/],
    ['cron(0 24 * * ? *)', /^Hour: “24”/],
    ['cron(0 9 32 * ? *)', /^Day of the month: “32”/],
    ['cron(0 9 0W * ? *)', /^Day of the month: “0”/],
    ['cron(0 9 LW * ? *)', /^Day of the month: “LW”/],
    ['cron(0 9 * 13 ? *)', /^Month: “13” does not fit\. Write 1 to 12, or JAN to DEC\.$/],
    ['cron(0 9 ? * 8 *)', /^Day of the week: “8” does not fit\. Write 1 to 7, or SUN to SAT\.$/],
    ['cron(0 9 ? * 2#6 *)', /^Day of the week: after # comes one number from 1 to 5/],
    ['cron(0 9 ? * 2#1,3#1 *)', /^Day of the week: after #/],
    ['cron(0 9 ? * 2/2 *)', /^Day of the week: steps with \/ are not possible/],
    ['cron(0 9 * * ? 1969)', /^Year: “1969”/],
    ['cron(30-10 9 * * ? *)', /^Minute: the range 30-10 has to go up\.$/],
    ['cron(1-2-3 9 * * ? *)', /^Minute: “1-2-3” is no range/],
    ['cron(*/0 9 * * ? *)', /^Minute: the step after \/ has to be from 1 to 59\.$/],
    ['cron(0/5/5 9 * * ? *)', /^Minute: “0\/5\/5” is no value/],
    ['cron(0,, 9 * * ? *)', /^Minute: “” is no value/],
    ['at(2026-13-01T09:00:00)', /a date and a time that exist/],
    ['at(2026-02-30T09:00:00)', /a date and a time that exist/],
    ['at(tomorrow)', /a date and a time that exist/],
    [`rate(${'1'.repeat(300)} days)`, /at most 256 characters/],
  ])('%s is refused with a sentence that names what is wrong', (expression, sentence) => {
    expect(() => parseExpression(expression)).toThrow(sentence);
  });
});
