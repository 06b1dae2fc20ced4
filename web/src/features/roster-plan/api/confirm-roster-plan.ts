import type { PlanConfirmation } from '#shared/teams/contract.ts';
import type { ApiClient } from '../../../shared/api/client.ts';
import { startedSchema } from '../../../shared/api/get-job.ts';

/** `POST /api/admin/roster-plan/{planId}/confirm`: 202 with the job that carries it out; 409 or 422 when it may not. */
export const confirmRosterPlan = (
  api: ApiClient,
  input: {
    readonly planId: string;
    readonly body: PlanConfirmation;
    readonly idempotencyKey: string;
  },
): Promise<{ jobId: string }> =>
  api.send('POST', `/api/admin/roster-plan/${encodeURIComponent(input.planId)}/confirm`, startedSchema, {
    body: input.body,
    idempotencyKey: input.idempotencyKey,
  });
