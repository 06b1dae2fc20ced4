import * as z from 'zod';
import type { PayloadOf } from '#shared/jobs/task-definition.ts';
import type { Planner } from '#shared/jobs/task-handlers.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { SYNC_BUCKETS } from '#shared/table/keys.ts';
import { concernsEveryone, flashReadDue } from './flash-event-state.ts';
import type { FlashEvent, SyncState } from './score-records.ts';
import type { SyncPosition, SyncStatePage } from './sync-state-repository.ts';
import type { SCORE_SYNC_TASKS } from './tasks.ts';

/** People asked in each round. With 40 % of a program in an event, six miss it once in twenty rounds. */
export const SENTINELS = 6;
const ROUND_MS = 30 * 60 * 1000;
/** Who solved nothing for longer is a poor sentinel. */
const ACTIVE_SECONDS = 14 * 24 * 60 * 60;

/** The bucket of people where a round looks for sentinels first: each has its turn in eight hours. */
export const sentinelBucket = (now: Date): number => Math.floor(now.getTime() / ROUND_MS) % SYNC_BUCKETS;

type Candidate = Pick<SyncState, 'competitorId' | 'cursorUnix' | 'lastFlashReadAt' | 'lastFailure'>;

/**
 * Who is asked for new Flash CTFs: of those who solved something lately, the ones whose Flash CTFs were read longest
 * ago, so that the same people are not asked every time; then the most recently active of the others. A competitor who did
 * not play sees nothing, so several are asked; a competitor whose last read failed would not answer.
 */
export function chooseSentinels(candidates: readonly Candidate[], now: Date, count = SENTINELS): string[] {
  const activeSince = now.getTime() / 1000 - ACTIVE_SECONDS;
  const isActive = (one: Candidate): boolean => one.cursorUnix >= activeSince;
  const readable = candidates.filter(({ lastFailure }) => lastFailure === null);
  const active = readable
    .filter(isActive)
    .toSorted(
      (a, b) =>
        (a.lastFlashReadAt ?? '').localeCompare(b.lastFlashReadAt ?? '') || b.cursorUnix - a.cursorUnix,
    );
  const others = readable.filter((one) => !isActive(one)).toSorted((a, b) => b.cursorUnix - a.cursorUnix);
  return [...active, ...others].slice(0, count).map(({ competitorId }) => competitorId);
}

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
async function sentinelCandidates({ syncStates }: PlanFlashDeps, now: Date): Promise<SyncState[]> {
  const { states } = await syncStates.page({ bucket: sentinelBucket(now), after: null }, CANDIDATES);
  if (states.length === CANDIDATES) return [...states];
  const known = new Set(states.map(({ competitorId }) => competitorId));
  const others = await syncStates.page({ bucket: 0, after: null }, CANDIDATES - states.length);
  return [...states, ...others.states.filter(({ competitorId }) => !known.has(competitorId))];
}

/**
 * Parts of a job that reads Flash CTFs: the sentinels first; then, only while an event is open or in its final round,
 * everyone who is due, or with `everyone` all in any case.
 */
export const createPlanFlash =
  (deps: PlanFlashDeps): Planner<PayloadOf<typeof SCORE_SYNC_TASKS.game_platform_flash_ctf_sync>> =>
  async ({ payload: { everyone } }, cursor, size) => {
    const now = deps.now();
    const events = await deps.flash.events();
    const goesOn = everyone || concernsEveryone(events, now);
    if (cursor === null) {
      const sentinels = chooseSentinels(await sentinelCandidates(deps, now), now);
      return { subjects: sentinels, next: goesOn ? { bucket: 0, after: null, sentinels } : null };
    }
    const { sentinels, ...position } = cursorSchema.parse(cursor);
    const { states, next } = await deps.syncStates.page(position, size);
    const due = states.filter(
      (state) => !sentinels.includes(state.competitorId) && (everyone || flashReadDue(events, state, now)),
    );
    return {
      subjects: due.map((state) => state.competitorId),
      next: next === null ? null : { ...next, sentinels },
    };
  };
