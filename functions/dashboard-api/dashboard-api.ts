import { actorOf } from '#shared/audit/actor.ts';
import type { Competitor } from '#shared/competitors/competitor.ts';
import { type DashboardView, dashboardRoutes } from '#shared/dashboard/contract.ts';
import { periodOf, type Period } from '#shared/dashboard/period.ts';
import type { DashboardRequest } from '#shared/dashboard/read-dashboard.ts';
import type { RouteHandlers } from '#shared/http/api-types.ts';
import { mayTouch, scopeOf } from '#shared/identity/scope.ts';
import { notFound, DomainError } from '#shared/kernel/errors.ts';
import { reportCardRoutes } from '#shared/report-card/contract.ts';
import type { createReadReportCard } from '#shared/report-card/read-report-card.ts';

export interface DashboardApiDeps {
  readonly read: (request: DashboardRequest) => Promise<DashboardView | null>;
  readonly competitorById: (competitorId: string) => Promise<Competitor | undefined>;
  readonly readCard: ReturnType<typeof createReadReportCard>;
  /** The program's calendar day, `YYYY-MM-DD`. */
  readonly today: () => string;
}

export const ROUTES = { ...dashboardRoutes, ...reportCardRoutes };

export function createDashboardApi(deps: DashboardApiDeps): RouteHandlers<typeof ROUTES> {
  const periodIn = (query: Parameters<typeof periodOf>[0]): Period => {
    const period = periodOf(query, deps.today());
    if ('message' in period) {
      throw new DomainError('invalid', 'VALIDATION_FAILED', period.message, { errors: [period] });
    }
    return period;
  };

  return {
    getDashboard: async (request) => {
      const query = request.query;
      const { coachId } = scopeOf(request.caller, query.coachId);
      const period = periodIn(query);
      const view = await deps.read({ coachId, division: query.division ?? null, period });
      if (view === null) throw notFound();
      return { status: 200, body: view };
    },

    getReportCard: async (request) => {
      const { caller, params, query } = request;
      const competitor = await deps.competitorById(params.id);
      if (competitor === undefined || !mayTouch(caller, competitor.coachId)) throw notFound();
      return { status: 200, body: await deps.readCard(competitor, periodIn(query), actorOf(request)) };
    },
  };
}
