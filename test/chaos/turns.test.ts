import { expect, test } from 'vitest';
import { Turns, type Kill } from './turns.ts';

const START = new Date('2026-11-03T18:00:00.000Z');
const LIMIT = { limitMs: 10_000 };

/** What a process of three steps did, and how it ended. */
async function live(kill: Kill | undefined) {
  const turns = new Turns(1, START);
  const made: number[] = [];
  const { invocation, end } = turns.begin('worker', { ...LIMIT, kill }, async () => {
    for (const step of [0, 1, 2]) {
      await turns.step('call', () => Promise.resolve(made.push(step)));
    }
    return 'ended';
  });
  await turns.drive([invocation]);
  return { made, end: await end };
}

test('a process that nobody kills comes to its end', async () => {
  expect(await live(undefined)).toEqual({ made: [0, 1, 2], end: { kind: 'done', value: 'ended' } });
});

test('killed before a call, it makes neither that nor another', async () => {
  expect(await live({ at: 1, side: 'before' })).toEqual({ made: [0], end: { kind: 'died' } });
});

test('killed after a call, it never learns what came of it', async () => {
  expect(await live({ at: 1, side: 'after' })).toEqual({ made: [0, 1], end: { kind: 'died' } });
});

test('waiting takes time on the clock and none of ours; who waits beyond the end of their time is ended', async () => {
  const turns = new Turns(1, START);
  const wait = (ms: number) => new Promise<void>((done) => turns.after(ms, done));
  const short = turns.begin('short', LIMIT, () => wait(9_000));
  const long = turns.begin('long', LIMIT, () => wait(3_600_000));
  await turns.drive([short.invocation, long.invocation]);
  expect([(await short.end).kind, (await long.end).kind]).toEqual(['done', 'timed_out']);
  expect(turns.now - START.getTime()).toBe(10_000);
});

/** In which order three processes made their steps. */
async function order(seed: number): Promise<string> {
  const turns = new Turns(seed, START);
  const made: string[] = [];
  const begun = ['a', 'b', 'c'].map((name) =>
    turns.begin(name, LIMIT, async () => {
      for (let step = 0; step < 8; step += 1) {
        await turns.step('call', () => Promise.resolve(made.push(name)));
      }
    }),
  );
  await turns.drive(begun.map(({ invocation }) => invocation));
  return made.join('');
}

test('a seed tells in which turns processes make their steps', async () => {
  expect(await order(3)).toBe(await order(3));
  expect(await order(3)).not.toBe(await order(4));
});
