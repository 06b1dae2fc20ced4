import * as z from 'zod';
import { actorOf } from '#shared/audit/actor.ts';
import type { ApiReply, RouteHandlers } from '#shared/http/api-handler.ts';
import { notFound } from '#shared/kernel/errors.ts';
import { pageQuerySchema, versionTag } from '#shared/kernel/paging.ts';
import {
  decodeCursor,
  encodeCursor,
  ifMatchVersion,
  parseBody,
  parseQuery,
} from '#shared/http/request-parsing.ts';
import type { createChangeCoach } from '#shared/coaches/change-coach.ts';
import { coachToView } from '#shared/coaches/coach-to-view.ts';
import type { createCreateCoach } from '#shared/coaches/create-coach.ts';
import { coachCreateSchema, coachPatchSchema, type CoachView } from '#shared/identity/identity-view.ts';
import type { Coach } from '#shared/identity/identity.ts';
import {
  settingsPatchSchema,
  type createChangeSettings,
  type SettingsView,
} from '#shared/settings/change-settings.ts';

export interface AdminApiDeps {
  readonly coachPage: (page: { readonly limit: number; readonly fromId: string | null }) => Promise<Coach[]>;
  readonly competitorsOf: (coachId: string) => Promise<number>;
  readonly create: ReturnType<typeof createCreateCoach>;
  readonly change: ReturnType<typeof createChangeCoach>;
  readonly settings: () => Promise<SettingsView>;
  readonly changeSettings: ReturnType<typeof createChangeSettings>;
}

const settingsReply = (settings: SettingsView): ApiReply => ({
  status: 200,
  body: settings,
  headers: { etag: versionTag(settings.version) },
});

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
      const coach = await deps.create({ input, actor: actorOf(request), idempotencyId });
      request.log.info('coach made', { coachId: coach.id });
      return { status: 201, body: await viewOf(coach) };
    },

    'PATCH /api/admin/coaches/{id}': async (request) => {
      const patch = parseBody(coachPatchSchema, request);
      const coach = await deps.change(request.params['id'] ?? '', patch, actorOf(request));
      if (coach === undefined) throw notFound();
      return { status: 200, body: await viewOf(coach) };
    },

    'GET /api/admin/settings': async () => settingsReply(await deps.settings()),

    'PATCH /api/admin/settings': async (request) => {
      const version = ifMatchVersion(request);
      const patch = parseBody(settingsPatchSchema, request);
      const actor = { sub: request.caller.sub, requestId: request.requestId };
      return settingsReply(await deps.changeSettings(version, patch, actor));
    },
  };
}
