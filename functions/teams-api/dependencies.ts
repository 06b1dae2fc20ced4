import * as z from 'zod';
import { createCompetitorRepository } from '#shared/competitors/competitor-repository.ts';
import { createDynamoApi } from '#shared/composition/api.ts';
import { createDynamoStart } from '#shared/composition/start-jobs.ts';
import { createDynamoPlanApi } from '#shared/composition/roster-plan.ts';
import { createDynamoTeams } from '#shared/composition/teams.ts';
import { serve } from '#shared/http/api-call.ts';
import { createIdentityRepository } from '#shared/identity/identity-repository.ts';
import { createListByCoach } from '#shared/identity/list-by-coach.ts';
import { createQueueSender } from '#shared/jobs/queue-sender.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { readEnvironment } from '#shared/kernel/environment.ts';
import { newId } from '#shared/kernel/ids.ts';
import { createTable } from '#shared/table/table.ts';
import { createTeamRelatedRecordsRepository } from '#shared/teams/related-records-repository.ts';
import { createEditTimesRepository } from '#shared/teams/rosters/edit-times-repository.ts';
import { createTeamRepository } from '#shared/teams/team-repository.ts';
import { createTeamsApi, ROUTES } from './teams-api.ts';

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
    ...createDynamoApi({ table, people, originVerifySecretArn: environment.ORIGIN_VERIFY_SECRET_ARN, now }),
    served: serve(
      ROUTES,
      createTeamsApi({
        coachById: coaches.byId,
        teamById,
        list: createListByCoach({ pageOfCoach: teams.pageOfCoach, coachPage: coaches.page }),
        ...createDynamoTeams({ table, competitors, teams, now, newId }),
        editTimes: createEditTimesRepository(table).months,
        ...createDynamoPlanApi({ table, people, now, newId }),
        relatedRecordsOf: createTeamRelatedRecordsRepository(table).of,
        wakeUp: queues.sendRoster,
        start: createDynamoStart({ table, now, newId }),
        planSoon: (jobId) => queues.sendWork({ kind: 'plan_job', jobId }),
      }),
    ),
  };
}
