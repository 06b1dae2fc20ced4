import { ROUND, type World } from './world.ts';

/**
 * The least waiting that any policy could have with so many calls, knowing every solve beforehand and bound by no
 * service level: for a price per call, the cheapest grouping of each competitor's solves, each group read at the first
 * round after its last solve. The lowest points of waiting against calls, one for each price.
 */
export interface BoundPoint {
  readonly callsPerDay: number;
  /** Seconds. */
  readonly meanWait: number;
}

function cheapest(times: readonly number[], from: number, price: number): { calls: number; waited: number } {
  const readAt = times.map((at) => from + Math.ceil((at - from) / ROUND) * ROUND);
  const sums = [0];
  for (const at of times) sums.push(sums.at(-1)! + at);
  const best = [{ cost: 0, calls: 0, waited: 0 }];
  for (let end = 1; end <= times.length; end += 1) {
    let found = { cost: Infinity, calls: 0, waited: 0 };
    for (let begin = end - 1; begin >= 0; begin -= 1) {
      const waited = (end - begin) * readAt[end - 1]! - (sums[end]! - sums[begin]!);
      if (price + waited > found.cost - best[0]!.cost && waited > price * (end - begin)) break;
      const cost = best[begin]!.cost + price + waited;
      if (cost < found.cost) {
        found = { cost, calls: best[begin]!.calls + 1, waited: best[begin]!.waited + waited };
      }
    }
    best.push(found);
  }
  return best.at(-1)!;
}

/** @param price seconds of waiting that a call is worth */
export function clairvoyantBound({ competitors, from, measuredFrom, to }: World, price: number): BoundPoint {
  let calls = 0;
  let waited = 0;
  let solves = 0;
  for (const competitor of competitors) {
    const times = competitor.solves.map(({ at }) => at).filter((at) => at >= measuredFrom);
    const found = cheapest(times, from, price);
    calls += found.calls;
    waited += found.waited;
    solves += times.length;
  }
  return { callsPerDay: calls / ((to - measuredFrom) / 86_400), meanWait: waited / solves };
}
