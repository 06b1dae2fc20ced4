import { describe, expect, test } from 'vitest';
import { callForecast } from '#shared/score-sync/health/call-forecast.ts';

const even = (calls: number) => Array.from({ length: 24 }, () => calls);
const until = (hour: number, calls: number) => even(calls).map((some, at) => (at < hour ? some : 0));
const ENOUGH = 1_000_000;

describe('the forecast of today’s calls', () => {
  test('is nothing while nothing is known', () => {
    expect(callForecast(even(0), [], 0.5, ENOUGH)).toBeNull();
  });

  test('goes on at the pace of today without days before', () => {
    const forecast = callForecast(until(6, 10), [], 6, ENOUGH);
    expect(forecast).toMatchObject({ calls: 240, earlierDays: 0 });
    expect(forecast?.byHour.slice(4, 8)).toEqual([0, 0, 10, 10]);
  });

  test('follows the same hours of the days before', () => {
    const evening = even(0).with(20, 100);
    expect(callForecast(until(12, 0), [evening, even(0)], 12, ENOUGH)?.byHour[20]).toBe(50);
  });

  test('leaves of the hour that runs what is still to come', () => {
    expect(callForecast(until(12, 10), [even(10)], 12.75, ENOUGH)?.byHour[12]).toBeLessThan(4);
  });

  test('weighs a busy day by how much of it has passed', () => {
    // Twice as many as usual at noon: half of that goes on.
    expect(callForecast(until(12, 20), [even(10)], 12, ENOUGH)?.calls).toBe(240 + 12 * 15);
  });

  test('never exceeds what may be made', () => {
    expect(callForecast(until(12, 10), [even(10)], 12, 130)?.calls).toBeLessThanOrEqual(132);
    expect(callForecast(until(12, 10), [even(10)], 12, 100)?.calls).toBe(120);
  });
});
