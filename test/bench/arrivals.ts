import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '#test/game-platform-simulator/random.ts';

/**
 * Milliseconds from the start at which requests are due: a Poisson process of that rate, fixed before the load begins.
 * So a slow system is asked as often as a fast one, and waiting in front of it is measured as well.
 */
export function arrivals(perSecond: number, seconds: number, random: Random): number[] {
  const times: number[] = [];
  let at = 0;
  for (;;) {
    at += (-Math.log(1 - random()) * 1_000) / perSecond;
    if (at >= seconds * 1_000) return times;
    times.push(at);
  }
}

/**
 * Starts `begin` at each time, whether or not earlier ones have ended, and waits for all of them. `dueAt`: when it
 * should have begun, in milliseconds since 1970; what begins late because this process is busy is late by that clock.
 */
export async function openLoop(
  times: readonly number[],
  begin: (index: number, dueAt: number) => Promise<void>,
): Promise<void> {
  const start = Date.now();
  const running: Promise<void>[] = [];
  for (const [index, time] of times.entries()) {
    const wait = start + time - Date.now();
    if (wait > 0) await sleep(wait);
    running.push(begin(index, start + time));
  }
  await Promise.all(running);
}
