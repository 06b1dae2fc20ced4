import type { DashboardView } from '#shared/dashboard/contract.ts';
import { createContext, use } from 'react';
import { useNow } from '../format/use-now.ts';
import { fuseOf, type Fuse } from '../ui/fuse.ts';

type Freshness = DashboardView['freshness'];

const FreshnessContext = createContext<Freshness | undefined>(undefined);

/** Set by the shell, which knows how old the scores are on every page. */
export const FreshnessProvider = FreshnessContext.Provider;

/** The fuse of a panel that shows everybody in scope; null until it is known. */
export function useFuse(): Fuse | null {
  const freshness = use(FreshnessContext);
  const now = useNow();
  return freshness === undefined ? null : fuseOf(freshness, now);
}

/** True while the programme has paused the platform, or the platform refuses our access. */
export const usePaused = (): boolean => use(FreshnessContext)?.state === 'paused';
