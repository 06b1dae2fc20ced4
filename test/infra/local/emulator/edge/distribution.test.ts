import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { BehaviorResource, DistributionResource } from '#infra/local/emulator/deployment.ts';
import { createDistribution } from '#infra/local/emulator/edge/distribution.ts';
import type { OriginRequest } from '#infra/local/emulator/edge/proxy-event.ts';
import { scratchDirectory } from '../lambda/scratch-function.ts';

const ALL_EXCEPT_HOST = 'b689b0a8-53d0-40ab-baf2-68738e2966ac';
const ALL = '216adef6-5c7f-47e4-b989-5492eafa07d3';

const spa = `function handler(event) {
  var request = event.request;
  if (request.uri.indexOf('.') === -1) request.uri = '/index.html';
  return request;
}`;

function distributionOf(
  behaviors: { api?: Partial<BehaviorResource>; site?: Partial<BehaviorResource> } = {},
): DistributionResource {
  const directory = scratchDirectory();
  mkdirSync(join(directory, 'assets'));
  writeFileSync(join(directory, 'index.html'), '<p>page');
  writeFileSync(join(directory, 'assets/app-1.js'), 'code');
  const common = {
    compresses: false,
    originRequestPolicyId: undefined,
    viewerRequestCode: undefined,
    responseHeaders: {},
  };
  return {
    url: 'http://127.0.0.1:1',
    id: 'E1',
    comment: '',
    defaultRootObject: 'index.html',
    apiOriginHeaders: { 'X-Origin-Verify': 'proof' },
    behaviors: [
      {
        ...common,
        pathPattern: '/api/*',
        origin: 'api',
        allowedMethods: ['GET', 'HEAD', 'POST'],
        originRequestPolicyId: ALL_EXCEPT_HOST,
        ...behaviors.api,
      },
      {
        ...common,
        pathPattern: '*',
        origin: 'site',
        allowedMethods: ['GET', 'HEAD'],
        responseHeaders: { 'x-frame-options': 'DENY' },
        ...behaviors.site,
      },
    ],
    siteFiles: [
      { directory, cacheControl: 'max-age=31536000, immutable', exclude: ['*'], include: ['assets/*'] },
      { directory, cacheControl: 'no-cache', exclude: ['assets/*'], include: [] },
    ],
  };
}

function open(distribution: DistributionResource) {
  const reached: OriginRequest[] = [];
  const problems: string[] = [];
  const answer = createDistribution({
    distribution,
    async api(request) {
      reached.push(request);
      return { status: 404, headers: {}, body: Buffer.from('{"code":"NOT_FOUND"}') };
    },
    onProblem: (problem) => problems.push(problem),
  });
  return {
    reached,
    problems,
    get: (path: string, change: Partial<OriginRequest> = {}) =>
      answer({
        method: 'GET',
        path,
        query: '',
        headers: {},
        body: Buffer.alloc(0),
        sourceIp: '127.0.0.1',
        ...change,
      }),
  };
}

describe('the site', () => {
  it('is served with content types, caching and the policy’s headers', async () => {
    const { get } = open(distributionOf());
    const page = await get('/');
    expect(page).toMatchObject({
      status: 200,
      headers: {
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-cache',
        'x-frame-options': 'DENY',
      },
    });
    expect(page.body.toString()).toBe('<p>page');
    expect(await get('/assets/app-1.js')).toMatchObject({
      headers: {
        'content-type': 'text/javascript; charset=utf-8',
        'cache-control': 'max-age=31536000, immutable',
      },
    });
  });

  it('answers 304 to the same etag', async () => {
    const { get } = open(distributionOf());
    const { headers } = await get('/index.html');
    const again = await get('/index.html', { headers: { 'if-none-match': String(headers['etag']) } });
    expect(again.status).toBe(304);
    expect(again.body).toHaveLength(0);
  });

  it.each(['/competitors/7', '/missing.js', '/../../etc/passwd', '/assets'])(
    'has no %s: 403, as S3 answers',
    async (path) => {
      expect((await open(distributionOf()).get(path)).status).toBe(403);
    },
  );

  it('refuses methods that the behaviour does not take', async () => {
    expect((await open(distributionOf()).get('/', { method: 'POST' })).status).toBe(403);
  });
});

describe('the viewer-request function', () => {
  it('is executed: it gives the page for every address', async () => {
    const { get } = open(distributionOf({ site: { viewerRequestCode: spa } }));
    expect((await get('/competitors/7')).body.toString()).toBe('<p>page');
    expect((await get('/missing.js')).status).toBe(403);
  });

  it('sees method, headers and query, and may answer itself', async () => {
    const viewerRequestCode = `async function handler(event) {
      return { statusCode: 302, headers: { location: { value: '/' + event.request.method + event.request.headers['x-a'].value + event.request.querystring.q.value } } };
    }`;
    const { get } = open(distributionOf({ site: { viewerRequestCode } }));
    expect(await get('/', { headers: { 'x-a': '1' }, query: 'q=2' })).toMatchObject({
      status: 302,
      headers: { location: '/GET12', 'x-frame-options': 'DENY' },
    });
  });

  it.each([
    ['throws', 'function handler() { throw new Error("no"); }'],
    ['returns nothing', 'function handler() {}'],
    ['never ends', 'function handler() { for (;;) {} }'],
    ['reaches for Node', 'function handler() { return process.env; }'],
    [
      'keeps something for the next call',
      'function handler({ request }) { globalThis.kept = 1; return request; }',
    ],
    ['changes what all calls share', 'function handler({ request }) { kept = request; return request; }'],
  ])('that %s is a 503, told', async (_what, viewerRequestCode) => {
    const { get, problems } = open(distributionOf({ site: { viewerRequestCode } }));
    expect((await get('/')).status).toBe(503);
    expect(problems[0]).toContain('viewer-request function failed');
  });
});

describe('the API behind it', () => {
  it('gets the viewer’s headers but Host, and the origin’s own', async () => {
    const { get, reached } = open(distributionOf());
    const answer = await get('/api/x', {
      query: 'a=1',
      headers: {
        host: '127.0.0.1:1',
        authorization: 'Bearer t',
        connection: 'keep-alive',
        'x-origin-verify': 'forged',
      },
    });
    expect(answer.status).toBe(404);
    expect(answer.body.toString()).toBe('{"code":"NOT_FOUND"}');
    expect(reached[0]).toMatchObject({ path: '/api/x', query: 'a=1' });
    expect(reached[0]!.headers).toMatchObject({
      authorization: 'Bearer t',
      'x-origin-verify': 'proof',
      'x-forwarded-proto': 'https',
    });
    expect(reached[0]!.headers).not.toHaveProperty('host');
    expect(reached[0]!.headers).not.toHaveProperty('connection');
  });

  it('gets neither authorization nor query without an origin request policy', async () => {
    const { get, reached } = open(distributionOf({ api: { originRequestPolicyId: undefined } }));
    await get('/api/x', { query: 'a=1', headers: { authorization: 'Bearer t' } });
    expect(reached[0]!.query).toBe('');
    expect(reached[0]!.headers).not.toHaveProperty('authorization');
  });

  it('refuses a forwarded Host header, and says so', async () => {
    const { get, reached, problems } = open(distributionOf({ api: { originRequestPolicyId: ALL } }));
    expect((await get('/api/x')).status).toBe(403);
    expect(reached).toEqual([]);
    expect(problems[0]).toContain('/api/*');
  });
});
