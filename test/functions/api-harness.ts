import { vi } from 'vitest';
import type { RouteKeyOf } from '#shared/http/routes.ts';
import { createCursorSeal } from '#shared/http/cursor-seal.ts';
import { createApiHandler, type ApiHandlerOptions } from '#shared/http/api-handler.ts';
import { problemSchema } from '#shared/kernel/problem.ts';
import type { ApiFunctionName } from '#shared/kernel/contract.ts';
import type { Instruments } from '#shared/kernel/instruments.ts';
import type { Log } from '#shared/kernel/log.ts';
import { NO_TRACING } from '#shared/kernel/tracing.ts';
import { createIdentityRepository } from '#shared/identity/identity-repository.ts';
import type { Table } from '#shared/table/table.ts';
import { CONTEXT, createHttpEvent } from '#test/shared/http/http-events.ts';
import { recordingLog } from '#test/shared/kernel/recording-log.ts';
import { aCoach, CREATED_AT } from '#test/support/competitors.ts';

const GROUPS: Readonly<Record<string, string>> = { ada: '[coach]', ben: '[coach]', ines: '[admin]' };

export interface Call {
  readonly as?: string;
  readonly actAs?: string;
  readonly id?: string;
  readonly competitorId?: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Sent as it is, instead of `body` as JSON. */
  readonly text?: string;
  /** The same of a file that is no text. */
  readonly bytes?: Uint8Array;
  readonly ifMatch?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  // Tests look into whatever came.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
  readonly headers: Readonly<Record<string, string>>;
}

/** The coaches Ada (`coa_a`) and Ben (`coa_b`), the admin Ines, and their sign-ins `ada`, `ben` and `ines`. */
async function addPeople(table: Table): Promise<void> {
  const { identities, coaches } = createIdentityRepository(table);
  await coaches.put(aCoach({ id: 'coa_a', name: 'Ada' }));
  await coaches.put(aCoach({ id: 'coa_b', name: 'Ben' }));
  const person = { email: 'x@example.org', enabled: true, createdAt: CREATED_AT };
  await identities.put({ ...person, sub: 'ada', name: 'Ada', role: 'coach', coachId: 'coa_a' });
  await identities.put({ ...person, sub: 'ben', name: 'Ben', role: 'coach', coachId: 'coa_b' });
  await identities.put({ ...person, sub: 'ines', name: 'Ines', role: 'admin', coachId: null });
}

const secret = (name: string): string => `arn:aws:secretsmanager:us-east-1:111111111111:secret:${name}`;

/** AWS is the table's DynamoDB and nothing else: what is sent to a queue comes back as an error. */
async function stubEnvironment(table: Table): Promise<void> {
  const endpoint = await table.client.config.endpoint?.();
  const aws = `http://${endpoint?.hostname}:${endpoint?.port}`;
  const variables = {
    AWS_ENDPOINT_URL: aws,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    TABLE_NAME: table.name,
    PROGRAMME_TIME_ZONE: 'America/Los_Angeles',
    ORIGIN_VERIFY_SECRET_ARN: secret('origin'),
    GAME_PLATFORM_API_BASE_URL: 'http://127.0.0.1:1/integrations/syned/v1',
    GAME_PLATFORM_TOKEN_SECRET_ARN: secret('token'),
    ROSTER_QUEUE_URL: `${aws}/111111111111/roster`,
    EXPORT_ANSWER_BYTES: '5000000',
    EXPORT_BUCKET_NAME: 'exports',
    WORK_QUEUE_URL: `${aws}/111111111111/work`,
    SYNC_QUEUE_URL: `${aws}/111111111111/sync`,
    ROSTER_DEAD_LETTERS_URL: `${aws}/111111111111/roster-dead-letters`,
    SYNC_DEAD_LETTERS_URL: `${aws}/111111111111/sync-dead-letters`,
    WORK_DEAD_LETTERS_URL: `${aws}/111111111111/work-dead-letters`,
    SCHEDULER_DEAD_LETTERS_URL: `${aws}/111111111111/scheduler-dead-letters`,
  };
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
}

/**
 * A function as it is wired for Lambda, on a table with two coaches and an admin, and a way to call its routes, as Ada
 * unless said otherwise.
 */
export async function apiOn<F extends ApiFunctionName>(
  table: Table,
  _name: F,
  build: (instruments: Pick<Instruments, 'log' | 'tracing'>) => ApiHandlerOptions,
  log: Log = recordingLog().log,
): Promise<(route: RouteKeyOf<F>, call?: Call) => Promise<Answer>> {
  await addPeople(table);
  await stubEnvironment(table);
  const handle = createApiHandler({
    ...build({ log, tracing: NO_TRACING }),
    cursors: createCursorSeal(() => Promise.resolve([Buffer.from('origin-secret')])),
    originVerify: () => Promise.resolve(true),
    log,
  });
  return async (
    route,
    { as = 'ada', actAs, id, competitorId, params, query, body, text, bytes, ifMatch, headers = {} } = {},
  ) => {
    const sent = text ?? (body === undefined ? undefined : JSON.stringify(body));
    const answer = await handle(
      createHttpEvent(route, {
        claims: { sub: as, token_use: 'access', 'cognito:groups': GROUPS[as] ?? '[]' },
        headers: {
          ...headers,
          ...(actAs === undefined ? {} : { 'x-act-as': actAs }),
          ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
        },
        params: {
          ...params,
          ...(id === undefined ? {} : { id }),
          ...(competitorId === undefined ? {} : { competitorId }),
        },
        ...(query === undefined ? {} : { query }),
        ...(sent === undefined ? {} : { body: sent }),
        ...(bytes === undefined
          ? {}
          : { body: Buffer.from(bytes).toString('base64'), isBase64Encoded: true }),
      }),
      CONTEXT,
    );
    const isJson = answer.headers['content-type']?.includes('json') === true;
    const received = answer.body ?? '';
    return {
      status: answer.statusCode,
      headers: answer.headers,
      body: isJson && received !== '' ? (JSON.parse(received) as unknown) : answer.body,
    };
  };
}

export const problemOf = ({ status, body }: Pick<Answer, 'status' | 'body'>): [number, string] => [
  status,
  problemSchema.parse(body).code,
];
