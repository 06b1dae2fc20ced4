import * as z from 'zod';
import { createAlertRepository } from '#shared/alerts/alert-repository.ts';
import { createAlerts } from '#shared/alerts/alerts.ts';
import type { AlertInput } from '#shared/alerts/evaluate-alerts.ts';
import { createDynamoApi } from '#shared/composition/api.ts';
import { createDashboardRepository } from '#shared/dashboard/dashboard-repository.ts';
import { freshnessOf } from '#shared/dashboard/freshness.ts';
import { readDashboard } from '#shared/dashboard/read-dashboard.ts';
import { serve } from '#shared/http/api-call.ts';
import { createIdentityRepository } from '#shared/identity/identity-repository.ts';
import { createJobRepository } from '#shared/jobs/job-repository.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { dayOf } from '#shared/kernel/days.ts';
import { readEnvironment } from '#shared/kernel/environment.ts';
import { newId } from '#shared/kernel/ids.ts';
import { createCachedSyncSettings } from '#shared/settings/cached-settings.ts';
import { createProcessingSwitch } from '#shared/settings/processing-switch.ts';
import { createSettingsRepository } from '#shared/settings/settings-repository.ts';
import { createTable } from '#shared/table/table.ts';
import { createDashboardApi, ROUTES } from './dashboard-api.ts';
import { createRunsSince } from './runs-since.ts';

const environmentSchema = z.object({
  TABLE_NAME: z.string().min(1),
  PROGRAMME_TIME_ZONE: z.string().min(1),
  ORIGIN_VERIFY_SECRET_ARN: z.string().min(1),
});

export function buildDependencies() {
  const environment = readEnvironment(environmentSchema);
  const timeZone = environment.PROGRAMME_TIME_ZONE;
  const table = createTable(environment.TABLE_NAME);
  const people = createIdentityRepository(table);
  const { coaches } = people;
  const now = systemClock;
  const settings = createSettingsRepository(table);
  const processing = createProcessingSwitch({ settings, now });
  const syncSettings = createCachedSyncSettings({ settings, now });
  const facts = createDashboardRepository(table);
  const jobs = createJobRepository(table);
  const programDay = (iso: string) => dayOf(iso, timeZone);
  const slaHours = async () => (await syncSettings()).slaHours;
  const suspension = async () => {
    const kind = (await processing.suspension())?.kind;
    // Work that waits for a call of the budget is late, not paused.
    return kind === undefined || kind === 'waiting' ? null : kind;
  };

  /** What alerts need of the facts has no period: of days, events and solves nothing but the present is read. */
  async function alertInputOf(coachId: string): Promise<AlertInput | null> {
    if ((await coaches.byId(coachId)) === undefined) return null;
    const at = now();
    const today = programDay(at.toISOString());
    const range = { from: today, to: today, eventsSince: at.toISOString(), solvesSince: at.toISOString() };
    const [read, stopped, hours] = await Promise.all([
      facts.factsOfCoach(coachId, range),
      suspension(),
      slaHours(),
    ]);
    const input = { facts: read, suspension: stopped, slaHours: hours, now: at };
    return { ...input, lateIds: freshnessOf({ ...input, runs: [] }).lateIds };
  }

  return {
    ...createDynamoApi({ table, people, originVerifySecretArn: environment.ORIGIN_VERIFY_SECRET_ARN, now }),
    served: serve(
      ROUTES,
      createDashboardApi({
        alerts: createAlerts({
          inputOf: alertInputOf,
          allCoachIds: async () => (await coaches.all()).map(({ id }) => id),
          records: createAlertRepository(table),
          now,
          newId,
        }),
        today: () => programDay(now().toISOString()),
        read: (request) =>
          readDashboard(
            {
              coachById: async (coachId) => (await coaches.byId(coachId)) ?? null,
              allCoaches: coaches.all,
              factsOfCoach: (coachId, range) => facts.factsOfCoach(coachId, range),
              runsSince: createRunsSince((list, options) => jobs.page(list, options)),
              suspension,
              slaHours,
              now,
              timeZone,
              dayOf: programDay,
            },
            request,
          ),
      }),
    ),
  };
}
