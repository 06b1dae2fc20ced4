import * as z from 'zod';
import { divisionSchema } from '#shared/competitors/competitor-view.ts';
import type { DashboardView } from '#shared/dashboard/dashboard-view.ts';
import { periodOf } from '#shared/dashboard/period.ts';
import type { DashboardRequest } from '#shared/dashboard/read-dashboard.ts';
import type { RouteHandlers } from '#shared/http/api-handler.ts';
import { notFound, ProblemError } from '#shared/kernel/errors.ts';
import { parseQuery } from '#shared/http/request-parsing.ts';
import { scopeOf } from '#shared/identity/scope.ts';

export interface DashboardApiDeps {
  readonly read: (request: DashboardRequest) => Promise<DashboardView | null>;
  /** The programme's calendar day, `YYYY-MM-DD`. */
  readonly today: () => string;
}

const dayParameter = z.iso.date('must be a day, like 2026-11-24').optional();

const querySchema = z.object({
  coachId: z.string().min(1).max(100).optional(),
  division: divisionSchema.optional(),
  from: dayParameter,
  to: dayParameter,
});

export function createDashboardApi(deps: DashboardApiDeps): RouteHandlers<'dashboard-api'> {
  return {
    'GET /api/game-platform/dashboard': async (request) => {
      const query = parseQuery(querySchema, request);
      const { coachId } = scopeOf(request.caller, query.coachId);
      const period = periodOf(query, deps.today());
      if ('message' in period) {
        throw new ProblemError(422, 'VALIDATION_FAILED', period.message, { errors: [period] });
      }
      const view = await deps.read({ coachId, division: query.division ?? null, period });
      if (view === null) throw notFound();
      return { status: 200, body: view };
    },
  };
}
