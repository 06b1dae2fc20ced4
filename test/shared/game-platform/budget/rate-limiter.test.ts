import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FIRST_OPEN_MS, OPENS_AT_FAILURES, TRIAL_MS } from '#shared/game-platform/budget/breaker.ts';
import { NoSlotError, type RateLimiter } from '#shared/game-platform/budget/rate-limiter.ts';
import { GRACE_MS, SKEW_MS } from '#shared/game-platform/budget/lease-slots.ts';
import type { CallPurpose } from '#shared/game-platform/budget/purposes.ts';
import { busiestSecond, FakeRow, FakeTime, limitsOf, START, workerOn } from './budget-world.ts';

const noLimit = { latestMs: Number.POSITIVE_INFINITY };
const ok = { kind: 'answered' } as const;
const failed = { kind: 'failed' } as const;

/** Makes a call and tells its end. */
const call = async (
  budget: RateLimiter,
  purpose: CallPurpose = 'score_sync',
  end: { kind: 'answered' | 'failed' } = ok,
) => {
  const permit = await budget.acquire(purpose, noLimit);
  await permit.release(end);
};
const refusalOf = async (work: Promise<unknown>): Promise<NoSlotError> => {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof NoSlotError) return error;
  throw new Error('It was not refused.', { cause: error });
};

describe('the shared rate', () => {
  it('is kept in every second, whatever the workers, their clocks and their deaths', async () => {
    const worker = fc.record({
      skewMs: fc.integer({ min: -SKEW_MS, max: SKEW_MS }),
      purpose: fc.constantFrom<CallPurpose>('score_sync', 'flash', 'roster', 'interactive'),
      calls: fc.integer({ min: 1, max: 30 }),
      atOnce: fc.integer({ min: 1, max: 4 }),
      takesMs: fc.integer({ min: 0, max: 400 }),
      startsAfterMs: fc.integer({ min: 0, max: 1_500 }),
      lateMs: fc.integer({ min: 0, max: GRACE_MS }),
      dies: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(worker, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 2, max: 40 }),
        async (workers, callsPerSecond) => {
          const time = new FakeTime();
          const row = new FakeRow();
          const made: number[] = [];
          const run = async ({
            skewMs,
            purpose,
            calls,
            atOnce,
            takesMs,
            startsAfterMs,
            lateMs,
            dies,
          }: (typeof workers)[number]) => {
            // Timers fire late, up to the grace that a slot has.
            const slow = {
              get nowMs() {
                return time.nowMs;
              },
              sleep: (ms: number, signal?: AbortSignal) => time.sleep(ms + (ms > 1 ? lateMs : 0), signal),
            } as FakeTime;
            const budget = workerOn(slow, row, () => limitsOf({ callsPerSecond }), skewMs);
            await time.sleep(startsAfterMs);
            let left = calls;
            const lane = async () => {
              for (; left > 0; left -= 1) {
                try {
                  const permit = await budget.acquire(purpose, noLimit);
                  made.push(time.nowMs);
                  await time.sleep(takesMs);
                  await permit.release(ok);
                } catch (error) {
                  if (!(error instanceof NoSlotError)) throw error;
                  return;
                }
              }
            };
            await Promise.all(Array.from({ length: atOnce }, lane));
            if (!dies) await budget.flush();
          };
          await time.until(Promise.all(workers.map(run)));
          expect(made.length).toBeGreaterThan(0);
          expect(busiestSecond(made)).toBeLessThanOrEqual(callsPerSecond);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('costs a write per block, not per call', async () => {
    const time = new FakeTime();
    const row = new FakeRow();
    const budget = workerOn(time, row, () => limitsOf({ callsPerSecond: 100 }));
    await time.until(
      (async () => {
        for (let number = 0; number < 400; number += 1) await call(budget);
        await budget.flush();
      })(),
    );
    expect(row.writes).toBeLessThan(400 / 15);
    expect(row.reads).toBeLessThanOrEqual(row.writes);
    expect(row.current).toMatchObject({ spent: 400, today: { calls: { score_sync: 400 } } });
  });

  it('waits a little for a slot, and says when there is none in time', async () => {
    const time = new FakeTime();
    const row = new FakeRow();
    const budget = workerOn(time, row, () => limitsOf({ callsPerSecond: 2 }));
    await time.until(call(budget));
    const refusal = await time.until(refusalOf(budget.acquire('score_sync', { latestMs: time.nowMs + 300 })));
    expect(refusal).toMatchObject({ code: 'RATE_LIMITED' });
    expect(refusal.until).toBeGreaterThan(time.nowMs + 300);
    await time.until(call(budget));
    expect(time.nowMs).toBeGreaterThanOrEqual(START + 1_000);
  });

  it('gives back what a worker did not use', async () => {
    const time = new FakeTime();
    const row = new FakeRow();
    const budget = workerOn(time, row, () => limitsOf());
    await time.until(call(budget));
    expect(row.current?.spent).toBe(4);
    await time.until(budget.flush());
    expect(row.current).toMatchObject({ spent: 1, today: { calls: { score_sync: 1 } } });
  });

  it('lets an aborted caller go, and the next one through', async () => {
    const time = new FakeTime();
    const budget = workerOn(time, new FakeRow(), () => limitsOf({ callsPerSecond: 2 }));
    await time.until(call(budget));
    const abort = new AbortController();
    const waiting = budget.acquire('score_sync', { ...noLimit, signal: abort.signal });
    const next = call(budget);
    abort.abort();
    expect(await time.until(waiting.catch((error: unknown) => error))).toBe(abort.signal.reason);
    await time.until(next);
  });
});

describe('silence that the platform asks for', () => {
  it('is kept by every worker, and longer than a few seconds only in the table', async () => {
    const time = new FakeTime();
    const row = new FakeRow();
    const [one, two] = [workerOn(time, row, () => limitsOf()), workerOn(time, row, () => limitsOf())];
    const throttled = async (retryAfterMs: number) => {
      const permit = await one.acquire('score_sync', noLimit);
      await permit.release({ kind: 'throttled', retryAfterMs });
    };
    await time.until(throttled(3_000));
    const from = time.nowMs;
    await time.until(call(two, 'roster'));
    expect(time.nowMs).toBeGreaterThanOrEqual(from + 3_000);

    await time.until(throttled(60_000));
    const until = time.nowMs + 60_000;
    expect(await time.until(refusalOf(call(two)))).toMatchObject({ code: 'THROTTLED', until });
    expect(await time.until(refusalOf(call(one)))).toMatchObject({ code: 'THROTTLED', until });
    expect(row.current?.today).toMatchObject({ throttled: 2 });
  });

  it.each([
    ['asks for silence', { kind: 'throttled', retryAfterMs: 60_000 }, 'THROTTLED'],
    ['fails', { kind: 'failed' }, 'BREAKER_OPEN'],
  ] as const)(
    'is kept by a worker whose slot lies seconds ahead, when the platform %s meanwhile',
    async (_, end, code) => {
      const time = new FakeTime();
      const row = new FakeRow();
      const [one, two] = [workerOn(time, row, () => limitsOf()), workerOn(time, row, () => limitsOf())];
      const held = await time.until(
        Promise.all(Array.from({ length: 4 }, () => one.acquire('flash', noLimit))),
      );
      if (row.current === undefined) throw new Error('Nothing was written.');
      // Others have leased the next seconds.
      const { version, breaker } = row.current;
      const nearlyOpen = { ...breaker, failed: OPENS_AT_FAILURES - 1 };
      row.current = {
        ...row.current,
        version: version + 1,
        breaker: end.kind === 'failed' ? nearlyOpen : breaker,
        nextReads: time.nowMs + 4_000,
        nextRoster: time.nowMs + 4_000,
      };
      const waiting = refusalOf(two.acquire('roster', noLimit));
      await time.until(time.sleep(1));
      await time.until(held[0]?.release(end) ?? Promise.reject(new Error('No permit.')));
      expect(await time.until(waiting)).toMatchObject({ code });
      await time.until(two.flush());
      expect(row.current.today.calls).toEqual({ flash: 4 });
    },
  );
});

/** Three workers that have seen enough failures between them. */
async function opened() {
  const time = new FakeTime();
  const row = new FakeRow();
  const worker = () => workerOn(time, row, () => limitsOf({ callsPerSecond: 50 }));
  const workers = [worker(), worker(), worker()] as const;
  for (let number = 0; number < OPENS_AT_FAILURES; number += 1) {
    await time.until(call(workers[number % 2 === 0 ? 0 : 1], 'score_sync', failed));
  }
  return { time, row, workers };
}

describe('a failing platform', () => {
  it('is left alone by all workers once they have seen enough failures between them', async () => {
    const { time, row, workers } = await opened();
    expect(row.current?.breaker.kind).toBe('open');
    // What a worker has leased already it may use up, a second at most.
    time.nowMs += 1_100;
    for (const worker of workers) {
      expect(await time.until(refusalOf(call(worker)))).toMatchObject({ code: 'BREAKER_OPEN' });
      expect(await time.until(refusalOf(call(worker, 'roster')))).toMatchObject({ code: 'BREAKER_OPEN' });
    }
  });

  it('gets one trial call, whose answer lets everybody go on', async () => {
    const { time, row, workers } = await opened();
    time.nowMs += FIRST_OPEN_MS;
    const [one, two, three] = workers;
    const trial = await time.until(one.acquire('score_sync', noLimit));
    const early = refusalOf(two.acquire('roster', { latestMs: time.nowMs + 100 }));
    expect(await time.until(early)).toMatchObject({ code: 'BREAKER_OPEN' });
    const waits = three.acquire('totals', noLimit);
    await time.until(trial.release(ok));
    expect(row.current?.breaker.kind).toBe('closed');
    await time.until(waits);
    await time.until(call(two));
  });

  it('is left alone for longer when the trial fails', async () => {
    const { time, row, workers } = await opened();
    time.nowMs += FIRST_OPEN_MS;
    await time.until(call(workers[0], 'score_sync', failed));
    const { breaker } = row.current ?? {};
    expect(breaker).toMatchObject({ kind: 'open', openings: 2 });
    const refusal = await time.until(refusalOf(call(workers[1])));
    expect(refusal.until - time.nowMs).toBeGreaterThan(FIRST_OPEN_MS);
  });

  it('gets another trial when the worker with the first one died', async () => {
    const { time, row, workers } = await opened();
    time.nowMs += FIRST_OPEN_MS;
    await time.until(workers[0].acquire('score_sync', noLimit));
    time.nowMs += TRIAL_MS;
    await time.until(call(workers[1]));
    expect(row.current?.breaker.kind).toBe('closed');
  });
});

describe('a day’s budget', () => {
  it('stops reads at the reserve and lets rosters go on to the end', async () => {
    const time = new FakeTime();
    const row = new FakeRow();
    const rosterReserve = { perSecond: 0.2, perDay: 0.2 };
    const limits = limitsOf({ callsPerSecond: 500, dailyCallBudget: 100, rosterReserve });
    const budget = workerOn(time, row, () => limits);
    const callAll = async (purpose: CallPurpose) => {
      let made = 0;
      const refusal = await refusalOf(
        (async () => {
          for (; ; made += 1) await call(budget, purpose);
        })(),
      );
      return { made, code: refusal.code, until: refusal.until };
    };
    const until = Date.parse('2026-11-26T08:00:00Z');
    expect(await time.until(callAll('score_sync'))).toEqual({ made: 80, code: 'DAY_SPENT', until });
    expect(await time.until(callAll('roster'))).toEqual({ made: 20, code: 'DAY_SPENT', until });

    time.nowMs = until;
    await time.until(call(budget));
    expect(row.ended).toHaveLength(1);
    expect(row.ended[0]).toMatchObject({ day: '2026-11-25', calls: { score_sync: 80, roster: 20 } });
    expect(row.current?.today.day).toBe('2026-11-26');
  });
});

describe('trouble with the table', () => {
  it('loses nothing that was to be told', async () => {
    const time = new FakeTime();
    const row = new FakeRow();
    let broken = false;
    const shaky = {
      state: row.state,
      replace: async (...write: Parameters<FakeRow['replace']>) => {
        if (broken) throw new Error('throttled');
        return row.replace(...write);
      },
    };
    const budget = workerOn(time, shaky, () => limitsOf());
    const permit = await time.until(budget.acquire('score_sync', noLimit));
    broken = true;
    await time.until(permit.release(failed));
    broken = false;
    await time.until(budget.flush());
    expect(row.current?.today).toMatchObject({ errors: 1, calls: { score_sync: 1 } });
  });

  it('counts a write once whose answer was lost', async () => {
    const time = new FakeTime();
    const row = new FakeRow();
    const lossy = {
      state: row.state,
      replace: async (...write: Parameters<FakeRow['replace']>) => {
        await row.replace(...write);
        return row.replace(...write);
      },
    };
    const budget = workerOn(time, lossy, () => limitsOf());
    await time.until(call(budget));
    await time.until(budget.flush());
    expect(row.current).toMatchObject({ spent: 1, today: { calls: { score_sync: 1 } } });
  });
});

describe('leasing ahead', () => {
  it('has the next block when a fast worker comes to it, and none where the rate binds', async () => {
    const time = new FakeTime();
    const fast = new FakeRow();
    const worker = workerOn(time, fast, () => limitsOf({ callsPerSecond: 1_000 }));
    for (let made = 0; made < 3; made += 1) {
      await time.until(call(worker));
      time.nowMs += 20;
    }
    expect(fast.current?.spent).toBe(4 + 8);

    const slow = new FakeRow();
    const waits = workerOn(time, slow, () => limitsOf({ callsPerSecond: 10 }));
    for (let made = 0; made < 4; made += 1) await time.until(call(waits));
    expect(slow.current?.spent).toBe(4);
  });

  it('takes a slot for each roster call that waits, with one write for all but the first', async () => {
    const time = new FakeTime();
    const row = new FakeRow();
    const worker = workerOn(time, row, () => limitsOf({ callsPerSecond: 1_000 }));
    await time.until(Promise.all([1, 2, 3, 4].map(() => call(worker, 'roster'))));
    expect(row.current?.spent).toBe(4);
    expect(row.writes).toBe(2);
  });
});
