import type { ChallengeSolve } from '#shared/game-platform/vendor-contract.ts';
import type { EventIdPolicy, FlashCtfs } from './flash-ctfs.ts';
import type { UserRecord } from './operations.ts';
import type { FlashResult } from './solve-history.ts';

/** The score answers in the vendor's form. */

export interface OdlScoresAnswer {
  readonly syned_user_id: string | null;
  readonly metactf_user_id: number;
  readonly total_challenges_solved: number;
  readonly total_points: number;
  readonly last_accessed_unix_timestamp: number;
  readonly category_points: Readonly<Record<string, number>>;
  readonly challenge_solves: readonly ChallengeSolve[];
}

export interface FlashCtfAnswer {
  readonly flash_ctf_name: string;
  readonly flash_ctf_time_start_unix: number;
  readonly flash_ctf_time_end_unix?: number;
  readonly event_id?: string;
  readonly challenges_solved: number;
  readonly points_earned: number;
  readonly max_points_possible: number;
  readonly rank: number;
  readonly challenge_solves: readonly ChallengeSolve[];
}

export interface FlashCtfProgressAnswer {
  readonly syned_user_id: string;
  readonly flash_ctfs: readonly FlashCtfAnswer[];
}

const pointsOf = (solves: readonly ChallengeSolve[]): number =>
  solves.reduce((sum, { challenge_points: points }) => sum + points, 0);

/** Totals are those of the solves returned: with `after` they are no totals, as at the vendor. */
export function odlScoresAnswer(
  user: UserRecord,
  solves: readonly ChallengeSolve[],
  lastSeen: number,
  after: number | undefined,
): OdlScoresAnswer {
  const returned = after === undefined ? solves : solves.filter(({ timestamp_unix: at }) => at > after);
  const categories: Record<string, number> = {};
  for (const { challenge_category: category, challenge_points: points } of returned) {
    categories[category] = (categories[category] ?? 0) + points;
  }
  return {
    syned_user_id: user.synedUserId,
    metactf_user_id: user.metactfUserId,
    total_challenges_solved: returned.length,
    total_points: pointsOf(returned),
    last_accessed_unix_timestamp: Math.max(lastSeen, solves.at(-1)?.timestamp_unix ?? 0),
    category_points: categories,
    challenge_solves: returned,
  };
}

export function flashCtfAnswer(
  { event, solves }: FlashResult,
  now: number,
  flashCtfs: FlashCtfs,
  eventIds: EventIdPolicy,
): FlashCtfAnswer {
  const points = pointsOf(solves);
  const eventId = eventIds === 'always' ? (event.eventId ?? event.key) : event.eventId;
  return {
    flash_ctf_name: event.name,
    flash_ctf_time_start_unix: event.start,
    ...(event.showsEnd && { flash_ctf_time_end_unix: event.end }),
    ...(eventIds !== 'never' && eventId !== undefined && { event_id: eventId }),
    challenges_solved: solves.length,
    points_earned: points,
    max_points_possible: event.challenges.reduce((sum, challenge) => sum + challenge.points, 0),
    rank: flashCtfs.rank(event, points, now),
    challenge_solves: solves,
  };
}
