import { coachViewSchema, type CoachView } from '#shared/coaches/contract.ts';
import type { ApiClient } from '../../../shared/api/client.ts';

export interface CoachChange {
  readonly name?: string;
  readonly school?: string;
  /** False signs the coach out everywhere. */
  readonly enabled?: boolean;
  readonly features?: { readonly onboarding: boolean };
}

/** `PATCH /api/admin/coaches/{id}`; doing it twice does it once. */
export const updateCoach = (
  api: ApiClient,
  input: { readonly id: string; readonly change: CoachChange },
): Promise<CoachView> =>
  api.send('PATCH', `/api/admin/coaches/${encodeURIComponent(input.id)}`, coachViewSchema, {
    body: input.change,
  });
