import { PutCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, describe, expect, it } from 'vitest';
import { equals, lessThan, query } from '#shared/table/expressions.ts';
import { keys } from '#shared/table/keys.ts';
import { randomFrom } from '#test/game-platform-simulator/random.ts';
import { useTestTables } from '#test/support/dynamodb.ts';
import { benchArguments } from './arguments.ts';
import { arrivals, openLoop } from './arrivals.ts';
import { percentile, spreadOf } from './percentiles.ts';
import { planEdits } from './roster/plan-edits.ts';
import { population } from './roster/population.ts';
import { linePicture, stackPicture } from './picture.ts';
import { runRounds } from './sync/run-rounds.ts';
import { openProgram, runCase, UNBOUND } from './sync/cases.ts';
import { dollars } from './sync/day-report.ts';
import { Meter, placeOf, totalOf } from './sync/meter.ts';
import { firingsOf } from './sync/run-day.ts';
import { shiftClock } from './sync/shifted-clock.ts';
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

describe('What a score sync costs', () => {
  const newTable = useTestTables();
  const meter = new Meter();
  afterEach(() => {
    meter.stop();
  });

  it.each([
    [{ Key: keys.syncState('cmp_1') }, 'sync state'],
    [{ Item: { ...keys.reading('job_1#0'), people: [] } }, 'reading guard'],
    [{ RequestItems: { table: { Keys: [keys.setting('sync')] } } }, 'settings'],
    [{ ...query(equals('gsi1pk', 'JOBS#running'), lessThan('gsi1sk', 'SYNC#')) }, 'jobs and parts'],
    [
      {
        TransactItems: [
          { Put: { Item: keys.totalsDue('cmp_1') } },
          { Put: { Item: keys.solve('cmp_1', 'odl', 'odl', 1) } },
        ],
      },
      'solves and counters',
    ],
  ])('knows what %j is about', (input, place) => {
    expect(placeOf(input)).toBe(place);
  });

  it("is DynamoDB's own count, indexes and both sides of a transaction included", async () => {
    const { client, name: TableName } = await newTable();
    meter.start();
    const inIndex = { gsi1pk: 'JOBS#running', gsi1sk: 'a', gsi2pk: 'JOBTYPE#x', gsi2sk: 'a' };
    await client.send(new PutCommand({ TableName, Item: { ...keys.job('a'), ...inIndex } }));
    const part = { ...keys.jobPart('a', 0), text: 'x'.repeat(1_500) };
    await client.send(new TransactWriteCommand({ TransactItems: [{ Put: { TableName, Item: part } }] }));
    meter.stop();
    await client.send(new PutCommand({ TableName, Item: keys.budget() }));
    const metered = meter.take();
    expect(metered.units['jobs and parts']).toEqual({ reads: 0, writes: 3 + 4 });
    expect(totalOf(metered)).toEqual({ reads: 0, writes: 7 });
    expect(totalOf(meter.take())).toEqual({ reads: 0, writes: 0 });
  });

  it('is measured for planning a round, which looks at everyone and lists some', async () => {
    const { listed, units, competitors } = await runRounds(7, 40);
    expect(competitors).toBe(40);
    expect(listed).toHaveLength(3);
    expect(Math.min(...listed)).toBeGreaterThan(0);
    expect(units.reads).toBeGreaterThan(0);
    expect(units.writes).toBeGreaterThan(0);
  }, 60_000);

  it('is measured through functions, queue, table and platform', async () => {
    const program = await openProgram(7, 12, 3);
    try {
      const setting = { workers: 2, settings: UNBOUND };
      const first = await runCase(program, setting);
      await runCase(program, setting);
      await program.platform.news(program.ids.slice(0, 2));
      const third = await runCase(program, setting);
      expect(first).toMatchObject({ competitors: 12, vendorCalls: 24, counts: { total: 12, failed: 0 } });
      expect(third.counts).toMatchObject({ total: 12, synced: 2, skipped: 10 });
      expect(third.vendorCalls).toBe(12);
      // Two had news; the others share the rows of reads without any.
      expect(third.metered.units['sync state'].writes).toBe(2);
      expect(third.metered.units['reads without news'].writes).toBeLessThanOrEqual(10);
      expect(third.metered.queueRequests).toBeGreaterThan(0);
      expect(program.stand.complaints).toEqual([]);
    } finally {
      await program.stop();
    }
  }, 60_000);

  it('is told in dollars', () => {
    expect(dollars({ reads: 1e6, writes: 2e6 }, 1e6)).toBeCloseTo(0.125 + 1.25 + 0.4);
  });
});

describe('A simulated day', () => {
  it('fires every schedule as often as a day has it, in order', () => {
    const firings = firingsOf(Date.UTC(2025, 9, 28, 7) / 1_000);
    const of = (wanted: string) => firings.filter(({ schedule }) => schedule.name === wanted).length;
    expect([of('job-dispatcher'), of('totals-sweep'), of('job-cleanup')]).toEqual([1_440, 24, 1]);
    expect(firings.map(({ at }) => at)).toEqual(firings.map(({ at }) => at).toSorted((a, b) => a - b));
  });

  it('has a clock that jumps for everyone, and is given back', () => {
    const clock = shiftClock(Date.UTC(2025, 0, 1));
    try {
      expect(new Date().getUTCFullYear()).toBe(2025);
      clock.set(Date.UTC(2030, 5, 1));
      expect([new Date(Date.now()).getUTCFullYear(), new Date(0).toISOString()]).toEqual([
        2030,
        '1970-01-01T00:00:00.000Z',
      ]);
    } finally {
      clock.stop();
    }
    expect(new Date().getUTCFullYear()).toBeGreaterThanOrEqual(2026);
  });
});

describe('Pictures', () => {
  const frame = { title: 'Reads', xAxis: 'at once', yAxis: 'a second' };

  it('show each line and its points', () => {
    const points = [1, 2, 4].map((x) => ({ x, y: 10 * x }));
    const svg = linePicture(frame, [{ name: 'measured', color: '#3fd0c9', points }]);
    expect(svg.match(/<circle/g)).toHaveLength(3);
    expect(svg).toContain('<title>Reads</title>');
    expect(svg).toContain('>measured<');
  });

  it('show a bar for each value that is not zero', () => {
    const stacks = [
      { name: 'a', color: '#3fd0c9', values: [1, 0] },
      { name: 'b', color: '#ff7a6b', values: [2, 3] },
    ];
    expect(stackPicture(frame, ['0', '1'], stacks).match(/<rect [^>]*fill="#(3fd0c9|ff7a6b)"/g)).toHaveLength(
      3 + stacks.length,
    );
  });
});
