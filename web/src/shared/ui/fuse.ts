/** The line on a panel's top edge. `length` is 0 to 1. */
export interface Fuse {
  readonly length: number;
  readonly overdue: boolean;
}

interface FreshnessFacts {
  readonly state: 'live' | 'stale' | 'paused' | 'never';
  readonly asOf: string | null;
  readonly lastReadAt: string | null;
  readonly nextReadAt: string | null;
  readonly promiseSeconds: number;
}

const between = (value: number) => Math.min(1, Math.max(0, value));

/**
 * How long the fuse is: the share of time left until the next planned read, or, once that is overdue, of the freshness
 * promise (amber). Null when nothing was ever read.
 */
export function fuseOf(facts: FreshnessFacts, now: Date): Fuse | null {
  if (facts.state === 'never' || facts.lastReadAt === null) return null;
  const last = Date.parse(facts.lastReadAt);
  if (facts.state === 'live' && facts.nextReadAt !== null) {
    const planned = Date.parse(facts.nextReadAt);
    if (planned > last)
      return { length: between((planned - now.getTime()) / (planned - last)), overdue: false };
  }
  const since = Date.parse(facts.asOf ?? facts.lastReadAt);
  const promise = facts.promiseSeconds * 1000;
  return { length: between(1 - (now.getTime() - since) / promise), overdue: true };
}
