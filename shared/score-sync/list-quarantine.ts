import * as z from 'zod';
import type { Clock } from '#shared/kernel/clock.ts';
import type { Quarantined } from './contract.ts';
import { quarantinePosition, type QuarantineRepository } from './quarantine-repository.ts';

interface Asked {
  readonly competitorId?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly limit: number;
  /** A position of the same list, exclusive. */
  readonly before: string | null;
}

const DAY_MS = 86_400_000;
const DAY_LENGTH = 10;
const timedSchema = z.object({ timestamp_unix: z.int().min(946_684_800).max(4_102_444_799) });

/** The time that the platform gave the record, where it is one; numbers are not redacted. */
function happenedAt(redacted: string): string | null {
  let record: unknown;
  try {
    record = JSON.parse(redacted);
  } catch {
    return null;
  }
  const timed = timedSchema.safeParse(record);
  return timed.success ? new Date(timed.data.timestamp_unix * 1_000).toISOString() : null;
}

/** Records that could not be read, newest first; everything that is kept, unless narrowed down. */
export function createListQuarantine(deps: {
  readonly quarantine: Pick<QuarantineRepository, 'page' | 'keptDays'>;
  readonly now: Clock;
}): (asked: Asked) => Promise<{ readonly items: readonly Quarantined[]; readonly next: string | null }> {
  return async ({ competitorId, from, to, limit, before }) => {
    const now = deps.now();
    const keptDays = await deps.quarantine.keptDays();
    const oldest = new Date(now.getTime() - keptDays * DAY_MS).toISOString().slice(0, DAY_LENGTH);
    const today = now.toISOString().slice(0, DAY_LENGTH);
    const rows = await deps.quarantine.page({
      competitorId,
      // Beyond these there is nothing, and every day costs a query.
      from: from === undefined || from < oldest ? oldest : from,
      to: to === undefined || to > today ? today : to,
      limit: limit + 1,
      before,
      now,
    });
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    return {
      items: shown.map((row) => Object.assign({ happenedAt: happenedAt(row.redacted) }, row)),
      next: rows.length > limit && last !== undefined ? quarantinePosition(last) : null,
    };
  };
}
