import * as z from 'zod';
import { createAuditRepository } from '#shared/audit/audit-repository.ts';
import { createCompetitorRepository } from '#shared/competitors/competitor-repository.ts';
import { createNote, createReadLog } from '#shared/competitors/privacy/read-log.ts';
import { createDynamoApi } from '#shared/composition/api.ts';
import { createDynamoStart } from '#shared/composition/start-jobs.ts';
import { createDynamoBudget } from '#shared/composition/call-budget.ts';
import { createDynamoOnboarding } from '#shared/composition/onboarding.ts';
import { createCompetitorRelatedRecordsRepository } from '#shared/composition/related-records-repository.ts';
import { createGamePlatformClient } from '#shared/game-platform/client.ts';
import { createTokenSource } from '#shared/game-platform/token-source.ts';
import { withPurpose } from '#shared/game-platform/with-purpose.ts';
import { serve } from '#shared/http/api-call.ts';
import { createRateLimitRepository } from '#shared/http/rate-limit-repository.ts';
import { createIdentityRepository } from '#shared/identity/identity-repository.ts';
import { createQueueClient, createQueueSender } from '#shared/jobs/queue-sender.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { readEnvironment } from '#shared/kernel/environment.ts';
import { newId } from '#shared/kernel/ids.ts';
import type { Instruments } from '#shared/kernel/instruments.ts';
import { createSecretReader, createSecretsClient } from '#shared/kernel/secret-reader.ts';
import { createLinkAccount } from '#shared/onboarding/link-account.ts';
import { createOnboardCoach } from '#shared/onboarding/onboard-coach.ts';
import { createOnboardCompetitor } from '#shared/onboarding/onboard-competitor.ts';
import { createCachedProgramSettings, createCachedSyncSettings } from '#shared/settings/cached-settings.ts';
import { createProcessingSwitch } from '#shared/settings/processing-switch.ts';
import { createSettingsRepository } from '#shared/settings/settings-repository.ts';
import { createTable } from '#shared/table/table.ts';
import { followAccount } from '#shared/teams/rosters/follow-account.ts';
import { createOnboardingApi, ROUTES } from './onboarding-api.ts';

const environmentSchema = z.object({
  TABLE_NAME: z.string().min(1),
  ORIGIN_VERIFY_SECRET_ARN: z.string().min(1),
  PROGRAMME_TIME_ZONE: z.string().min(1),
  GAME_PLATFORM_API_BASE_URL: z.url(),
  GAME_PLATFORM_TOKEN_SECRET_ARN: z.string().min(1),
  ROSTER_QUEUE_URL: z.url(),
  WORK_QUEUE_URL: z.url(),
});

export function buildDependencies({ log, tracing }: Pick<Instruments, 'log' | 'tracing'>) {
  const environment = readEnvironment(environmentSchema);
  const table = createTable(environment.TABLE_NAME, tracing);
  const people = createIdentityRepository(table);
  const { coaches } = people;
  const competitors = createCompetitorRepository(table);
  const now = systemClock;
  const readSecret = createSecretReader(tracing.client(createSecretsClient()));
  const platform = createGamePlatformClient({
    baseUrl: environment.GAME_PLATFORM_API_BASE_URL,
    caller: 'onboarding-api',
    token: createTokenSource({
      secretArn: environment.GAME_PLATFORM_TOKEN_SECRET_ARN,
      readSecret,
    }),
    log,
    tracing,
    budget: createDynamoBudget({ table, timeZone: environment.PROGRAMME_TIME_ZONE, log, now, newId }),
  });
  const settings = createSettingsRepository(table);
  const processing = createProcessingSwitch({ settings, now });
  const syncSettings = createCachedSyncSettings({ settings, now });
  const programSettings = createCachedProgramSettings({ settings, now });
  const audit = createAuditRepository(table);
  const start = createDynamoStart({ table, now, newId });
  const onboarding = createDynamoOnboarding({ table, platform: withPurpose(platform, 'onboarding'), log });
  const queues = createQueueSender(
    { roster: environment.ROSTER_QUEUE_URL, work: environment.WORK_QUEUE_URL },
    tracing.client(createQueueClient()),
  );
  const startSoon = async (...started: Parameters<typeof start>): Promise<string> => {
    const { id } = await start(...started);
    try {
      await queues.sendWork({ kind: 'plan_job', jobId: id });
    } catch (error) {
      log.warn('job not announced; the dispatcher finds it', { jobId: id }, error);
    }
    return id;
  };

  return {
    ...createDynamoApi({
      table,
      people,
      originVerifySecretArn: environment.ORIGIN_VERIFY_SECRET_ARN,
      readSecret,
      now,
    }),
    served: serve(
      ROUTES,
      createOnboardingApi({
        competitorById: (id) => competitors.byId(id, { consistent: true }),
        coachById: coaches.byId,
        onboardCoach: createOnboardCoach(onboarding),
        competitorsOf: competitors.countOfCoach,
        link: createLinkAccount(onboarding),
        followTeam: (competitorId) => queues.sendRoster([{ kind: 'roster', competitorId }]),
        onboard: followAccount(
          createOnboardCompetitor(onboarding),
          (competitorId) => queues.sendRoster([{ kind: 'roster', competitorId }]),
          log,
        ),
        startBulk: (payload, actor, coachId) =>
          startSoon({ taskType: 'onboard_competitors', payload, startedBy: `user:${actor.sub}` }, actor, {
            coachId,
          }),
        startRefresh: ({ id, coachId }, actor) =>
          startSoon(
            {
              taskType: 'competitor_refresh',
              payload: { competitorId: id },
              startedBy: `user:${actor.sub}`,
            },
            actor,
            { action: 'competitor.sync', subject: id, coachId },
          ),
        sendPasswordReset: (synedUserId, options) => platform.sendPasswordReset(synedUserId, options),
        limits: createRateLimitRepository(table),
        logRead: createReadLog({ appendOncePerHour: audit.appendOncePerHour, now }),
        audit: createNote({ append: audit.append, now, newId }),
        relatedRecordsOf: createCompetitorRelatedRecordsRepository(table).of,
        tracing,
        slaHours: async () => (await syncSettings()).slaHours,
        inactiveDays: async () => (await programSettings()).inactiveDays,
        suspension: () => processing.suspension(),
        block: (code) => processing.block(code),
        now,
      }),
    ),
  };
}
