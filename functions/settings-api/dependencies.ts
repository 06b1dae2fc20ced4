import * as z from 'zod';
import { createAuditRepository } from '#shared/audit/audit-repository.ts';
import { createExportAudit, createListAudit, type ListAuditDeps } from '#shared/audit/list-audit.ts';
import { keepDays } from '#shared/audit/retention.ts';
import { createCompetitorRepository } from '#shared/competitors/competitor-repository.ts';
import { createTeamRepository } from '#shared/teams/team-repository.ts';
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
import { createSettingsRepository } from '#shared/settings/settings-repository.ts';
import { createTable } from '#shared/table/table.ts';
import { createSettingsApi, ROUTES } from './settings-api.ts';

const environmentSchema = z.object({
  TABLE_NAME: z.string().min(1),
  PROGRAMME_TIME_ZONE: z.string().min(1),
  ORIGIN_VERIFY_SECRET_ARN: z.string().min(1),
});

/** By id; who is not found is left out. */
async function namesOf(
  ids: readonly string[],
  nameOf: (id: string) => Promise<string | undefined>,
): Promise<Map<string, string>> {
  const found = await Promise.all(ids.map(async (id) => [id, await nameOf(id)] as const));
  return new Map(found.flatMap(([id, name]) => (name === undefined ? [] : [[id, name] as const])));
}

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

  const competitors = createCompetitorRepository(table);
  const teams = createTeamRepository(table);
  const log: ListAuditDeps = {
    page: audit.page,
    keptDays: () => keepDays(table),
    namesOf: {
      people: (subs) => namesOf(subs, async (sub) => (await people.identities.bySub(sub))?.name),
      subjects: async (ids) => {
        const [found, teamNames, coaches] = await Promise.all([
          competitors.byIds(ids),
          teams.namesOf(ids),
          people.coaches.all(),
        ]);
        return new Map([
          ...coaches.map(({ id, name }) => [id, name] as const),
          ...teamNames,
          ...[...found.values()].map(
            ({ id, firstName, lastName }) => [id, `${firstName} ${lastName}`] as const,
          ),
        ]);
      },
    },
    timeZone: zone,
    now,
  };

  return {
    ...createDynamoApi({ table, people, originVerifySecretArn: environment.ORIGIN_VERIFY_SECRET_ARN, now }),
    served: serve(
      ROUTES,
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
        listAudit: createListAudit(log),
        exportAudit: createExportAudit(log),
        logExport: async (lines, { sub, actingAs, requestId }) =>
          audit.append({
            id: newId('aud'),
            at: now().toISOString(),
            actor: sub,
            actingAs,
            action: 'audit.export',
            subject: 'audit',
            coachId: null,
            requestId,
            details: { lines },
          }),
      }),
    ),
  };
}
