import * as z from 'zod';
import { createAuditRepository } from '#shared/audit/audit-repository.ts';
import { createBudgetRepository } from '#shared/game-platform/budget/budget-repository.ts';
import { totalCalls } from '#shared/game-platform/budget/budget-state.ts';
import { createDynamoApi } from '#shared/composition/api.ts';
import { serve } from '#shared/http/api-call.ts';
import { createIdentityRepository } from '#shared/identity/identity-repository.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { dayOf } from '#shared/kernel/days.ts';
import { readEnvironment } from '#shared/kernel/environment.ts';
import { newId } from '#shared/kernel/ids.ts';
import { syncEffect } from '#shared/score-sync/policy/sync-effect.ts';
import { syncFeasibility } from '#shared/score-sync/policy/sync-feasibility.ts';
import { createRoundRepository } from '#shared/score-sync/round-repository.ts';
import {
  createChangeSettings,
  createPreviewSettings,
  readSettings,
} from '#shared/settings/change-settings.ts';
import { settingsRoutes } from '#shared/settings/contract.ts';
import { createSettingsRepository } from '#shared/settings/settings-repository.ts';
import { createTable } from '#shared/table/table.ts';
import { createSettingsApi } from './settings-api.ts';

const environmentSchema = z.object({
  TABLE_NAME: z.string().min(1),
  PROGRAMME_TIME_ZONE: z.string().min(1),
  ORIGIN_VERIFY_SECRET_ARN: z.string().min(1),
});

export function buildDependencies() {
  const environment = readEnvironment(environmentSchema);
  const table = createTable(environment.TABLE_NAME);
  const people = createIdentityRepository(table);
  const audit = createAuditRepository(table);
  const settings = createSettingsRepository(table);
  const rounds = createRoundRepository(table);
  const budget = createBudgetRepository(table);
  const zone = environment.PROGRAMME_TIME_ZONE;
  const now = systemClock;
  const population = async (): Promise<number> => (await rounds.last())?.competitors ?? 0;

  return {
    ...createDynamoApi({ table, people, originVerifySecretArn: environment.ORIGIN_VERIFY_SECRET_ARN, now }),
    served: serve(
      settingsRoutes,
      createSettingsApi({
        settings: readSettings({ settings, population, feasibility: syncFeasibility }),
        changeSettings: createChangeSettings({
          settings: {
            ...settings,
            save: async (row, processing, entry) =>
              settings.save(row, processing, [await audit.appendTransaction(entry)]),
          },
          population,
          feasibility: syncFeasibility,
          now,
          newId,
        }),
        previewSettings: createPreviewSettings({
          settings,
          counts: async () => {
            const round = await rounds.last();
            return { competitors: round?.competitors ?? 0, tiers: round?.tiers ?? null };
          },
          callsToday: async () => {
            const today = (await budget.state())?.today;
            // After midnight, until the first call, it is still yesterday's.
            return today?.day === dayOf(now().toISOString(), zone) ? totalCalls(today) : 0;
          },
          feasibility: syncFeasibility,
          effect: syncEffect,
        }),
      }),
    ),
  };
}
