import { describe, expect, it } from 'vitest';
import { ALWAYS_FREE, billed, listPrice, PRICES } from '#test/support/aws-prices.ts';
import { ASSUMED, lineThrough, usageOf, type Measured } from './bill.ts';

const nothing = { fixed: 0, each: 0 };
const look = { requests: 3, readUnits: 80, tableCalls: 28, bytes: 20_000 };
const measured: Measured = {
  day: {
    readUnits: { fixed: 10_000, each: 60 },
    writeUnits: { fixed: 5_000, each: 50 },
    queueRequests: { fixed: 600, each: 1 },
    tableCalls: { fixed: 20_000, each: 60 },
    invocations: { fixed: 2_000, each: 1 },
    logBytes: { fixed: 400_000, each: 100 },
    tableBytes: { fixed: 0, each: 20_000 },
    scoreReads: { fixed: 0, each: 20 },
  },
  firings: 1_800,
  opening: look,
  minute: look,
  planSeconds: 0.000_1,
};
const usage = (competitors: number, change: Partial<Measured> = {}) =>
  usageOf(
    { ...measured, ...change },
    {
      competitors,
      secondsPerRead: 0.1,
      memoryGb: { reading: 0.5, planning: 1, api: 1 },
    },
  );
const lineOf = (item: string, lines = usage(300)) => {
  const found = lines.find((line) => line.item === item);
  if (found === undefined) throw new Error(`There is no ${item}.`);
  return found;
};

describe('the bill of a month', () => {
  it('has thirty days of what a day takes, by the number of people', () => {
    expect(lineOf('table: writes of the jobs').quantity).toBe(30 * (5_000 + 300 * 50));
    expect(listPrice(lineOf('table: writes of the jobs'))).toBeCloseTo(0.375, 3);
    expect(lineOf('schedules').quantity).toBe(54_000);
  });

  it('has a coach for each 25 people, who opens the site and leaves it open', () => {
    const openings = 12 * ASSUMED.openingsPerMonth;
    expect(lineOf('sign-ins').quantity).toBe(12);
    expect(lineOf('API').quantity).toBe(openings * 3 * (1 + ASSUMED.minutesPerOpening));
  });

  it('has the time in which workers wait for their turn', () => {
    const idle = { ...measured.day, tableCalls: nothing, scoreReads: nothing };
    const without = lineOf('functions: time', usage(300, { day: idle, planSeconds: 0 })).quantity;
    const reading = lineOf(
      'functions: time',
      usage(300, { day: { ...idle, scoreReads: measured.day.scoreReads }, planSeconds: 0 }),
    ).quantity;
    expect(reading - without).toBeCloseTo(30 * 300 * 20 * 0.1 * 0.5, 6);
  });

  it('leaves out what is always free, once for all lines of a kind', () => {
    const half = { item: 'polls', quantity: 0.75 * ALWAYS_FREE.queueRequest, price: 'queueRequest' } as const;
    expect(billed([half])).toBe(0);
    expect(billed([half, half])).toBeCloseTo(0.5e6 * PRICES.queueRequest, 9);
    expect(billed([{ item: 'key', quantity: 1, price: 'key' }])).toBe(1);
  });
});

describe('the line through two sizes', () => {
  it('has what is there anyway and what each adds', () => {
    expect(lineThrough([100, 1_200], [300, 1_600])).toEqual({ fixed: 1_000, each: 2 });
  });
});
