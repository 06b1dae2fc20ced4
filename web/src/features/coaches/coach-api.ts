import { writeRoute } from '#web/shared/api/call-route.ts';
import { coachAccountRoutes, coachRoutes, type CoachView } from '#shared/coaches/contract.ts';
import { jobRoutes } from '#shared/jobs/contract.ts';
import { useApi } from '#web/shared/api/api-context.ts';
import { ApiError } from '#web/shared/api/api-error.ts';
import type { ApiClient } from '#web/shared/api/client.ts';
import { coachesQuery, readCoaches, type CoachLine } from '#web/shared/identity/coaches.tsx';
import { useQueryClient } from '@tanstack/react-query';
import type { CoachBody, CoachChange } from './coach-form-values.ts';

/** There is no route for one coach. */
const readCoach = (api: ApiClient) => async (id: string) => {
  const coach = (await readCoaches(api)).find((one) => one.id === id);
  if (coach !== undefined) return coach;
  throw new ApiError({ failure: 'refused', status: 404, message: 'This coach does not exist.' });
};

/** `POST /api/admin/coaches`: 201, and the invitation is sent; 409 `EMAIL_TAKEN`. */
export const createCoach = (
  api: ApiClient,
  input: { readonly body: CoachBody; readonly idempotencyKey: string },
): Promise<CoachView> =>
  writeRoute(api, coachRoutes.createCoach, {
    body: input.body,
    idempotencyKey: input.idempotencyKey,
    readAgain: readCoach(api),
  });

/** `PATCH /api/admin/coaches/{id}`; doing it twice does it once. */
export const updateCoach = (
  api: ApiClient,
  input: { readonly id: string; readonly change: CoachChange },
): Promise<CoachView> =>
  writeRoute(api, coachRoutes.updateCoach, {
    params: { id: input.id },
    body: input.change,
  });

/** `POST /api/admin/coaches/{id}/onboard`: the coach's own account over there; safe to repeat. */
export const addCoachAccount = (
  api: ApiClient,
  input: { readonly id: string; readonly idempotencyKey: string },
): Promise<CoachView> =>
  writeRoute(api, coachAccountRoutes.onboardCoach, {
    params: { id: input.id },
    idempotencyKey: input.idempotencyKey,
    readAgain: readCoach(api),
  });

/** The same for every coach without one, as a job with a row for each. */
export const addAllCoachAccounts = (api: ApiClient, idempotencyKey: string): Promise<{ jobId: string }> =>
  writeRoute(api, jobRoutes.startJob, {
    body: { taskType: 'onboard_coaches', payload: {} },
    idempotencyKey,
  });

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
