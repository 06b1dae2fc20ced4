import { handlersOf, type ApiHandlers } from '#test/support/api-handlers.ts';
import { ROUTES } from '#shared/http/routes.ts';
import type { HandleMessage } from '#shared/jobs/queue-entry.ts';
import type { Log } from '#shared/kernel/log.ts';
import { NO_TRACING } from '#shared/kernel/tracing.ts';
import type { QueueName } from '#shared/jobs/task-definition.ts';
import { replaceEdges } from './edges.ts';

/** The functions as they are deployed, loaded after what they reach of the world outside was replaced. */

replaceEdges();
const [workWorker, syncWorker, rosterWorker, teamsApi, competitorsApi, onboardingApi, jobsApi, settingsApi] =
  await Promise.all([
    import('../../functions/work-worker/dependencies.ts'),
    import('../../functions/sync-worker/dependencies.ts'),
    import('../../functions/roster-worker/dependencies.ts'),
    import('../../functions/teams-api/dependencies.ts'),
    import('../../functions/competitors-api/dependencies.ts'),
    import('../../functions/onboarding-api/dependencies.ts'),
    import('../../functions/jobs-api/dependencies.ts'),
    import('../../functions/settings-api/dependencies.ts'),
  ]);

const instruments = (log: Log) => ({
  log,
  metrics: { add: () => {}, flush: () => {} },
  tracing: NO_TRACING,
});

export interface QueueFunction {
  readonly name: string;
  readonly build: (log: Log) => HandleMessage;
  /** As in the template: time of one run, of a message that is being worked on, and receives before it is a dead letter. */
  readonly limitMs: number;
  readonly hiddenMs: number;
  readonly receives: number;
}

const SIX = 6;
const queueFunction = (name: string, build: QueueFunction['build'], seconds: number, receives: number) => ({
  name,
  build,
  limitMs: seconds * 1_000,
  hiddenMs: SIX * seconds * 1_000,
  receives,
});

export const QUEUE_FUNCTIONS: Readonly<Record<QueueName, QueueFunction>> = {
  work: queueFunction('work-worker', (log) => workWorker.buildWorker(instruments(log)), 60, 5),
  sync: queueFunction('sync-worker', (log) => syncWorker.buildWorker(instruments(log)), 60, 5),
  roster: queueFunction('roster-worker', (log) => rosterWorker.buildWorker(instruments(log)), 8, 4),
};

/** Milliseconds that an API function has. */
export const API_LIMIT_MS = 29_000;

const API_FUNCTIONS: Readonly<Record<string, (log: Log) => ApiHandlers>> = {
  'teams-api': () => handlersOf(teamsApi.buildDependencies().served),
  'competitors-api': (log) => handlersOf(competitorsApi.buildDependencies({ log }).served),
  'onboarding-api': (log) => handlersOf(onboardingApi.buildDependencies(instruments(log)).served),
  'jobs-api': () => handlersOf(jobsApi.buildDependencies().served),
  'settings-api': () => handlersOf(settingsApi.buildDependencies().served),
};

/** The function that serves a route, and what its routes do in a new process. */
export function apiOf(route: string): { readonly name: string; readonly build: (log: Log) => ApiHandlers } {
  const name = ROUTES.find(({ method, path }) => `${method} ${path}` === route)?.served ?? '';
  const build = API_FUNCTIONS[name];
  if (build === undefined) throw new Error(`Nobody serves ${route} here.`);
  return { name, build };
}

/** What the functions read of their environment. */
export function setEnvironment(tableName: string, platformUrl: string): void {
  Object.assign(process.env, {
    TABLE_NAME: tableName,
    PROGRAMME_TIME_ZONE: 'America/Los_Angeles',
    GAME_PLATFORM_API_BASE_URL: platformUrl,
    GAME_PLATFORM_TOKEN_SECRET_ARN: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:platform',
    ORIGIN_VERIFY_SECRET_ARN: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:origin',
    USER_POOL_ID: 'us-east-1_000000000',
    ROSTER_QUEUE_URL: 'https://queues.example.org/roster',
    SYNC_QUEUE_URL: 'https://queues.example.org/sync',
    WORK_QUEUE_URL: 'https://queues.example.org/work',
    EXPORT_BUCKET_NAME: 'exports',
    EXPORT_ANSWER_BYTES: '5000000',
    ROSTER_DEAD_LETTERS_URL: 'https://queues.example.org/roster-dead',
    SYNC_DEAD_LETTERS_URL: 'https://queues.example.org/sync-dead',
    WORK_DEAD_LETTERS_URL: 'https://queues.example.org/work-dead',
    SCHEDULER_DEAD_LETTERS_URL: 'https://queues.example.org/scheduler-dead',
    AWS_REGION: 'us-east-1',
  });
}
