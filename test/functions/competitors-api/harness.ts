import { expect, vi } from 'vitest';
import { competitorViewSchema, type CompetitorView } from '#shared/competitors/competitor-view.ts';
import { createApiHandler, type RouteKeyOf } from '#shared/http/api-handler.ts';
import { problemSchema } from '#shared/http/problem.ts';
import { createIdentityRepository } from '#shared/table/identity-repository.ts';
import type { Table } from '#shared/table/table.ts';
import { createHttpEvent } from '#test/shared/http/http-events.ts';
import { recordingLog } from '#test/shared/observability/recording-log.ts';
import { aCoach, CREATED_AT } from '#test/support/competitors.ts';
import { buildDependencies } from '../../../functions/competitors-api/dependencies.ts';

const GROUPS: Readonly<Record<string, string>> = { ada: '[coach]', ben: '[coach]', ines: '[admin]' };

export interface Call {
  readonly as?: string;
  readonly actAs?: string;
  readonly id?: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Sent as it is, instead of `body` as JSON. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  // Tests look into whatever came.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
  readonly headers: Readonly<Record<string, string>>;
}

export interface CompetitorsApiHarness {
  readonly table: Table;
  readonly call: (route: RouteKeyOf<'competitors-api'>, call?: Call) => Promise<Answer>;
  /** Adds a competitor of whoever calls. */
  readonly created: (call?: Call, body?: unknown) => Promise<CompetitorView>;
}

/** The function as it is wired for Lambda, on a table with the coaches Ada and Ben and the admin Ines. */
export async function competitorsApiOn(table: Table): Promise<CompetitorsApiHarness> {
  const { identities, coaches } = createIdentityRepository(table);
  await coaches.put(aCoach({ id: 'coa_a', name: 'Ada' }));
  await coaches.put(aCoach({ id: 'coa_b', name: 'Ben' }));
  const person = { email: 'x@example.org', enabled: true, createdAt: CREATED_AT };
  await identities.put({ ...person, sub: 'ada', name: 'Ada', role: 'coach', coachId: 'coa_a' });
  await identities.put({ ...person, sub: 'ben', name: 'Ben', role: 'coach', coachId: 'coa_b' });
  await identities.put({ ...person, sub: 'ines', name: 'Ines', role: 'admin', coachId: null });

  const endpoint = await table.client.config.endpoint?.();
  vi.stubEnv('AWS_ENDPOINT_URL', `http://${endpoint?.hostname}:${endpoint?.port}`);
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  vi.stubEnv('TABLE_NAME', table.name);
  vi.stubEnv('PROGRAMME_TIME_ZONE', 'America/Los_Angeles');
  vi.stubEnv('ORIGIN_VERIFY_SECRET_ARN', 'arn:aws:secretsmanager:us-east-1:111111111111:secret:origin');
  // Nobody takes it; the worker is called by hand.
  vi.stubEnv('WORK_QUEUE_URL', `http://${endpoint?.hostname}:${endpoint?.port}/work`);
  const handle = createApiHandler({
    ...buildDependencies(recordingLog().log),
    function: 'competitors-api',
    originVerify: () => Promise.resolve(true),
    log: recordingLog().log,
  });
  const call: CompetitorsApiHarness['call'] = async (
    route,
    { as = 'ada', actAs, id, params, query, body, text, headers = {} } = {},
  ) => {
    const sent = text ?? (body === undefined ? undefined : JSON.stringify(body));
    const answer = await handle(
      createHttpEvent(route, {
        claims: { sub: as, token_use: 'access', 'cognito:groups': GROUPS[as] ?? '[]' },
        headers: { ...headers, ...(actAs === undefined ? {} : { 'x-act-as': actAs }) },
        params: { ...params, ...(id === undefined ? {} : { id }) },
        ...(query === undefined ? {} : { query }),
        ...(sent === undefined ? {} : { body: sent }),
      }),
      {},
    );
    const isJson = answer.headers['content-type']?.includes('json') === true;
    return {
      status: answer.statusCode,
      headers: answer.headers,
      body: answer.body !== undefined && isJson ? (JSON.parse(answer.body) as unknown) : answer.body,
    };
  };
  const created: CompetitorsApiHarness['created'] = async (
    as = {},
    body = { firstName: 'Mira', lastName: 'Okafor' },
  ) => {
    const answer = await call('POST /api/competitors', { ...as, body });
    expect(answer.status).toBe(201);
    return competitorViewSchema.parse(answer.body);
  };
  return { table, call, created };
}

export const problemOf = ({ status, body }: Pick<Answer, 'status' | 'body'>): [number, string] => [
  status,
  problemSchema.parse(body).code,
];
