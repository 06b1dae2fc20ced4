import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { configViewSchema } from '#shared/identity/contract.ts';
import { CONTEXT, createHttpEvent, ORIGIN_SECRET } from '#test/shared/http/http-events.ts';
import { mockClient } from '#test/support/mock-client.ts';

const ENVIRONMENT = {
  OPENAPI_FILE: '../../docs/openapi.json',
  STAGE: 'dev',
  APP_VERSION: '0.1.0',
  PROGRAMME_TIME_ZONE: 'America/Los_Angeles',
  ORIGIN_VERIFY_SECRET_ARN: 'arn:aws:secretsmanager:us-east-1:111111111111:secret:origin',
  IDLE_SIGN_OUT_MINUTES: '30',
  SIGN_IN_ISSUER: 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_pool',
  SIGN_IN_CLIENT_ID: 'client-1',
  SIGN_IN_LOGIN_URL: 'https://sign-in.example.org',
  AWS_REGION: 'us-east-1',
  POWERTOOLS_LOG_LEVEL: 'SILENT',
};
const secrets = mockClient(SecretsManagerClient);

beforeEach(() => {
  vi.resetModules();
  for (const [name, value] of Object.entries(ENVIRONMENT)) vi.stubEnv(name, value);
  secrets.reset();
  secrets
    .on(GetSecretValueCommand)
    .rejects(new ResourceNotFoundException({ message: 'no such version', $metadata: {} }))
    .on(GetSecretValueCommand, { VersionStage: 'AWSCURRENT' })
    .resolves({ SecretString: ORIGIN_SECRET });
});
afterEach(() => vi.unstubAllEnvs());

const call = async (routeKey: string, headers: Readonly<Record<string, string>> = {}) => {
  const { handler } = await import('../../../functions/public-api/public-api.lambda.ts');
  const { statusCode, headers: got, body } = await handler(createHttpEvent(routeKey, { headers }), CONTEXT);
  return { statusCode, type: got['content-type'], body: JSON.parse(body ?? 'null') };
};

it('says that it is well, which version it is and where', async () => {
  expect(await call('GET /api/health')).toEqual({
    statusCode: 200,
    type: 'application/json',
    body: { status: 'ok', version: '0.1.0', stage: 'dev' },
  });
});

it('tells the site how to sign in, and nothing secret', async () => {
  const { body } = await call('GET /api/config');
  expect(configViewSchema.parse(body)).toEqual({
    stage: 'dev',
    version: '0.1.0',
    signIn: {
      issuer: ENVIRONMENT.SIGN_IN_ISSUER,
      clientId: 'client-1',
      loginUrl: 'https://sign-in.example.org',
      scopes: ['openid'],
    },
    timeZone: 'America/Los_Angeles',
    idleSignOutMinutes: 30,
    features: {},
  });
});

it('serves the API document', async () => {
  const { statusCode, body } = await call('GET /api/openapi.json');
  expect(statusCode).toBe(200);
  expect(body).toMatchObject({ openapi: '3.1.0', info: { version: '0.1.0' } });
});

it('answers unknown paths with 404 in the form of the API', async () => {
  expect(await call('$default')).toMatchObject({
    statusCode: 404,
    type: 'application/problem+json',
    body: { code: 'NOT_FOUND', requestId: 'req-1' },
  });
});

it('refuses a request that went round CloudFront', async () => {
  expect((await call('GET /api/health', { 'x-origin-verify': 'guess' })).statusCode).toBe(403);
});

it('answers an opaque 500 while a variable is missing', async () => {
  vi.stubEnv('SIGN_IN_CLIENT_ID', undefined);
  const { statusCode, body } = await call('GET /api/health');
  expect(statusCode).toBe(500);
  expect(JSON.stringify(body)).not.toContain('SIGN_IN');
});
