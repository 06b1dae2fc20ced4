import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { liveIn, replaceEdges } from './edges.ts';
import { Turns } from './turns.ts';

const HOUR_MS = 3_600_000;
const nothing = () => Promise.reject(new Error('Nothing is asked.'));

afterEach(() => liveIn(undefined));

test('however code waits, it waits on the clock of its world', async () => {
  replaceEdges();
  const turns = new Turns(1, new Date('2026-11-03T18:00:00.000Z'));
  liveIn({ turns, table: nothing, queues: nothing, secrets: nothing, fetch: nothing });
  const { invocation, end } = turns.begin('worker', { limitMs: 3 * HOUR_MS }, async () => {
    await new Promise<void>((done) => {
      setTimeout(done, HOUR_MS);
    });
    await sleep(HOUR_MS);
    return Date.now();
  });
  await turns.drive([invocation]);
  expect(await end).toEqual({ kind: 'done', value: Date.parse('2026-11-03T20:00:00.000Z') });
});
