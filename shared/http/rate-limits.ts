import type { Caller } from '#shared/identity/caller.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { RateClass } from '#shared/kernel/contract.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import type { RateLimit } from './middleware/rate-limit.ts';
import type { RateLimitRepository } from './rate-limit-repository.ts';

const MINUTE = 60;
const DAY = 24 * 3600;

/** How often one person may call routes of a class: far above what anybody does by hand. */
export const RATE_LIMITS: Readonly<
  Record<RateClass, { readonly times: Readonly<Record<Caller['role'], number>>; readonly seconds: number }>
> = {
  read: { times: { coach: 600, admin: 600 }, seconds: MINUTE },
  write: { times: { coach: 120, admin: 120 }, seconds: MINUTE },
  vendor: { times: { coach: 60, admin: 60 }, seconds: MINUTE },
  bulk: { times: { coach: 60, admin: 60 }, seconds: MINUTE },
  // An admin invites a whole program's coaches when it begins.
  mail: { times: { coach: 30, admin: 300 }, seconds: DAY },
};

const tooOften = (wait: number): DomainError =>
  new DomainError(
    'too_often',
    'RATE_LIMITED',
    `These were too many requests in a short time. Go on in ${wait} ${wait === 1 ? 'second' : 'seconds'}.`,
    { retryAfterSeconds: wait },
  );

/**
 * Limits each person by the class of a route; an admin who acts as a coach has that coach's share beside their own.
 * Reads are counted in the memory of the function's instance alone, so that a look costs no write to the table: with
 * several instances somebody may read that many times more. Everything else is counted in the table.
 */
export function createRateLimit(deps: {
  readonly limits: RateLimitRepository;
  readonly now: Clock;
}): RateLimit {
  let reads = { window: 0, counts: new Map<string, number>() };

  /** Null when it may be done now; otherwise the seconds until it may. */
  function countRead(who: string, times: number, now: Date): number | null {
    const { seconds } = RATE_LIMITS.read;
    const at = Math.floor(now.getTime() / 1000);
    const window = Math.floor(at / seconds);
    if (reads.window !== window) reads = { window, counts: new Map() };
    const count = (reads.counts.get(who) ?? 0) + 1;
    reads.counts.set(who, count);
    return count > times ? (window + 1) * seconds - at : null;
  }

  return async (rate, { sub, role, actingAs }) => {
    const now = deps.now();
    const { times: byRole, seconds } = RATE_LIMITS[rate];
    const limit = { times: byRole[role], seconds };
    const who = actingAs === null ? sub : `${sub}#${actingAs}`;
    if (rate === 'read') {
      const wait = countRead(who, limit.times, now);
      if (wait !== null) throw tooOften(wait);
      return undefined;
    }
    const name = `${rate}#${who}`;
    const wait = await deps.limits.atMost(limit, name, now);
    if (wait !== null) throw tooOften(wait);
    return rate === 'mail' ? () => deps.limits.giveBack(limit, name, now) : undefined;
  };
}
