import type { RouteHandlers } from '#shared/http/api-handler.ts';
import { TASKS } from '#shared/composition/tasks.ts';
import { openApiDocument } from '#shared/http/openapi.ts';
import { healthViewSchema } from '#shared/http/operations.ts';
import { API_SCOPE } from '#shared/http/routes.ts';
import { taskTypeNames } from '#shared/jobs/task-definition.ts';
import { configViewSchema, type ConfigView } from '#shared/identity/identity-view.ts';

export interface PublicApiDeps {
  readonly stage: string;
  readonly version: string;
  readonly signIn: Pick<ConfigView['signIn'], 'issuer' | 'clientId' | 'loginUrl'>;
  /** IANA time zone of the programme. */
  readonly timeZone: string;
}

/** What anybody may read. Settings change with a deployment only, so that each answer is made once. */
export function createPublicApi({
  stage,
  version,
  signIn,
  timeZone,
}: PublicApiDeps): RouteHandlers<'public-api'> {
  const health = healthViewSchema.parse({ status: 'ok', version, stage });
  const config = configViewSchema.parse({
    stage,
    version,
    signIn: { ...signIn, scopes: [API_SCOPE] },
    timeZone,
    features: {},
  });
  let document: object | undefined;
  return {
    'GET /api/health': async () => ({ status: 200, body: health }),
    'GET /api/config': async () => ({ status: 200, body: config }),
    'GET /api/openapi.json': async () => {
      document ??= openApiDocument(version, taskTypeNames(TASKS));
      return { status: 200, body: document };
    },
  };
}
