import * as z from 'zod';
import { apiOnTable } from '#shared/http/api-on-table.ts';
import { createListByCoach } from '#shared/identity/list-by-coach.ts';
import { createQueueSender } from '#shared/jobs/hints.ts';
import { startJob } from '#shared/jobs/start-job.ts';
import { planApiOnTable } from '#shared/rosters/reconcile/plan-api-on-table.ts';
import { systemClock } from '#shared/runtime/clock.ts';
import { readEnvironment } from '#shared/runtime/environment.ts';
import { newId } from '#shared/runtime/ids.ts';
import { createCompetitorRepository } from '#shared/table/competitor-repository.ts';
import { createEditTimesRepository } from '#shared/table/edit-times-repository.ts';
import { createIdentityRepository } from '#shared/table/identity-repository.ts';
import { createJobRepository } from '#shared/table/job-repository.ts';
import { createTable } from '#shared/table/table.ts';
import { createTeamRepository } from '#shared/table/team-repository.ts';
import { createTeamSurroundingsRepository } from '#shared/table/team-surroundings-repository.ts';
import { teamsOnTable } from '#shared/teams/teams-on-table.ts';
import { createTeamsApi } from './teams-api.ts';

const environmentSchema = z.object({
  TABLE_NAME: z.string().min(1),
  ORIGIN_VERIFY_SECRET_ARN: z.string().min(1),
  ROSTER_QUEUE_URL: z.url(),
  WORK_QUEUE_URL: z.url(),
});

export function buildDependencies() {
  const environment = readEnvironment(environmentSchema);
  const table = createTable(environment.TABLE_NAME);
  const people = createIdentityRepository(table);
  const { coaches } = people;
  const teams = createTeamRepository(table);
  const competitors = createCompetitorRepository(table);
  const now = systemClock;
  const queues = createQueueSender({
    roster: environment.ROSTER_QUEUE_URL,
    work: environment.WORK_QUEUE_URL,
  });
  const teamById = (id: string) => teams.byId(id, { consistent: true });

  return {
    ...apiOnTable({ table, people, originVerifySecretArn: environment.ORIGIN_VERIFY_SECRET_ARN, now }),
    handlers: createTeamsApi({
      coachById: coaches.byId,
      teamById,
      list: createListByCoach({ pageOfCoach: teams.pageOfCoach, coachPage: coaches.page }),
      ...teamsOnTable({ table, competitors, teams, now, newId }),
      editTimes: createEditTimesRepository(table).months,
      ...planApiOnTable({ table, people, now, newId }),
      surroundingsOf: createTeamSurroundingsRepository(table).of,
      hint: queues.sendRoster,
      start: startJob({ jobs: createJobRepository(table), now, newId }),
      planSoon: (jobId) => queues.sendWork({ kind: 'plan_job', jobId }),
    }),
  };
}
