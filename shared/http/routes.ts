import { alertRoutes } from '#shared/alerts/contract.ts';
import { auditRoutes } from '#shared/audit/contract.ts';
import { coachAccountRoutes, coachRoutes } from '#shared/coaches/contract.ts';
import { competitorRoutes } from '#shared/competitors/contract.ts';
import { dashboardRoutes } from '#shared/dashboard/contract.ts';
import { deadLetterRoutes } from '#shared/dead-letters/contract.ts';
import { exportRoutes } from '#shared/exports/contract.ts';
import { publicRoutes, identityRoutes } from '#shared/identity/contract.ts';
import { jobRoutes } from '#shared/jobs/contract.ts';
import type { ApiFunctionName, Route } from '#shared/kernel/contract.ts';
import { noticeRoutes } from '#shared/notices/contract.ts';
import { moveRoutes } from '#shared/moves/contract.ts';
import { onboardingRoutes } from '#shared/onboarding/contract.ts';
import { reportCardRoutes } from '#shared/report-card/contract.ts';
import { scheduleRoutes } from '#shared/schedules/contract.ts';
import { scoreSyncRoutes, syncHealthRoutes, quarantineRoutes } from '#shared/score-sync/contract.ts';
import { seasonRoutes } from '#shared/season/contract.ts';
import { settingsRoutes } from '#shared/settings/contract.ts';
import { teamRoutes } from '#shared/teams/contract.ts';

/** Every route of the HTTP API, from the contracts: the CDK app and the API document are made along this list. */
export const ROUTES = [
  ...Object.values(publicRoutes),
  ...Object.values(identityRoutes),
  ...Object.values(settingsRoutes),
  ...Object.values(auditRoutes),
  ...Object.values(jobRoutes),
  ...Object.values(exportRoutes),
  ...Object.values(competitorRoutes),
  ...Object.values(moveRoutes),
  ...Object.values(seasonRoutes),
  ...Object.values(onboardingRoutes),
  ...Object.values(teamRoutes),
  ...Object.values(scoreSyncRoutes),
  ...Object.values(syncHealthRoutes),
  ...Object.values(quarantineRoutes),
  ...Object.values(dashboardRoutes),
  ...Object.values(reportCardRoutes),
  ...Object.values(alertRoutes),
  ...Object.values(noticeRoutes),
  ...Object.values(coachRoutes),
  ...Object.values(coachAccountRoutes),
  ...Object.values(deadLetterRoutes),
  ...Object.values(scheduleRoutes),
] satisfies readonly Route[];

type KeyOf<R extends Route> = R extends Route ? `${R['method']} ${R['path']}` : never;

/** `GET /api/teams` and so on, of one function. */
export type RouteKeyOf<F extends ApiFunctionName> = KeyOf<Extract<(typeof ROUTES)[number], { served: F }>>;
