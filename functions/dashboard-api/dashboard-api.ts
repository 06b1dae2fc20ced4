import { type DashboardView, dashboardRoutes } from '#shared/dashboard/contract.ts';
import { periodOf } from '#shared/dashboard/period.ts';
import type { DashboardRequest } from '#shared/dashboard/read-dashboard.ts';
import type { RouteHandlers } from '#shared/http/api-types.ts';
import { scopeOf } from '#shared/identity/scope.ts';
import { notFound, DomainError } from '#shared/kernel/errors.ts';

export interface DashboardApiDeps {
  readonly read: (request: DashboardRequest) => Promise<DashboardView | null>;
  /** The program's calendar day, `YYYY-MM-DD`. */
  readonly today: () => string;
}

export const ROUTES = dashboardRoutes;

export function createDashboardApi(deps: DashboardApiDeps): RouteHandlers<typeof ROUTES> {
  return {
    getDashboard: async (request) => {
      const query = request.query;
      const { coachId } = scopeOf(request.caller, query.coachId);
      const period = periodOf(query, deps.today());
      if ('message' in period) {
        throw new DomainError('invalid', 'VALIDATION_FAILED', period.message, { errors: [period] });
      }
      const view = await deps.read({ coachId, division: query.division ?? null, period });
      if (view === null) throw notFound();
      return { status: 200, body: view };
    },
  };
}
