import type { createAlerts } from '#shared/alerts/alerts.ts';
import { alertRoutes, type Alert } from '#shared/alerts/contract.ts';
import { actorOf } from '#shared/audit/actor.ts';
import { type DashboardView, dashboardRoutes } from '#shared/dashboard/contract.ts';
import { periodOf } from '#shared/dashboard/period.ts';
import type { DashboardRequest } from '#shared/dashboard/read-dashboard.ts';
import type { RouteHandlers } from '#shared/http/api-types.ts';
import { mayTouch, scopeOf } from '#shared/identity/scope.ts';
import { notFound, DomainError } from '#shared/kernel/errors.ts';

export interface DashboardApiDeps {
  readonly read: (request: DashboardRequest) => Promise<DashboardView | null>;
  readonly alerts: ReturnType<typeof createAlerts>;
  /** The program's calendar day, `YYYY-MM-DD`. */
  readonly today: () => string;
}

export const ROUTES = { ...dashboardRoutes, ...alertRoutes };

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

    listAlerts: async ({ caller, query }) => {
      const list = await deps.alerts.list(scopeOf(caller, query.coachId).coachId);
      const asked = ({ actor }: Alert): boolean => query.actor === undefined || actor === query.actor;
      return {
        status: 200,
        body: { ...list, items: list.items.filter(asked), snoozed: list.snoozed.filter(asked) },
      };
    },

    snoozeAlert: async (request) => ({
      status: 200,
      body: await deps.alerts.snooze(
        request.params.alertId,
        request.body.until,
        (coachId) => mayTouch(request.caller, coachId),
        actorOf(request),
      ),
    }),

    wakeAlert: async (request) => ({
      status: 200,
      body: await deps.alerts.wake(
        request.params.alertId,
        (coachId) => mayTouch(request.caller, coachId),
        actorOf(request),
      ),
    }),
  };
}
