import { createCompetitorRepository } from '#shared/competitors/competitor-repository.ts';
import { competitorStatus } from '#shared/competitors/competitor-status.ts';
import { isReady } from '#shared/competitors/contract.ts';
import { createIdentityRepository } from '#shared/identity/identity-repository.ts';
import { estimateJob } from '#shared/jobs/estimate-job.ts';
import { createJobArchive } from '#shared/jobs/job-archive.ts';
import { createJobRepository } from '#shared/jobs/job-repository.ts';
import { PlanRefusedError } from '#shared/jobs/plan-page.ts';
import type { PlanJobPage } from '#shared/jobs/task-handlers.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { callsOfReads } from '#shared/score-sync/dry-run.ts';
import { createFlashRepository } from '#shared/score-sync/flash-repository.ts';
import { createPolicyRepository } from '#shared/score-sync/policy-repository.ts';
import { createRoundRepository } from '#shared/score-sync/round-repository.ts';
import { RoundOvertakenError } from '#shared/score-sync/rounds/plan-due.ts';
import { createSyncStateRepository } from '#shared/score-sync/sync-state-repository.ts';
import { createTotalsRepository } from '#shared/score-sync/totals-repository.ts';
import { createSettingsRepository } from '#shared/settings/settings-repository.ts';
import type { Table } from '#shared/table/table.ts';
import { createTeamRepository } from '#shared/teams/team-repository.ts';
import { createCallsLeft } from './call-budget.ts';
import { createPlanPage } from './planners.ts';
import { TASKS } from './tasks.ts';

const nothing = (): Promise<void> => Promise.resolve();

/** Estimates jobs by their own planners, none of which writes anything here. */
export function createDynamoEstimate({
  table,
  timeZone,
  now,
}: {
  readonly table: Table;
  readonly timeZone: string;
  readonly now: Clock;
}) {
  const jobs = createJobRepository(table);
  const settings = createSettingsRepository(table);
  const syncStates = createSyncStateRepository(table);
  const flash = createFlashRepository(table);
  const totals = createTotalsRepository(table);
  const competitors = createCompetitorRepository(table);
  const { coaches } = createIdentityRepository(table);
  const rounds = createRoundRepository(table);
  const callsLeft = createCallsLeft({ table, timeZone, now });
  const syncSettings = async () => (await settings.syncSettings()).settings;

  const plan = createPlanPage({
    syncStates,
    flash,
    totals: {
      page: (...page) => totals.page(...page),
      position: () => totals.position(),
      savePosition: nothing,
    },
    competitors,
    teams: createTeamRepository(table),
    coaches,
    allCoachIds: async () => (await coaches.all()).map(({ id }) => id),
    backfill: { callsLeft, noteForecast: nothing },
    rounds: { last: rounds.last, save: () => Promise.resolve(true) },
    observed: createPolicyRepository(table).observed,
    settings: syncSettings,
    jobs,
    timeZone,
    ended: createJobArchive(table).madeBefore,
    keepDays: async () => (await settings.syncSettings()).program.keepDays,
    eligible: (competitor) =>
      isReady({
        active: competitor.active,
        status: competitorStatus(competitor),
        refusal: competitor.platform.refusal,
      }),
    now,
    onOldestRead: () => undefined,
  });
  const planPage: PlanJobPage = async (job, cursor) => {
    try {
      return await plan(job, cursor);
    } catch (error) {
      if (!(error instanceof RoundOvertakenError)) throw error;
      throw new PlanRefusedError('A round is being planned right now. Ask again in a moment.');
    }
  };
  const readCalls = callsOfReads({ syncStates, flash, now });

  return (
    asked: Parameters<typeof estimateJob>[1],
    remainingMs: () => number,
  ): ReturnType<typeof estimateJob> =>
    estimateJob(
      {
        tasks: TASKS,
        planPage,
        callsOf: (taskType, payload, page) =>
          taskType === 'game_platform_sync'
            ? readCalls(TASKS.game_platform_sync.payload.parse(payload), page)
            : Promise.resolve(undefined),
        callsLeft,
        perSecond: async () => {
          const { callsPerSecond, rosterReserve } = await syncSettings();
          return { roster: callsPerSecond, reads: callsPerSecond * (1 - rosterReserve.perSecond) };
        },
        now,
      },
      asked,
      remainingMs,
    );
}
