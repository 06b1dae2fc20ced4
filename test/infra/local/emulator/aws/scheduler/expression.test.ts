import { describe, expect, it } from 'vitest';
import { nextFiring, parseExpression } from '#infra/local/emulator/aws/scheduler/expression.ts';

const time = (text: string): number => Date.parse(text);
const next = (expression: string, after: string, zone = 'UTC', created = '2026-11-24T00:00:30Z') => {
  const at = nextFiring(parseExpression(expression, zone), time(created), time(after));
  return at === undefined ? undefined : new Date(at).toISOString();
};

describe('schedule expressions', () => {
  it.each([
    ['cron(15 3 * * ? *)', '2026-11-24T00:00:00Z', 'UTC', '2026-11-24T03:15:00.000Z'],
    ['cron(0/30 * * * ? *)', '2026-11-24T00:10:00Z', 'UTC', '2026-11-24T00:30:00.000Z'],
    // Days of the week count from Sunday, 1.
    ['cron(0 9 ? * 1 *)', '2026-11-24T00:00:00Z', 'UTC', '2026-11-29T09:00:00.000Z'],
    ['cron(0 9 ? * MON-FRI *)', '2026-11-27T18:00:00Z', 'America/Los_Angeles', '2026-11-30T17:00:00.000Z'],
    ['cron(0 9 ? * 6L *)', '2026-11-24T00:00:00Z', 'UTC', '2026-11-27T09:00:00.000Z'],
    ['cron(0 9 ? * L *)', '2026-11-24T00:00:00Z', 'UTC', '2026-11-28T09:00:00.000Z'],
    ['cron(0 9 L * ? *)', '2026-11-24T00:00:00Z', 'UTC', '2026-11-30T09:00:00.000Z'],
    ['cron(0 9 1 * ? 2028)', '2026-11-24T00:00:00Z', 'UTC', '2028-01-01T09:00:00.000Z'],
    ['cron(0 9 1 * ? 2020)', '2026-11-24T00:00:00Z', 'UTC', undefined],
    ['at(2026-12-01T09:00:00)', '2026-11-24T00:00:00Z', 'America/Los_Angeles', '2026-12-01T17:00:00.000Z'],
    ['at(2026-12-01T09:00:00)', '2026-12-01T09:00:00Z', 'UTC', undefined],
    ['rate(5 minutes)', '2026-11-24T00:07:00Z', 'UTC', '2026-11-24T00:10:30.000Z'],
    ['rate(1 hour)', '2026-11-24T00:00:30Z', 'UTC', '2026-11-24T01:00:30.000Z'],
    ['rate(1 day)', '2026-12-24T00:00:29Z', 'UTC', '2026-12-24T00:00:30.000Z'],
  ])('%s after %s in %s', (expression, after, zone, expected) => {
    expect(next(expression, after, zone)).toBe(expected);
  });

  it('fires a new rate at once', () => {
    expect(next('rate(1 hour)', '2026-11-24T00:00:29Z')).toBe('2026-11-24T00:00:30.000Z');
  });

  it.each([
    'every hour',
    'rate(0 minutes)',
    'rate(5 seconds)',
    'cron(15 3 * * *)',
    'cron(15 3 * * * *)',
    'cron(15 3 ? * ? *)',
    'cron(61 3 * * ? *)',
    'at(2026-13-01T09:00:00)',
    'at(tomorrow)',
  ])('refuses %s', (expression) => {
    expect(() => parseExpression(expression, 'UTC')).toThrow(/Invalid Schedule Expression/);
  });

  it('refuses a time zone that does not exist', () => {
    expect(() => parseExpression('cron(15 3 * * ? *)', 'Nowhere/City')).toThrow(
      /Invalid Schedule Expression/,
    );
  });
});
