import type { CoachView } from '#shared/coaches/contract.ts';
import { useQueryClient } from '@tanstack/react-query';
import { useApi } from '../../shared/api/api-context.ts';
import { coachesQuery, type CoachLine } from '../../shared/identity/get-coaches.ts';

/** Brings a change of a coach into every list of coaches. */
export function useKeepCoach() {
  const queries = useQueryClient();
  const { queryKey } = coachesQuery(useApi());
  const again = () => void queries.invalidateQueries({ queryKey });
  return {
    /** The server answered with the new state, of a coach who may be new. */
    now: (saved: CoachView) => {
      queries.setQueryData(queryKey, (coaches: CoachLine[] | undefined) =>
        coaches?.some(({ id }) => id === saved.id)
          ? coaches.map((one) => (one.id === saved.id ? saved : one))
          : coaches && [...coaches, saved],
      );
      again();
    },
    /** The state may have changed: read it again. */
    again,
  };
}
