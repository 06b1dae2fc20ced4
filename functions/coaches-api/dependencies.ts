import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import * as z from 'zod';
import { createAuditRepository } from '#shared/audit/audit-repository.ts';
import { createActAsCoach } from '#shared/coaches/act-as-coach.ts';
import { coachRoutes } from '#shared/coaches/contract.ts';
import { createChangeCoach } from '#shared/coaches/change-coach.ts';
import { createCognitoSignIns } from '#shared/coaches/cognito-sign-ins.ts';
import { createCreateCoach } from '#shared/coaches/create-coach.ts';
import { createCompetitorRepository } from '#shared/competitors/competitor-repository.ts';
import { createDynamoApi } from '#shared/composition/api.ts';
import { serve } from '#shared/http/api-call.ts';
import { createIdentityRepository } from '#shared/identity/identity-repository.ts';
import { requestTimeouts } from '#shared/kernel/aws-requests.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { readEnvironment } from '#shared/kernel/environment.ts';
import { newId } from '#shared/kernel/ids.ts';
import { createTable } from '#shared/table/table.ts';
import { createCoachesApi } from './coaches-api.ts';

const environmentSchema = z.object({
  TABLE_NAME: z.string().min(1),
  ORIGIN_VERIFY_SECRET_ARN: z.string().min(1),
  USER_POOL_ID: z.string().min(1),
});

/** Cognito lets few administrative calls through in a second; the SDK waits and asks again. */
const COGNITO = {
  maxAttempts: 5,
  requestHandler: requestTimeouts(5_000),
};

export function buildDependencies() {
  const environment = readEnvironment(environmentSchema);
  const table = createTable(environment.TABLE_NAME);
  const people = createIdentityRepository(table);
  const { coaches, identities } = people;
  const audit = createAuditRepository(table);
  const signIns = createCognitoSignIns(new CognitoIdentityProviderClient(COGNITO), environment.USER_POOL_ID);
  const now = systemClock;
  const common = { signIns, coachById: coaches.byId, now, newId };

  return {
    ...createDynamoApi({ table, people, originVerifySecretArn: environment.ORIGIN_VERIFY_SECRET_ARN, now }),
    served: serve(
      coachRoutes,
      createCoachesApi({
        coachPage: coaches.page,
        competitorsOf: createCompetitorRepository(table).countOfCoach,
        create: createCreateCoach({
          ...common,
          identityBySub: identities.bySub,
          create: async (coach, identity, entry) =>
            coaches.create(coach, identity, [await audit.appendTransaction(entry)]),
        }),
        acting: createActAsCoach({
          coachById: coaches.byId,
          actingById: people.acting.byId,
          start: async (acting, entry) => people.acting.start(acting, [await audit.appendTransaction(entry)]),
          end: async (acting, at, entry) =>
            people.acting.end(acting, at, [await audit.appendTransaction(entry)]),
          now,
          newId,
        }),
        change: createChangeCoach({
          ...common,
          change: async (coachId, change, entry) =>
            coaches.change(coachId, change, [await audit.appendTransaction(entry)]),
        }),
      }),
    ),
  };
}
