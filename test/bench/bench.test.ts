import { describe, expect, it } from 'vitest';
import { randomFrom } from '#test/game-platform-simulator/random.ts';
import { benchArguments } from './arguments.ts';
import { arrivals, openLoop } from './arrivals.ts';
import { percentile, spreadOf } from './percentiles.ts';
import { planEdits } from './roster/plan-edits.ts';
import { population } from './roster/population.ts';
import { readableMs, textTable } from './table.ts';

describe('Percentiles', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => index + 1);

  it('are values that were measured', () => {
    expect(spreadOf(hundred.toReversed())).toEqual({ count: 100, p50: 50, p95: 95, p99: 99, max: 100 });
    expect(spreadOf([7])).toEqual({ count: 1, p50: 7, p95: 7, p99: 7, max: 7 });
    expect(percentile([1, 2, 3], 0.5)).toBe(2);
  });

  it('of nothing are no number', () => {
    expect(spreadOf([])).toMatchObject({ count: 0, p50: Number.NaN, max: Number.NaN });
  });
});

describe('The schedule of arrivals', () => {
  it('is the same for a seed, in order, within the time, and about as dense as told', () => {
    const times = arrivals(50, 60, randomFrom(7));
    expect(times).toEqual(arrivals(50, 60, randomFrom(7)));
    expect(times).not.toEqual(arrivals(50, 60, randomFrom(8)));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times.at(-1)).toBeLessThan(60_000);
    expect(times.length).toBeGreaterThan(2_700);
    expect(times.length).toBeLessThan(3_300);
  });

  it('is kept whether or not earlier requests have ended', async () => {
    const gate = Promise.withResolvers<void>();
    const begun: number[] = [];
    const load = openLoop([0, 0, 0], async (index) => {
      begun.push(index);
      if (index === 2) gate.resolve();
      await gate.promise;
    });
    await load;
    expect(begun).toEqual([0, 1, 2]);
  });
});

describe('The plan of roster edits', () => {
  it('edits each person once, from where they are', () => {
    const people = population(600);
    const before = new Map(people.people.map((person) => [person.id, { ...person }]));
    const edits = planEdits(people, 300, randomFrom(7));
    expect(edits).toHaveLength(300);
    const ids = edits.flatMap((edit) => (edit.kind === 'create' ? [] : [edit.competitorId]));
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(edits.map(({ kind }) => kind))).toEqual(
      new Set(['add', 'move', 'remove', 'onboard', 'create']),
    );
    const teamBefore = (id: string) => before.get(id)?.teamId;
    const fits = edits.every((edit) => {
      switch (edit.kind) {
        case 'add':
          return teamBefore(edit.competitorId) === null;
        case 'move':
          return ![null, edit.teamId].includes(teamBefore(edit.competitorId) ?? null);
        case 'remove':
          return teamBefore(edit.competitorId) === edit.fromTeamId;
        case 'onboard':
          return before.get(edit.competitorId)?.hasAccount === false;
        default:
          return true;
      }
    });
    expect(fits).toBe(true);
  });

  it('ends where the people end', () => {
    expect(planEdits(population(30), 1_000, randomFrom(7)).length).toBeLessThan(60);
  });
});

describe('Arguments', () => {
  it('are numbers and lists of them, else the defaults', () => {
    const defaults = { seed: 7, rates: [1, 10] };
    expect(benchArguments(defaults, [])).toEqual(defaults);
    expect(benchArguments(defaults, ['--seed', '9', '--rates', '5,50'])).toEqual({ seed: 9, rates: [5, 50] });
  });

  it.each([[['--seed', 'x']], [['--rates', '1,']], [['--speed', '3']]])('refuse %j', (argv) => {
    expect(() => benchArguments({ seed: 7, rates: [1] }, argv)).toThrow(/--/);
  });
});

it('Tables are Markdown, with numbers to the right', () => {
  expect(textTable(['what', 'p50'], [['add', '5 ms']])).toBe(
    ['| what |  p50 |', '| ---- | ---: |', '| add  | 5 ms |'].join('\n'),
  );
  expect([readableMs(4.4), readableMs(1_240), readableMs(125_000), readableMs(Number.NaN)]).toEqual([
    '4 ms',
    '1.2 s',
    '125 s',
    '-',
  ]);
});
