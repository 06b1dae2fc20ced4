import {
  type ScheduleCreate,
  type schedulePreviewSchema,
  scheduleRoutes,
  scheduleViewSchema,
  type SchedulePatch,
  type ScheduleView,
} from '#shared/schedules/contract.ts';
import { useApi } from '#web/shared/api/api-context.ts';
import { ApiError } from '#web/shared/api/api-error.ts';
import { readRoute, removeByRoute, writeRoute } from '#web/shared/api/call-route.ts';
import type { ApiClient } from '#web/shared/api/client.ts';
import { queryOptions, useQueryClient } from '@tanstack/react-query';
import type * as z from 'zod';

const PAGE = 100;
/** A program has dozens of schedules. */
const MOST_PAGES = 10;
const POLL_MS = 30_000;
const KEY = ['schedules'];

async function readSchedules(api: ApiClient, signal?: AbortSignal): Promise<ScheduleView[]> {
  const schedules: ScheduleView[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer: z.infer<typeof scheduleRoutes.listSchedules.success.schema> = await readRoute(
      api,
      scheduleRoutes.listSchedules,
      { query: { limit: PAGE, cursor }, ...(signal && { signal }) },
    );
    schedules.push(...answer.items);
    cursor = answer.nextCursor;
    if (cursor === null) break;
  }
  return schedules;
}

/** `GET /api/admin/schedules`, all pages; read again, since next and last runs move on. */
export const schedulesQuery = (api: ApiClient) =>
  queryOptions({
    queryKey: KEY,
    queryFn: ({ signal }) => readSchedules(api, signal),
    refetchInterval: POLL_MS,
  });

/** `POST /api/admin/schedules/preview`: the next five runs. */
export const previewQuery = (api: ApiClient, body: z.input<typeof schedulePreviewSchema>) =>
  queryOptions({
    queryKey: ['schedule-preview', body],
    queryFn: async () => (await writeRoute(api, scheduleRoutes.previewSchedule, { body })).nextRuns,
    staleTime: POLL_MS,
    retry: false,
  });

/** `POST /api/admin/schedules`: 409 `SCHEDULE_NAME_TAKEN`; asking again for the same one finds it made. */
export const createSchedule = (api: ApiClient, body: ScheduleCreate): Promise<ScheduleView> =>
  writeRoute(api, scheduleRoutes.createSchedule, { body });

/** `PATCH /api/admin/schedules/{name}`, refused with 412 when someone changed it since `version`. */
export const updateSchedule = (
  api: ApiClient,
  {
    name,
    version,
    patch,
  }: { readonly name: string; readonly version: number; readonly patch: SchedulePatch },
): Promise<ScheduleView> =>
  writeRoute(api, scheduleRoutes.updateSchedule, { params: { name }, version, body: patch });

export const deleteSchedule = (api: ApiClient, name: string): Promise<undefined> =>
  removeByRoute(api, scheduleRoutes.deleteSchedule, { params: { name } });

/** `POST /api/admin/schedules/{name}/run`: 202 with the id of the job. */
export const runSchedule = (
  api: ApiClient,
  { name, idempotencyKey }: { readonly name: string; readonly idempotencyKey: string },
): Promise<{ jobId: string }> =>
  writeRoute(api, scheduleRoutes.runSchedule, { params: { name }, idempotencyKey });

/** What is stored now, of a change that came too late. */
export function currentOf(error: unknown): ScheduleView | null {
  if (!(error instanceof ApiError)) return null;
  return scheduleViewSchema.safeParse(error.facts.current).data ?? null;
}

/** Brings a change into the list. */
export function useKeepSchedule() {
  const queries = useQueryClient();
  const { queryKey } = schedulesQuery(useApi());
  const again = () => void queries.invalidateQueries({ queryKey });
  return {
    /** The server answered with the new state, of a schedule that may be new. */
    now: (saved: ScheduleView) => {
      queries.setQueryData(queryKey, (schedules: ScheduleView[] | undefined) =>
        schedules?.some(({ name }) => name === saved.name)
          ? schedules.map((one) => (one.name === saved.name ? saved : one))
          : schedules && [...schedules, saved],
      );
      again();
    },
    gone: (name: string) => {
      queries.setQueryData(queryKey, (schedules: ScheduleView[] | undefined) =>
        schedules?.filter((one) => one.name !== name),
      );
      again();
    },
    again,
  };
}
