import { beforeAll, describe, expect, it } from 'vitest';
import { competitorListSchema } from '#shared/competitors/contract.ts';
import { dashboardViewSchema } from '#shared/dashboard/contract.ts';
import { problemSchema } from '#shared/kernel/problem.ts';
import { ORIGIN_VERIFY_HEADER } from '#shared/kernel/contract.ts';
import { createJobRepository } from '#shared/jobs/job-repository.ts';
import { newJob } from '#shared/jobs/start-job.ts';
import type { Table } from '#shared/table/table.ts';
import { signInAsBrowser } from '#infra/local/product/sign-ins/browser-sign-in.ts';
import {
  ADMIN,
  apiOf,
  apiWithToken,
  COACH,
  finished,
  OTHER_COACH,
  until,
  useLocalStack,
  type Api,
} from '#test/support/stack.ts';
import { ACCESS, CALLERS, type CallerName, type Line, type Subjects } from './access-table.ts';

const fill = (path: string, params: Readonly<Record<string, string>>): string =>
  path.replaceAll(/\{([a-zA-Z]+)\}/g, (_, name: string) => params[name] ?? 'none');

const idsOf = async (api: Api): Promise<string[]> => {
  const { body } = await api('GET', '/api/competitors?limit=200');
  return competitorListSchema.parse(body).items.map(({ id }) => id);
};

/** Records of the demo that the table's calls are about, and a job and a dry run that the coach starts for it. */
async function subjectsOf(coach: Api, table: Table): Promise<Subjects> {
  const people = competitorListSchema.parse((await coach('GET', '/api/competitors?limit=200')).body).items;
  const member = people.find((one) => one.team !== null && one.gamePlatform.id !== null);
  const unready = people.find((one) => one.status === 'pending');
  if (member === undefined || unready === undefined) throw new Error('The demo lacks somebody.');
  const bulk = await coach('POST', '/api/game-platform/competitors/onboard', {
    body: { competitorIds: [unready.id] },
  });
  const dryRun = await coach('POST', '/api/competitors/import?dryRun=true', {
    headers: { 'content-type': 'text/csv' },
    text: 'first_name,last_name,email,grade\nBad,Row,not-an-address,99\n',
  });
  await finished(coach, dryRun.body.jobId);
  const { startedBy } = (await coach('GET', `/api/jobs/${bulk.body.jobId}`)).body;
  // Nobody works on it while the table is tried.
  const file = newJob(
    'job_file-1',
    {
      taskType: 'table_export',
      payload: {
        file: 'roster',
        coachId: member.coachId,
        division: null,
        status: null,
        teamId: null,
        grade: null,
      },
      startedBy,
      notBefore: new Date(Date.now() + 3_600_000).toISOString(),
    },
    new Date(),
  );
  await createJobRepository(table).create(file);
  return {
    file: file.id,
    competitor: member.id,
    unready: unready.id,
    team: member.team?.id ?? '',
    coach: member.coachId,
    job: bulk.body.jobId,
    dryRun: dryRun.body.jobId,
    newCompetitor: async () =>
      (
        await coach('POST', '/api/competitors', {
          body: { firstName: 'Juno', lastName: 'Vale', adult: false },
        })
      ).body.id,
  };
}

describe('Who may see what', () => {
  const stack = useLocalStack();
  let nobody: Api;
  let admin: Api;
  let coach: Api;
  let other: Api;
  let own: string;
  let foreign: string;
  let subjects: Subjects;
  /** Whom an admin, the coach and the other one see before anything is changed. */
  let listed: readonly [string[], string[], string[]];
  beforeAll(async () => {
    nobody = await apiOf(stack(), undefined);
    [admin, coach, other] = (await Promise.all(
      [ADMIN, COACH, OTHER_COACH].map((who) => apiOf(stack(), who)),
    )) as [Api, Api, Api];
    listed = [await idsOf(admin), await idsOf(coach), await idsOf(other)];
    foreign = listed[2][0] ?? '';
    subjects = await subjectsOf(coach, stack().table);
    own = subjects.competitor;
  });

  it.each(Object.entries<Line>(ACCESS))('%s', async (route, line) => {
    const [method = '', path = ''] = route.split(' ');
    const asActing: Api = (verb, address, init = {}) =>
      admin(verb, address, { ...init, headers: { ...init.headers, 'x-act-as': subjects.coach } });
    const callers: Readonly<Record<CallerName, Api>> = {
      nobody,
      owner: coach,
      other,
      admin,
      acting: asActing,
    };
    const found: Partial<Record<CallerName, number>> = {};
    for (const who of CALLERS) {
      const address = fill(path, (await line.params?.(subjects)) ?? {});
      found[who] = (await callers[who](method, address, line.call?.(subjects))).status;
    }
    const [ofOwner, ofOther, ofAdmin, ofActing] = line.statuses;
    expect(found).toEqual({
      nobody: line.nobody ?? 401,
      owner: ofOwner,
      other: ofOther,
      admin: ofAdmin,
      acting: ofActing,
    });
  });

  it('what is another coach’s is told like what is not there, and no role is told apart', async () => {
    const unknown = await coach('GET', '/api/competitors/cmp_nobody');
    const theirs = await coach('GET', `/api/competitors/${foreign}`);
    const codes = [unknown, theirs].map(({ body }) => problemSchema.parse(body));
    expect(codes.map(({ code, detail }) => [code, detail])).toEqual([
      ['NOT_FOUND', codes[0]?.detail],
      ['NOT_FOUND', codes[0]?.detail],
    ]);
    expect(problemSchema.parse((await coach('GET', '/api/admin/jobs')).body).code).toBe('FORBIDDEN');
  });

  it('a coach sees their own competitors only, an admin everybody’s', async () => {
    const [all, coachs, others] = listed;
    expect(coachs).toHaveLength(25);
    expect(all.toSorted()).toEqual([...coachs, ...others].toSorted());
    const dashboard = dashboardViewSchema.parse((await coach('GET', '/api/game-platform/dashboard')).body);
    const names = dashboard.leaderboard.rows.map((row) => row.competitorId);
    expect(names.every((id) => coachs.includes(id))).toBe(true);
    const whole = dashboardViewSchema.parse((await admin('GET', '/api/game-platform/dashboard')).body);
    expect(whole.scope).toMatchObject({ coachId: null, competitors: expect.any(Number) });
    expect(whole.leaderboard.total).toBeGreaterThan(dashboard.leaderboard.total);
  });

  it('an admin who acts as a coach has exactly that coach’s rights', async () => {
    const asCoach = { headers: { 'x-act-as': 'coach-01' } };
    expect((await admin('GET', `/api/competitors/${own}`, asCoach)).status).toBe(200);
    expect((await admin('GET', `/api/competitors/${foreign}`, asCoach)).status).toBe(404);
    expect((await admin('GET', '/api/admin/jobs', asCoach)).status).toBe(403);
    expect((await admin('GET', '/api/competitors?coachId=coach-02', asCoach)).status).toBe(400);
    expect((await coach('GET', '/api/competitors', asCoach)).status).toBe(403);
  });

  it('an ID token is not an access token', async () => {
    const user = stack().users.find(({ email }) => email === COACH);
    if (user === undefined) throw new Error('The demo coach is missing.');
    const { idToken } = await signInAsBrowser({ url: stack().url, ...user });
    expect([401, 403]).toContain((await apiWithToken(stack().url, idToken)('GET', '/api/me')).status);
  });

  it('a path that no route has is 404 in the API’s own form, without a token too', async () => {
    const { status, headers, body } = await nobody('GET', '/api/nothing/here');
    expect(status).toBe(404);
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect(problemSchema.parse(body).code).toBe('NOT_FOUND');
  });

  it('a browser that sends its own origin header gains nothing by it', async () => {
    const headers = { [ORIGIN_VERIFY_HEADER]: 'guessed' };
    expect((await nobody('GET', '/api/health', { headers })).status).toBe(200);
  });

  it('a function that is called past CloudFront refuses', async () => {
    const event = {
      version: '2.0',
      routeKey: 'GET /api/health',
      rawPath: '/api/health',
      rawQueryString: '',
      headers: { [ORIGIN_VERIFY_HEADER]: 'guessed' },
      requestContext: {
        http: {
          method: 'GET',
          path: '/api/health',
          protocol: 'HTTP/1.1',
          sourceIp: '127.0.0.1',
          userAgent: 'test',
        },
        requestId: 'r1',
        routeKey: 'GET /api/health',
        stage: '$default',
        accountId: '1',
        apiId: 'a',
        domainName: 'd',
        domainPrefix: 'd',
        time: '',
        timeEpoch: 0,
      },
      isBase64Encoded: false,
    };
    expect(await stack().invoke('public-api', event)).toMatchObject({ statusCode: 403 });
  });

  it('any page of the site opens, with a strict content security policy', async () => {
    const response = await fetch(`${stack().url}/competitors`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain('text/html');
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain("script-src 'unsafe-inline'");
  });

  it('says neither name nor address of anybody in what the functions log', async () => {
    await until(
      async () => stack().events.filter((event) => event.event === 'functionLog').length,
      (count) => count > 0,
      'a line of a function',
    );
    const lines = stack()
      .events.flatMap((event) => (event.event === 'functionLog' ? [event.line] : []))
      .join('\n');
    expect(lines).not.toMatch(/@[a-z.-]*example\.(com|org|net)/);
  });
});
