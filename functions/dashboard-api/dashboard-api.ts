import * as z from 'zod';
import type { createAlerts } from '#shared/alerts/alerts.ts';
import { alertRoutes, type Alert } from '#shared/alerts/contract.ts';
import { actorOf } from '#shared/audit/actor.ts';
import type { Competitor } from '#shared/competitors/competitor.ts';
import type { ActivityRequest, readActivity } from '#shared/dashboard/activity-log.ts';
import {
  type DashboardView,
  type ExportName,
  type FreshnessView,
  dashboardRoutes,
} from '#shared/dashboard/contract.ts';
import { periodOf, type Period } from '#shared/dashboard/period.ts';
import type { DashboardRequest } from '#shared/dashboard/read-dashboard.ts';
import type { createAnswerExport } from '#shared/exports/answer-export.ts';
import type { AuthenticatedRequest, RouteHandlers } from '#shared/http/api-types.ts';
import { exportReply } from '#shared/http/export-reply.ts';
import { decodeCursor, encodeCursor } from '#shared/http/request-parsing.ts';
import { mayTouch, scopeOf } from '#shared/identity/scope.ts';
import type { CsvSource } from '#shared/kernel/csv/csv-source.ts';
import { notFound, DomainError } from '#shared/kernel/errors.ts';
import type { createChooseNotices } from '#shared/notices/choose-notices.ts';
import { noticeRoutes } from '#shared/notices/contract.ts';
import { reportCardRoutes } from '#shared/report-card/contract.ts';
import type { createReadReportCard } from '#shared/report-card/read-report-card.ts';

export interface DashboardApiDeps {
  readonly read: (request: DashboardRequest) => Promise<DashboardView | null>;
  /** Of all coaches (null), or of one; null when there is no such coach. */
  readonly freshness: (coachId: string | null) => Promise<FreshnessView | null>;
  readonly competitorById: (competitorId: string) => Promise<Competitor | undefined>;
  readonly readCard: ReturnType<typeof createReadReportCard>;
  readonly activity: (request: ActivityRequest) => ReturnType<typeof readActivity>;
  readonly coachExists: (coachId: string) => Promise<boolean>;
  /** The rows of a file; null when there is no such coach. */
  readonly export: (name: ExportName, request: DashboardRequest) => Promise<CsvSource | null>;
  readonly answerExport: ReturnType<typeof createAnswerExport>;
  readonly alerts: ReturnType<typeof createAlerts>;
  readonly notices: ReturnType<typeof createChooseNotices>;
  /** The program's calendar day, `YYYY-MM-DD`. */
  readonly today: () => string;
}

type Filtered = AuthenticatedRequest<typeof dashboardRoutes.getDashboard>;

const positionSchema = z.object({ before: z.string() });

export const ROUTES = { ...dashboardRoutes, ...alertRoutes, ...reportCardRoutes, ...noticeRoutes };

export function createDashboardApi(deps: DashboardApiDeps): RouteHandlers<typeof ROUTES> {
  const periodIn = (query: Parameters<typeof periodOf>[0]): Period => {
    const period = periodOf(query, deps.today());
    if ('message' in period) {
      throw new DomainError('invalid', 'VALIDATION_FAILED', period.message, { errors: [period] });
    }
    return period;
  };
  const filtersOf = ({ caller, query }: Pick<Filtered, 'caller' | 'query'>): DashboardRequest => ({
    coachId: scopeOf(caller, query.coachId).coachId,
    division: query.division ?? null,
    period: periodIn(query),
  });
  const fileOf = async (name: ExportName, request: Filtered) => {
    const filters = filtersOf(request);
    const source = await deps.export(name, filters);
    if (source === null) throw notFound();
    const { coachId, period } = filters;
    const answer = await deps.answerExport({
      source,
      payload: {
        file: name,
        coachId,
        division: request.query.division ?? null,
        from: period.from,
        to: period.to,
      },
      actor: actorOf(request),
      remainingMs: request.remainingMs,
    });
    return exportReply(name, answer);
  };

  return {
    getDashboard: async (request) => {
      const view = await deps.read(filtersOf(request));
      if (view === null) throw notFound();
      return { status: 200, body: view };
    },

    getFreshness: async ({ caller, query }) => {
      const freshness = await deps.freshness(scopeOf(caller, query.coachId).coachId);
      if (freshness === null) throw notFound();
      return { status: 200, body: freshness };
    },

    getReportCard: async (request) => {
      const { caller, params, query } = request;
      const competitor = await deps.competitorById(params.id);
      if (competitor === undefined || !mayTouch(caller, competitor.coachId)) throw notFound();
      return { status: 200, body: await deps.readCard(competitor, periodIn(query), actorOf(request)) };
    },
    listActivity: async (request) => {
      const { caller, query } = request;
      const { limit, cursor } = query;
      const { coachId, division, period } = filtersOf(request);
      if (coachId !== null && coachId !== caller.coachId && !(await deps.coachExists(coachId))) {
        throw notFound();
      }
      const page = await deps.activity({
        coachId,
        division,
        range: query.from === undefined && query.to === undefined ? null : period,
        limit,
        before: cursor === undefined ? null : decodeCursor(positionSchema, cursor).before,
        viewer: caller.sub,
      });
      return {
        status: 200,
        body: {
          items: page.items,
          nextCursor: page.next === null ? null : encodeCursor({ before: page.next }),
        },
      };
    },

    exportLeaderboard: (request) => fileOf('leaderboard', request),
    exportSolves: (request) => fileOf('solves', request),
    exportFlashCtfs: (request) => fileOf('flash-ctf', request),

    getNotices: async ({ caller }) => ({
      status: 200,
      body: await deps.notices.read(scopeOf(caller, undefined).coachId),
    }),
    chooseNotices: async (request) => ({
      status: 200,
      body: await deps.notices.choose(
        scopeOf(request.caller, undefined).coachId,
        request.body.weekly,
        actorOf(request),
      ),
    }),
    chooseByKey: async ({ query, requestId }) => ({
      status: 200,
      body: await deps.notices.chooseByKey(query.key, query.weekly, requestId),
    }),

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
