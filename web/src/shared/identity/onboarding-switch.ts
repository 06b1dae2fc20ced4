import { useQuery } from '@tanstack/react-query';
import { useApi } from '../api/api-context.ts';
import { coachesQuery } from './get-coaches.ts';
import { seesAllCoaches, useMe } from './get-me.ts';

/**
 * Why nobody of this coach can be put on the Game Platform yet, in words; null: it is switched on, or not known, and
 * then the server decides. `coachId` null: of no coach in particular.
 */
export function useSwitchedOff(coachId: string | null): string | null {
  const me = useMe();
  const all = seesAllCoaches(me);
  const coaches = useQuery({ ...coachesQuery(useApi()), enabled: all && coachId !== null });
  if (!all) {
    return me.features?.onboarding === false
      ? 'The programme has not switched this on for you yet. Ask an admin.'
      : null;
  }
  const coach = coaches.data?.find(({ id }) => id === coachId);
  return coach?.features.onboarding === false
    ? 'Onboarding is switched off for this coach. Switch it on under Coaches.'
    : null;
}
