import type { PolicyRun } from './run-policy.ts';
import { type FlashWindow, lastAccess, ROUND, type World } from './world.ts';

export interface Outcome {
  readonly callsPerDay: number;
  readonly mostCallsInADay: number;
  /** Waits of each solve in the measured days, in seconds, ascending. */
  readonly waits: readonly number[];
  /** Longest time between two reads of the same competitor that ends in the measured days, in seconds. */
  readonly longestGap: number;
  /** Solves old enough to have been read within eight hours that no read showed. */
  readonly missed: number;
  /** Reads while a Flash CTF was open: the platform is asked twice then, for its progress too. */
  readonly flashReads: number;
  /** Most reads in one round. */
  readonly mostCallsInARound: number;
}

const DAY = 86_400;

function flashWindows({ competitors }: World): readonly FlashWindow[] {
  const windows = competitors.flatMap(({ solves }) => solves.flatMap(({ event }) => event ?? []));
  return [...new Map(windows.map((window) => [window.key, window])).values()];
}

/**
 * Runs the rounds of warm-up and measured days; the policy is warm when measuring begins. A read of one
 * competitor is one call and shows solves of both kinds.
 */
export function simulate(world: World, policy: PolicyRun): Outcome {
  const { competitors, from, measuredFrom, to } = world;
  const next = competitors.map(() => 0);
  const lastRead = competitors.map(() => from);
  const waits: number[] = [];
  const events = flashWindows(world);
  let flashReads = 0;
  let mostCallsInARound = 0;
  const perDay = new Map<number, number>();
  let calls = 0;
  let longestGap = 0;
  // Beyond the end, so that the last solves are seen too; only waits of solves in the measured days count.
  for (let now = from; now <= to; now += ROUND) {
    const measured = now >= measuredFrom && now < to;
    const chosen = policy.choose(now);
    if (measured) {
      calls += chosen.length;
      mostCallsInARound = Math.max(mostCallsInARound, chosen.length);
      if (events.some(({ start, end }) => now >= start && now < end)) flashReads += chosen.length;
      const day = Math.floor((now - measuredFrom) / DAY);
      perDay.set(day, (perDay.get(day) ?? 0) + chosen.length);
    }
    for (const index of chosen) {
      const { solves } = competitors[index]!;
      const begin = next[index]!;
      let end = begin;
      while (end < solves.length && solves[end]!.at <= now) end += 1;
      next[index] = end;
      const seen = solves.slice(begin, end);
      for (const { at } of seen) if (at >= measuredFrom) waits.push(now - at);
      if (now >= measuredFrom) longestGap = Math.max(longestGap, now - lastRead[index]!);
      lastRead[index] = now;
      policy.observe(index, now, seen, lastAccess(competitors[index]!, world.access, now));
    }
  }
  let missed = 0;
  competitors.forEach(({ solves }, index) => {
    longestGap = Math.max(longestGap, to - lastRead[index]!);
    // What is still unseen at the end has waited at least until then.
    for (const { at } of solves.slice(next[index])) {
      if (at >= measuredFrom) waits.push(to - at);
      if (to - at > 8 * 3600) missed += 1;
    }
  });
  return {
    callsPerDay: calls / ((to - measuredFrom) / DAY),
    mostCallsInADay: Math.max(...perDay.values()),
    waits: waits.toSorted((a, b) => a - b),
    longestGap,
    missed,
    flashReads,
    mostCallsInARound,
  };
}
