import * as z from 'zod';
import { doerOf } from '#shared/competitors/competitor-changes.ts';
import type { RouteHandlers } from '#shared/http/api-handler.ts';
import { notFound } from '#shared/http/problem-error.ts';
import {
  decodeCursor,
  encodeCursor,
  pageQuerySchema,
  parseBody,
  parseQuery,
} from '#shared/http/request-parsing.ts';
import type { createChangeCoach } from '#shared/identity/change-coach.ts';
import { coachToView } from '#shared/identity/coach-to-view.ts';
import type { createCreateCoach } from '#shared/identity/create-coach.ts';
import { coachCreateSchema, coachPatchSchema, type CoachView } from '#shared/identity/identity-view.ts';
import type { Coach } from '#shared/identity/identity.ts';

export interface AdminApiDeps {
  readonly coachPage: (page: { readonly limit: number; readonly fromId: string | null }) => Promise<Coach[]>;
  readonly competitorsOf: (coachId: string) => Promise<number>;
  readonly create: ReturnType<typeof createCreateCoach>;
  readonly change: ReturnType<typeof createChangeCoach>;
}

export function createAdminApi(deps: AdminApiDeps): RouteHandlers<'admin-api'> {
  const viewOf = async (coach: Coach): Promise<CoachView> =>
    coachToView(coach, await deps.competitorsOf(coach.id));

  return {
    'GET /api/admin/coaches': async (request) => {
      const { limit, cursor } = parseQuery(pageQuerySchema, request);
      const fromId = cursor === undefined ? null : decodeCursor(z.string(), cursor);
      const coaches = await deps.coachPage({ limit: limit + 1, fromId });
      const items = await Promise.all(coaches.slice(0, limit).map(viewOf));
      const next = coaches[limit];
      return { status: 200, body: { items, nextCursor: next === undefined ? null : encodeCursor(next.id) } };
    },

    'POST /api/admin/coaches': async (request) => {
      const input = parseBody(coachCreateSchema, request);
      const { idempotencyId } = request;
      const coach = await deps.create({ input, doer: doerOf(request), idempotencyId });
      request.log.info('coach made', { coachId: coach.id });
      return { status: 201, body: await viewOf(coach) };
    },

    'PATCH /api/admin/coaches/{id}': async (request) => {
      const patch = parseBody(coachPatchSchema, request);
      const coach = await deps.change(request.params['id'] ?? '', patch, doerOf(request));
      if (coach === undefined) throw notFound();
      return { status: 200, body: await viewOf(coach) };
    },
  };
}
