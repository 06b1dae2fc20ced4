import { readRoute } from '#web/shared/api/call-route.ts';
import { coachRoutes, coachListSchema } from '#shared/coaches/contract.ts';
import { queryOptions, useQuery } from '@tanstack/react-query';
import type * as z from 'zod';
import { useApi } from '../api/api-context.ts';
import type { ApiClient } from '../api/client.ts';
import { SelectField, useUrlFilters } from '../ui/filters.tsx';
import { seesAllCoaches, useMe } from './current-user.tsx';

const PAGE = 200;
/** A program has hundreds of coaches; a list that never ends is a fault, not a program. */
const MOST_PAGES = 25;

export type CoachLine = z.infer<typeof coachListSchema>['items'][number];

/** `GET /api/admin/coaches`, all pages. */
export async function readCoaches(api: ApiClient, signal?: AbortSignal): Promise<CoachLine[]> {
  const coaches: CoachLine[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer: z.infer<typeof coachListSchema> = await readRoute(api, coachRoutes.listCoaches, {
      query: { limit: PAGE, cursor },
      ...(signal && { signal }),
    });
    coaches.push(...answer.items);
    cursor = answer.nextCursor;
    if (cursor === null) break;
  }
  return coaches;
}

export const coachesQuery = (api: ApiClient) =>
  queryOptions({
    queryKey: ['coaches'],
    queryFn: ({ signal }) => readCoaches(api, signal),
    staleTime: 5 * 60_000,
  });

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
      ? 'The program has not turned this on for you yet. Ask an admin.'
      : null;
  }
  const coach = coaches.data?.find(({ id }) => id === coachId);
  return coach?.features.onboarding === false
    ? 'Onboarding is switched off for this coach. Switch it on under Coaches.'
    : null;
}

/** Narrows to one coach; only there for an admin who acts as nobody. */
export function CoachFilter() {
  const me = useMe();
  return seesAllCoaches(me) ? <Coaches /> : null;
}

function Coaches() {
  const coaches = useQuery(coachesQuery(useApi()));
  const [params, set] = useUrlFilters();
  const chosen = params.get('coach') ?? '';
  const names = (coaches.data ?? []).map((coach) => ({ value: coach.id, text: coach.name }));
  const unlisted = chosen !== '' && !names.some((name) => name.value === chosen);
  const first = { value: '', text: coaches.isError ? 'All coaches (names not loaded)' : 'All coaches' };
  return (
    <SelectField
      label="Coach"
      value={chosen}
      onChange={(coach) => set({ coach })}
      options={[first, ...(unlisted ? [{ value: chosen, text: 'One coach' }] : []), ...names]}
    />
  );
}
