import type { PayloadOf } from '#shared/jobs/task-definition.ts';
import type { PartOutcome, PartWorker } from '#shared/jobs/work-part.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { COMPETITOR_TASKS } from '../tasks.ts';
import type { ErasureRepository } from './erasure-repository.ts';
import { OwnError } from '#shared/kernel/errors.ts';

export interface ErasureWorkerDeps {
  readonly erasure: ErasureRepository;
  /** Uploads of a coach: any of them may name the person, so all of them go. */
  readonly uploadsOf: (coachId: string) => AsyncIterable<string>;
  /** Coaches whose list the person was on: their lines of activity tell, until they are erased. */
  readonly coachesOf: (competitorId: string) => Promise<readonly string[]>;
  readonly removeUpload: (importId: string) => Promise<void>;
  readonly now: Clock;
  readonly sleep: (ms: number) => Promise<void>;
}

/** Nothing is erased of somebody who was not deleted: a payload alone erases nobody. */
class NotDeletedError extends OwnError {
  override readonly name = 'NotDeletedError';
}

/** What was written just before the deletion may take this long to show up in the indexes. */
const INDEX_LAG_MS = 5_000;
const RESERVE_MS = 8_000;

/**
 * Parts of `privacy_erasure`: removes every row about the person but the tombstone, in passes, until a pass that began
 * well after the deletion finds nothing. Bears any number of runs; a crash only means that the next one finds less.
 */
export function createErasureWorker(
  deps: ErasureWorkerDeps,
): PartWorker<PayloadOf<typeof COMPETITOR_TASKS.privacy_erasure>> {
  return async (job, part, context): Promise<PartOutcome> => {
    const { coachId } = job.payload;
    const counts: Record<string, number> = {};
    const add = (kind: string, rows: number) => {
      if (rows > 0) counts[kind] = (counts[kind] ?? 0) + rows;
    };
    const mayGoOn = () => context.remainingMs() > RESERVE_MS;
    for (const competitorId of part.subjects) {
      const tombstone = await deps.erasure.tombstone(competitorId);
      if (tombstone === undefined) throw new NotDeletedError();
      for (;;) {
        const begun = deps.now().getTime();
        let found = 0;
        // Before the lines that tell which coaches they are.
        for (const one of new Set([coachId, ...(await deps.coachesOf(competitorId))])) {
          for await (const importId of deps.uploadsOf(one)) {
            await deps.removeUpload(importId);
            add('uploads', 1);
          }
        }
        for (const [kind, erase] of deps.erasure.steps) {
          const rows = await erase(competitorId, mayGoOn);
          add(kind, rows);
          found += rows;
          if (!mayGoOn()) return { kind: 'released', because: 'time', progressed: found > 0 };
        }
        const settledAt = Date.parse(tombstone.erasedAt) + INDEX_LAG_MS;
        if (found === 0 && begun >= settledAt) break;
        await deps.sleep(Math.max(0, Math.min(INDEX_LAG_MS, settledAt - deps.now().getTime())));
      }
    }
    return { kind: 'finished', counts };
  };
}
