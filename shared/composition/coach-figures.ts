import type { AlertInput } from '#shared/alerts/evaluate-alerts.ts';
import { createDashboardRepository } from '#shared/dashboard/dashboard-repository.ts';
import { freshnessOf } from '#shared/dashboard/freshness.ts';
import type { DashboardDependencies } from '#shared/dashboard/read-dashboard.ts';
import { createRunsSince } from '#shared/dashboard/runs-since.ts';
import { createIdentityRepository } from '#shared/identity/identity-repository.ts';
import { createJobRepository } from '#shared/jobs/job-repository.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { dayOf } from '#shared/kernel/days.ts';
import { createCachedProgramSettings, createCachedSyncSettings } from '#shared/settings/cached-settings.ts';
import { createProcessingSwitch } from '#shared/settings/processing-switch.ts';
import { createSettingsRepository } from '#shared/settings/settings-repository.ts';
import type { Table } from '#shared/table/table.ts';

/** What a coach's dashboard and alerts are made of, from the table. */
export function createDynamoFigures({
  table,
  timeZone,
  now,
}: {
  readonly table: Table;
  readonly timeZone: string;
  readonly now: Clock;
}) {
  const { coaches } = createIdentityRepository(table);
  const settings = createSettingsRepository(table);
  const processing = createProcessingSwitch({ settings, now });
  const syncSettings = createCachedSyncSettings({ settings, now });
  const programSettings = createCachedProgramSettings({ settings, now });
  const inactiveDays = async () => (await programSettings()).inactiveDays;
  const slaHours = async () => (await syncSettings()).slaHours;
  const facts = createDashboardRepository(table);
  const jobs = createJobRepository(table);
  const suspension = async () => {
    const kind = (await processing.suspension())?.kind;
    // Work that waits for a call of the budget is late, not paused.
    return kind === undefined || kind === 'waiting' ? null : kind;
  };

  const dependencies: DashboardDependencies = {
    coachById: async (coachId) => (await coaches.byId(coachId)) ?? null,
    allCoaches: coaches.all,
    factsOfCoach: (coachId, range) => facts.factsOfCoach(coachId, range),
    freshnessFactsOfCoach: (coachId, since) => facts.freshnessFactsOfCoach(coachId, since),
    runsSince: createRunsSince((list, options) => jobs.page(list, options), now),
    suspension,
    slaHours,
    inactiveDays,
    now,
    timeZone,
    dayOf: (iso) => dayOf(iso, timeZone),
  };

  /** Everything a coach's alerts are evaluated from; null when there is no such coach. */
  async function alertInputOf(coachId: string): Promise<AlertInput | null> {
    if ((await coaches.byId(coachId)) === undefined) return null;
    const at = now();
    const [present, stopped, hours, days] = await Promise.all([
      facts.presentOfCoach(coachId),
      suspension(),
      slaHours(),
      inactiveDays(),
    ]);
    const input = { facts: present, suspension: stopped, slaHours: hours, inactiveDays: days, now: at };
    const { lateIds } = freshnessOf({ ...input, facts: { ...present, solvesStoredAt: [] }, runs: [] });
    return { ...input, lateIds };
  }

  return { dependencies, alertInputOf, facts };
}
