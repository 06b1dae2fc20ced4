import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyedQueue } from '#shared/game-platform/keyed-queue.ts';

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const noRest = () => undefined;

describe('keyed queue', () => {
  it('never runs two tasks of a key at once, and runs them in the order of asking', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ key: fc.constantFrom('a', 'b'), fails: fc.boolean(), ticks: fc.nat(3) })),
        async (tasks) => {
          const queue = new KeyedQueue();
          const running = new Set<string>();
          const started: Record<string, number[]> = { a: [], b: [] };
          await Promise.allSettled(
            tasks.map(({ key, fails, ticks }, index) =>
              queue.run(
                key,
                async () => {
                  expect(running.has(key)).toBe(false);
                  running.add(key);
                  started[key]?.push(index);
                  for (let count = 0; count < ticks; count += 1) await tick();
                  running.delete(key);
                  if (fails) throw new Error('failed');
                },
                noRest,
              ),
            ),
          );
          for (const key of ['a', 'b']) {
            const wanted = tasks.flatMap((task, index) => (task.key === key ? [index] : []));
            expect(started[key]).toEqual(wanted);
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it('lets a key rest after a failure without keeping its caller', async () => {
    const queue = new KeyedQueue();
    const rest = Promise.withResolvers<void>();
    const failed = queue.run(
      'a',
      () => Promise.reject(new Error('no')),
      () => rest.promise,
    );
    await expect(failed).rejects.toThrow('no');
    let started = false;
    const next = queue.run(
      'a',
      () => {
        started = true;
        return Promise.resolve('done');
      },
      noRest,
    );
    await tick();
    expect(started).toBe(false);
    rest.resolve();
    expect(await next).toBe('done');
  });

  it('lets a waiting task be given up; those behind it still wait for the one in front', async () => {
    const queue = new KeyedQueue();
    const first = Promise.withResolvers<string>();
    const running = queue.run('a', () => first.promise, noRest);
    const abort = new AbortController();
    const given = queue.run('a', () => Promise.resolve('never'), noRest, abort.signal);
    let thirdStarted = false;
    const third = queue.run(
      'a',
      () => {
        thirdStarted = true;
        return Promise.resolve('third');
      },
      noRest,
    );
    abort.abort(new Error('changed my mind'));
    await expect(given).rejects.toThrow('changed my mind');
    await tick();
    const late = queue.run('a', () => Promise.resolve(thirdStarted), noRest);
    await tick();
    expect(thirdStarted).toBe(false);
    first.resolve('first');
    expect(await Promise.all([running, third, late])).toEqual(['first', 'third', true]);
  });
});
