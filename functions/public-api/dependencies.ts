import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { serve } from '#shared/http/api-call.ts';
import { createOriginSecret } from '#shared/http/origin-secret.ts';
import { createOriginVerify } from '#shared/http/origin-verify.ts';
import { publicRoutes } from '#shared/identity/contract.ts';
import { readEnvironment } from '#shared/kernel/environment.ts';
import { createSecretReader } from '#shared/kernel/secret-reader.ts';
import { createPublicApi } from './public-api.ts';

const environmentSchema = z.object({
  /** Beside the bundle, where the build puts it. */
  OPENAPI_FILE: z.string().default('openapi.json'),
  STAGE: z.string().min(1),
  APP_VERSION: z.string().min(1),
  PROGRAMME_TIME_ZONE: z.string().min(1),
  ORIGIN_VERIFY_SECRET_ARN: z.string().min(1),
  IDLE_SIGN_OUT_MINUTES: z.coerce.number().positive(),
  SIGN_IN_ISSUER: z.url(),
  SIGN_IN_CLIENT_ID: z.string().min(1),
  SIGN_IN_LOGIN_URL: z.url(),
});

export function buildDependencies() {
  const environment = readEnvironment(environmentSchema);
  return {
    originVerify: createOriginVerify(
      createOriginSecret({
        secretArn: environment.ORIGIN_VERIFY_SECRET_ARN,
        readSecret: createSecretReader(),
      }),
    ),
    served: serve(
      publicRoutes,
      createPublicApi({
        openApi: () => readFile(new URL(environment.OPENAPI_FILE, import.meta.url), 'utf8'),
        stage: environment.STAGE,
        version: environment.APP_VERSION,
        timeZone: environment.PROGRAMME_TIME_ZONE,
        idleSignOutMinutes: environment.IDLE_SIGN_OUT_MINUTES,
        signIn: {
          issuer: environment.SIGN_IN_ISSUER,
          clientId: environment.SIGN_IN_CLIENT_ID,
          loginUrl: environment.SIGN_IN_LOGIN_URL,
        },
      }),
    ),
  };
}
