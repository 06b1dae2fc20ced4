import { coachListSchema } from '#shared/coaches/contract.ts';
import { queryOptions } from '@tanstack/react-query';
import type * as z from 'zod';
import type { ApiClient } from '../api/client.ts';

const PAGE = 200;
/** A programme has hundreds of coaches; a list that never ends is a fault, not a programme. */
const MOST_PAGES = 25;

export type CoachLine = z.infer<typeof coachListSchema>['items'][number];

/** `GET /api/admin/coaches`, all pages. */
export const coachesQuery = (api: ApiClient) =>
  queryOptions({
    queryKey: ['coaches'],
    queryFn: async ({ signal }) => {
      const coaches: CoachLine[] = [];
      let cursor: string | null = null;
      for (let page = 0; page < MOST_PAGES; page += 1) {
        const answer: z.infer<typeof coachListSchema> = await api.get('/api/admin/coaches', coachListSchema, {
          query: { limit: PAGE, cursor },
          signal,
        });
        coaches.push(...answer.items);
        cursor = answer.nextCursor;
        if (cursor === null) break;
      }
      return coaches;
    },
    staleTime: 5 * 60_000,
  });
