import type { LeaderboardRow } from '#shared/dashboard/contract.ts';

/** How a competitor moved since the period before. */
export type Movement =
  | { readonly kind: 'new' }
  | { readonly kind: 'same' }
  | { readonly kind: 'up' | 'down'; readonly by: number };

export function movementOf({ rank, previousRank }: Pick<LeaderboardRow, 'rank' | 'previousRank'>): Movement {
  if (previousRank === null) return { kind: 'new' };
  const by = previousRank - rank;
  if (by === 0) return { kind: 'same' };
  return { kind: by > 0 ? 'up' : 'down', by: Math.abs(by) };
}
