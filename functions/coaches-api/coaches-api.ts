import * as z from 'zod';
import { actorOf } from '#shared/audit/actor.ts';
import type { createActAsCoach } from '#shared/coaches/act-as-coach.ts';
import type { createChangeCoach } from '#shared/coaches/change-coach.ts';
import { coachToView } from '#shared/coaches/coach-to-view.ts';
import { type CoachView, coachRoutes } from '#shared/coaches/contract.ts';
import type { createCreateCoach } from '#shared/coaches/create-coach.ts';
import type { RouteHandlers } from '#shared/http/api-types.ts';
import { decodeCursor, encodeCursor } from '#shared/http/request-parsing.ts';
import type { Coach } from '#shared/identity/identity.ts';
import { notFound } from '#shared/kernel/errors.ts';

export interface CoachesApiDeps {
  readonly coachPage: (page: { readonly limit: number; readonly fromId: string | null }) => Promise<Coach[]>;
  readonly competitorsOf: (coachId: string) => Promise<number>;
  readonly create: ReturnType<typeof createCreateCoach>;
  readonly change: ReturnType<typeof createChangeCoach>;
  readonly acting: ReturnType<typeof createActAsCoach>;
}

export function createCoachesApi(deps: CoachesApiDeps): RouteHandlers<typeof coachRoutes> {
  const viewOf = async (coach: Coach): Promise<CoachView> =>
    coachToView(coach, await deps.competitorsOf(coach.id));

  return {
    listCoaches: async (request) => {
      const { limit, cursor } = request.query;
      const fromId = cursor === undefined ? null : decodeCursor(z.string(), cursor);
      const coaches = await deps.coachPage({ limit: limit + 1, fromId });
      const items = await Promise.all(coaches.slice(0, limit).map(viewOf));
      const next = coaches[limit];
      return { status: 200, body: { items, nextCursor: next === undefined ? null : encodeCursor(next.id) } };
    },

    createCoach: async (request) => {
      const input = request.body;
      const { idempotencyId } = request;
      const coach = await deps.create({ input, actor: actorOf(request), idempotencyId });
      request.log.info('coach made', { coachId: coach.id });
      return { status: 201, body: await viewOf(coach) };
    },

    updateCoach: async (request) => {
      const patch = request.body;
      const coach = await deps.change(request.params.id, patch, actorOf(request));
      if (coach === undefined) throw notFound();
      return { status: 200, body: await viewOf(coach) };
    },

    actAsCoach: async (request) => ({
      status: 201,
      body: await deps.acting.start(request.params.id, request.body, actorOf(request)),
    }),

    endActing: async (request) => {
      const { id, actingId } = request.params;
      return { status: 200, body: await deps.acting.end(id, actingId, request.body.how, actorOf(request)) };
    },
  };
}
