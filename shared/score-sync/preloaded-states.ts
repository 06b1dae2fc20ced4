import type { SyncState } from './score-records.ts';

type StatesOf = (competitorIds: readonly string[]) => Promise<ReadonlyMap<string, SyncState>>;

/**
 * States that are loaded while something else is asked of the table. What changes after that only reads more: a state
 * may be a moment old anyway.
 */
export function createPreloadedStates(byIds: StatesOf): {
  /** For whoever asks with this very list, once. */
  readonly preload: (competitorIds: readonly string[]) => void;
  readonly byIds: StatesOf;
} {
  const loading = new WeakMap<readonly string[], ReturnType<StatesOf>>();
  return {
    preload: (competitorIds) => {
      const states = byIds(competitorIds);
      // Whoever asks is told; nobody may, when the part ends before.
      states.catch(() => undefined);
      loading.set(competitorIds, states);
    },
    byIds: (competitorIds) => {
      const states = loading.get(competitorIds) ?? byIds(competitorIds);
      loading.delete(competitorIds);
      return states;
    },
  };
}
