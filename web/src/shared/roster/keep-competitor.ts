import type { CompetitorView } from '#shared/competitors/contract.ts';
import { useQueryClient } from '@tanstack/react-query';
import { useApi } from '../api/api-context.ts';
import { useActingAs } from '../identity/acting-as.ts';
import { competitorQuery } from './get-competitor.ts';
import { competitorListKey } from './list-competitors.ts';

/** Brings a change into everything that shows the competitor. */
export function useKeepCompetitor() {
  const queries = useQueryClient();
  const api = useApi();
  const actingAs = useActingAs();
  const listsAgain = () => {
    void queries.invalidateQueries({ queryKey: competitorListKey(actingAs) });
    void queries.invalidateQueries({ queryKey: ['dashboard', actingAs] });
  };
  return {
    /** The server answered with the new state. */
    now: (competitor: CompetitorView) => {
      queries.setQueryData(competitorQuery(api, actingAs, competitor.id).queryKey, competitor);
      listsAgain();
    },
    /** The state may have changed: read it again. */
    again: (id: string) => {
      void queries.invalidateQueries({ queryKey: competitorQuery(api, actingAs, id).queryKey });
      listsAgain();
    },
    /** The state of many may have changed. */
    all: () => {
      void queries.invalidateQueries({ queryKey: ['competitor', actingAs] });
      listsAgain();
    },
  };
}
