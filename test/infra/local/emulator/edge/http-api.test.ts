import { describe, expect, it } from 'vitest';
import type { FunctionPermission, RouteResource } from '#infra/local/emulator/deployment.ts';
import { createHttpApi } from '#infra/local/emulator/edge/http-api.ts';
import type { OriginRequest, toProxyEvent } from '#infra/local/emulator/edge/proxy-event.ts';
import type { InvocationOutcome } from '#infra/local/emulator/lambda/function-instance.ts';

const functionArn = 'arn:aws:lambda:us-east-1:111122223333:function:api';
const apiArn = 'arn:aws:execute-api:us-east-1:111122223333:api1';
const permission: FunctionPermission = {
  functionArn,
  principal: 'apigateway.amazonaws.com',
  sourceArn: `${apiArn}/*/*/*`,
};
const open = (key: string): RouteResource => ({ key, functionArn, authorizer: undefined, scopes: [] });

type ProxyEvent = ReturnType<typeof toProxyEvent>;

function api(options: {
  result?: unknown;
  outcome?: InvocationOutcome;
  never?: boolean;
  permissions?: FunctionPermission[];
  routes?: RouteResource[];
}) {
  const events: ProxyEvent[] = [];
  const problems: string[] = [];
  const call = createHttpApi({
    deployment: {
      accountId: '111122223333',
      region: 'us-east-1',
      permissions: options.permissions ?? [permission],
      httpApi: {
        id: 'api1',
        arn: apiArn,
        routes: options.routes ?? [open('GET /api/x/{id}'), open('POST /api/x'), open('$default')],
      },
    },
    runner: {
      async invoke(_arn, event) {
        events.push(event as ProxyEvent);
        if (options.never === true) await new Promise(() => undefined);
        return (
          options.outcome ?? {
            kind: 'result',
            payload: JSON.stringify(options.result ?? { statusCode: 204 }),
          }
        );
      },
    },
    keysOf: () => Promise.reject(new Error('no keys')),
    onProblem: (problem) => problems.push(problem),
    timeoutMs: options.never === true ? 5 : 30_000,
  });
  return {
    events,
    problems,
    call: (change: Partial<OriginRequest> = {}) =>
      call({
        method: 'GET',
        path: '/api/x/7',
        query: '',
        headers: {},
        body: Buffer.alloc(0),
        sourceIp: '127.0.0.1',
        ...change,
      }),
  };
}

describe('the HTTP API', () => {
  it('hands the function an event of payload format 2.0', async () => {
    const { call, events } = api({});
    await call({
      query: 'a=1&b=2&a=3',
      headers: { cookie: 'x=1; y=2', 'x-one': 'two', 'user-agent': 'test' },
    });
    expect(events[0]).toMatchObject({
      version: '2.0',
      routeKey: 'GET /api/x/{id}',
      rawPath: '/api/x/7',
      rawQueryString: 'a=1&b=2&a=3',
      cookies: ['x=1', 'y=2'],
      headers: { 'x-one': 'two', host: 'api1.execute-api.us-east-1.amazonaws.com' },
      queryStringParameters: { a: '1,3', b: '2' },
      pathParameters: { id: '7' },
      isBase64Encoded: false,
      requestContext: {
        apiId: 'api1',
        http: { method: 'GET', path: '/api/x/7', userAgent: 'test' },
        stage: '$default',
      },
    });
    expect(events[0]).not.toHaveProperty('body');
    expect(events[0]!.requestContext).not.toHaveProperty('authorizer');
    expect(events[0]!.requestContext.time).toMatch(/^\d{2}\/[A-Z][a-z]{2}\/\d{4}:\d{2}:\d{2}:\d{2} \+0000$/);
  });

  it.each([
    ['JSON as text', 'application/json', '{"a":1}', { body: '{"a":1}', isBase64Encoded: false }],
    ['problem+json as text', 'application/problem+json', '{}', { body: '{}', isBase64Encoded: false }],
    ['CSV as text', 'text/csv; charset=utf-8', 'a,b', { body: 'a,b', isBase64Encoded: false }],
    ['anything else as base64', 'application/octet-stream', 'abc', { body: 'YWJj', isBase64Encoded: true }],
    ['a form as base64', 'application/x-www-form-urlencoded', 'a=b', { isBase64Encoded: true }],
    ['no type as base64', undefined, 'abc', { body: 'YWJj', isBase64Encoded: true }],
    [
      'text that is not UTF-8 as base64',
      'text/csv',
      Buffer.from('Zoë', 'latin1'),
      { body: 'Wm/r', isBase64Encoded: true },
    ],
  ])('gives the body, %s', async (_what, type, body, expected) => {
    const { call, events } = api({});
    await call({
      method: 'POST',
      path: '/api/x',
      headers: type === undefined ? {} : { 'content-type': type },
      body: Buffer.from(body),
    });
    expect(events[0]).toMatchObject(expected);
  });

  it('answers what the function returns, with the request id', async () => {
    const { call } = api({
      result: {
        statusCode: 201,
        headers: { 'Content-Type': 'application/json', 'X-Count': 2 },
        cookies: ['a=1'],
        body: '{}',
      },
    });
    const answer = await call();
    expect(answer).toMatchObject({
      status: 201,
      headers: { 'content-type': 'application/json', 'x-count': '2', 'set-cookie': ['a=1'] },
    });
    expect(answer.headers['apigw-requestid']).toMatch(/\S/);
    expect(answer.body.toString()).toBe('{}');
  });

  it('takes a result without a status for a JSON body', async () => {
    const answer = await api({ result: { some: 'thing' } }).call();
    expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' } });
    expect(answer.body.toString()).toBe('{"some":"thing"}');
  });

  it('decodes a base64 body', async () => {
    const answer = await api({ result: { statusCode: 200, body: 'YWJj', isBase64Encoded: true } }).call();
    expect(answer.body.toString()).toBe('abc');
  });

  it.each([
    [
      'a thrown error',
      { kind: 'failed', timedOut: false, fault: { errorType: 'Error', errorMessage: '', trace: '' } },
      500,
      'Internal Server Error',
    ],
    [
      'a time-out',
      {
        kind: 'failed',
        timedOut: true,
        fault: { errorType: 'Sandbox.Timedout', errorMessage: '', trace: '' },
      },
      503,
      'Service Unavailable',
    ],
    [
      'an answer over 6 MB',
      {
        kind: 'failed',
        timedOut: false,
        fault: { errorType: 'Function.ResponseSizeTooLarge', errorMessage: '', trace: '' },
      },
      500,
      'Internal Server Error',
    ],
    [
      'a malformed result',
      { kind: 'result', payload: '{"statusCode":"many"}' },
      500,
      'Internal Server Error',
    ],
  ] as const)('answers %s as the gateway does', async (_what, outcome, status, message) => {
    const answer = await api({ outcome }).call();
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body.toString())).toEqual({ message });
  });

  it('does not wait longer than API Gateway', async () => {
    const { call } = api({ never: true });
    const answer = await call();
    expect(answer.status).toBe(503);
    expect(answer.body.toString()).toBe('{"message":"Service Unavailable"}');
  });

  it('answers 404 where there is not even a $default route', async () => {
    const answer = await api({ routes: [open('GET /api/y')] }).call();
    expect(answer.status).toBe(404);
    expect(answer.body.toString()).toBe('{"message":"Not Found"}');
  });

  it('answers 413 to more than Lambda takes', async () => {
    const { call, events } = api({});
    expect(
      (await call({ method: 'POST', path: '/api/x', body: Buffer.alloc(6 * 1024 * 1024 + 1) })).status,
    ).toBe(413);
    expect(events).toEqual([]);
  });

  it.each([
    ['text, 6 MB with the rest of the event', 'text/csv', Buffer.alloc(6_200_000, 'a'), 204],
    ['text, more', 'text/csv', Buffer.alloc(6 * 1024 * 1024 - 100, 'a'), 413],
    ['text that JSON escapes', 'text/csv', Buffer.alloc(3_200_000, '"'), 413],
    ['a file, 4.5 MB', 'application/octet-stream', Buffer.alloc(4_500_000, 'a'), 204],
    ['a file, more', 'application/octet-stream', Buffer.alloc(4_720_000, 'a'), 413],
    ['text that is not UTF-8, as a file', 'text/csv', Buffer.alloc(4_720_000, 0xeb), 413],
  ])('counts the event as it reaches Lambda: %s', async (_what, type, body, status) => {
    const { call } = api({});
    const answer = await call({ method: 'POST', path: '/api/x', headers: { 'content-type': type }, body });
    expect(answer.status).toBe(status);
  });

  it('takes 10,240 bytes of request line and header values, and no more', async () => {
    const { call, events } = api({});
    const line = 'GET /api/x/7? HTTP/1.1'.length;
    const withHeader = (bytes: number) => call({ headers: { 'x-long': 'x'.repeat(bytes - line) } });
    expect((await withHeader(10_240)).status).toBe(204);
    expect((await withHeader(10_241)).status).toBe(431);
    expect((await call({ query: `q=${'x'.repeat(10_240)}` })).status).toBe(431);
    expect(events).toHaveLength(1);
  });

  it('answers 401 without a token and never calls the function', async () => {
    const { call, events } = api({
      routes: [
        {
          ...open('GET /api/x/{id}'),
          authorizer: { issuer: 'http://127.0.0.1:1/pool', audience: ['site'] },
          scopes: ['openid'],
        },
      ],
    });
    const answer = await call();
    expect(answer).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } });
    expect(answer.body.toString()).toBe('{"message":"Unauthorized"}');
    expect(events).toEqual([]);
  });

  describe('without the right to invoke the function', () => {
    it.each([
      ['no permission at all', []],
      ['one for another function', [{ ...permission, functionArn: `${functionArn}2` }]],
      ['one for another service', [{ ...permission, principal: 'events.amazonaws.com' }]],
      [
        'one for another API',
        [{ ...permission, sourceArn: 'arn:aws:execute-api:us-east-1:111122223333:other/*/*/*' }],
      ],
      ['one for another route', [{ ...permission, sourceArn: `${apiArn}/*/GET/api/y` }]],
    ])('answers 500 and names it once: %s', async (_what, permissions) => {
      const { call, problems, events } = api({ permissions });
      expect((await call()).status).toBe(500);
      await call();
      expect(problems).toEqual([
        `${functionArn} has no AWS::Lambda::Permission for apigateway.amazonaws.com with the source ${apiArn}/$default/GET/api/x/{id} (route "GET /api/x/{id}")`,
      ]);
      expect(events).toEqual([]);
    });

    it.each([
      ['one for just this route', `${apiArn}/*/GET/api/x/{id}`],
      ['one for the whole API', `${apiArn}/*/*`],
      ['one without a source', undefined],
    ])('does with %s', async (_what, sourceArn) => {
      expect((await api({ permissions: [{ ...permission, sourceArn }] }).call()).status).toBe(204);
    });

    it.each([
      // API Gateway calls for `$default` with a source of two segments only.
      ['not covered by a permission of three segments', `${apiArn}/*/*/*`, 500],
      ['covered by one for the whole API', `${apiArn}/*/*`, 204],
      ['covered by one of its own', `${apiArn}/*/$default`, 204],
    ])('has a $default route %s', async (_what, sourceArn, status) => {
      const { call } = api({ permissions: [{ ...permission, sourceArn }] });
      expect((await call({ path: '/api/other' })).status).toBe(status);
    });
  });
});
