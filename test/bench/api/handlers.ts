import { createApiHandler } from '#shared/http/api-handler.ts';
import { createCursorSeal } from '#shared/http/cursor-seal.ts';
import { createLog } from '#shared/kernel/log.ts';
import type { Table } from '#shared/table/table.ts';
import { buildDependencies as competitorsApi } from '../../../functions/competitors-api/dependencies.ts';
import { buildDependencies as dashboardApi } from '../../../functions/dashboard-api/dependencies.ts';
import { buildDependencies as jobsApi } from '../../../functions/jobs-api/dependencies.ts';
import { buildDependencies as settingsApi } from '../../../functions/settings-api/dependencies.ts';
import { buildDependencies as teamsApi } from '../../../functions/teams-api/dependencies.ts';

/** The API functions' own handlers in this process, for whoever measures them. */

export const TIME_ZONE = 'America/Los_Angeles';
export type Handle = ReturnType<typeof createApiHandler>;

export function setEnvironment(table: Table, endpoint: string): void {
  const arn = 'arn:aws:secretsmanager:us-east-1:111111111111:secret:bench';
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    TABLE_NAME: table.name,
    PROGRAMME_TIME_ZONE: TIME_ZONE,
    ORIGIN_VERIFY_SECRET_ARN: arn,
    WORK_QUEUE_URL: `${endpoint}/111111111111/work`,
    EXPORT_ANSWER_BYTES: '5000000',
    EXPORT_BUCKET_NAME: 'bench',
    ROSTER_QUEUE_URL: `${endpoint}/111111111111/roster`,
  });
}

/** By route, as `GET /api/teams`. */
export function handlers(): ReadonlyMap<string, Handle> {
  const log = createLog(() => undefined);
  const built = [dashboardApi({ log }), competitorsApi({ log }), teamsApi(), jobsApi(), settingsApi()];
  const cursors = createCursorSeal(() => Promise.resolve([Buffer.from('origin-secret')]));
  return new Map(
    built.flatMap((dependencies) => {
      const { rateLimit: _, ...rest } = dependencies;
      const handle = createApiHandler({ ...rest, cursors, originVerify: () => Promise.resolve(true), log });
      return dependencies.served.map(({ route }) => [`${route.method} ${route.path}`, handle] as const);
    }),
  );
}
