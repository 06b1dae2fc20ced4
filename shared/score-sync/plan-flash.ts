import * as z from 'zod';
import type { PayloadOf } from '#shared/jobs/task-definition.ts';
import type { Planner } from '#shared/jobs/task-handlers.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { concernsEveryone, flashReadDue } from './flash-event-state.ts';
import { chooseSentinels, sentinelBucket } from './flash-sentinels.ts';
import type { FlashEvent, SyncState } from './score-records.ts';
import type { SyncPosition, SyncStatePage } from './sync-state-repository.ts';
import type { SCORE_SYNC_TASKS } from './tasks.ts';

export interface PlanFlashDeps {
  readonly syncStates: {
    readonly page: (position: SyncPosition, limit: number) => Promise<SyncStatePage>;
  };
  readonly flash: { readonly events: () => Promise<readonly FlashEvent[]> };
  readonly now: Clock;
}

/** People among whom a round's sentinels are chosen. */
const CANDIDATES = 200;

const cursorSchema = z.object({
  bucket: z.int(),
  after: z.string().nullable(),
  sentinels: z.array(z.string()),
});

/** Some people from the round's bucket on, all round in a small program. */
async function candidates({ syncStates }: PlanFlashDeps, now: Date): Promise<SyncState[]> {
  const { states } = await syncStates.page({ bucket: sentinelBucket(now), after: null }, CANDIDATES);
  if (states.length === CANDIDATES) return [...states];
  const known = new Set(states.map(({ competitorId }) => competitorId));
  const others = await syncStates.page({ bucket: 0, after: null }, CANDIDATES - states.length);
  return [...states, ...others.states.filter(({ competitorId }) => !known.has(competitorId))];
}

/**
 * Parts of a job that reads Flash CTFs: the sentinels first; then, only while an event is open or in its final round,
 * everybody who is due.
 */
export const createPlanFlash =
  (deps: PlanFlashDeps): Planner<PayloadOf<typeof SCORE_SYNC_TASKS.game_platform_flash_ctf_sync>> =>
  async ({ payload: { everyone } }, cursor, size) => {
    const now = deps.now();
    const events = await deps.flash.events();
    const goesOn = everyone || concernsEveryone(events, now);
    if (cursor === null) {
      const sentinels = chooseSentinels(await candidates(deps, now), now);
      return { subjects: sentinels, next: goesOn ? { bucket: 0, after: null, sentinels } : null };
    }
    const { sentinels, ...position } = cursorSchema.parse(cursor);
    const { states, next } = await deps.syncStates.page(position, size);
    const due = states.filter(
      (state) => !sentinels.includes(state.competitorId) && flashReadDue(events, state, now),
    );
    return {
      subjects: due.map((state) => state.competitorId),
      next: next === null ? null : { ...next, sentinels },
    };
  };
