import { beforeAll, describe, expect, it } from 'vitest';
import {
  competitorListSchema,
  competitorViewSchema,
  type CompetitorRow,
} from '#shared/competitors/contract.ts';
import { problemSchema } from '#shared/kernel/problem.ts';
import { ADMIN, apiOf, COACH, runJob, useLocalStack, type Api } from '#test/support/stack.ts';

describe('Adding a competitor to the Game Platform', () => {
  const stack = useLocalStack();
  let admin: Api;
  let coach: Api;
  let people: CompetitorRow[];

  beforeAll(async () => {
    admin = await apiOf(stack(), ADMIN);
    coach = await apiOf(stack(), COACH);
    people = competitorListSchema.parse((await coach('GET', '/api/competitors?limit=200')).body).items;
  });

  const inState = (status: CompetitorRow['status'], refused = false): CompetitorRow => {
    const found = people.find(
      (one) => one.status === status && (one.gamePlatform.refusal !== null) === refused,
    );
    if (found === undefined) throw new Error(`The demo has nobody in ${status}.`);
    return found;
  };
  const add = (id: string) => coach('POST', `/api/game-platform/competitors/${id}`);

  it('makes the account, shows it, and is read by the next score sync', async () => {
    const { id } = inState('compliance');
    const { status, body } = await add(id);
    expect(status).toBe(200);
    expect(competitorViewSchema.parse(body)).toMatchObject({
      status: 'complete',
      missing: [],
      gamePlatform: { id, username: expect.any(String), accountStatus: expect.any(String), refusal: null },
    });
    const sync = await runJob(admin, 'game_platform_sync', { competitorIds: [id] });
    expect(sync).toMatchObject({ status: 'succeeded', progress: { done: 1, total: 1 } });
  });

  it('makes one account when two ask at the same time, and again later', async () => {
    const created = await coach('POST', '/api/competitors', {
      body: {
        firstName: 'Juno',
        lastName: 'Vale',
        email: 'juno.vale@mail.example.net',
        adult: false,
        guardianName: 'Ola Vale',
        guardianEmail: 'ola.vale@family.example.net',
        grade: 9,
        division: 'high_school',
        mediaReleaseDate: '2026-10-01',
      },
    });
    expect(created.status).toBe(201);
    const { id } = created.body;
    const answers = await Promise.all([add(id), add(id)]);
    for (const { status } of answers) expect([200, 409]).toContain(status);
    expect(answers.some(({ status }) => status === 200)).toBe(true);
    expect((await add(id)).status).toBe(200);
    const requests = stack().gamePlatform.simulator?.requests.since() ?? [];
    const creates = requests.filter(
      (request) =>
        request.method === 'POST' && request.path.endsWith('/users') && JSON.stringify(request).includes(id),
    );
    expect(creates).toHaveLength(1);
  });

  it.each(['pending', 'profile'] as const)(
    'refuses somebody in %s and lists what is missing',
    async (state) => {
      const { status, body } = await add(inState(state).id);
      expect(status).toBe(409);
      const problem = problemSchema.parse(body);
      expect(problem.code).toBe('NOT_COMPLIANT');
      expect(problem.missing?.length).toBeGreaterThan(0);
    },
  );

  it('keeps the platform’s refusal with what to do about it', async () => {
    const { id } = inState('compliance', true);
    const { status, body } = await add(id);
    expect(status).toBe(502);
    expect(problemSchema.parse(body).code).toBe('GAME_PLATFORM_REFUSED');
    const { gamePlatform } = competitorViewSchema.parse((await coach('GET', `/api/competitors/${id}`)).body);
    expect(gamePlatform.refusal).toMatchObject({
      code: 'EMAIL_KNOWN',
      remedy: expect.stringContaining('email'),
    });
  });

  it('does a coach’s whole list in the background and tells each result', async () => {
    const started = await coach('POST', '/api/game-platform/competitors/onboard', { body: {} });
    expect(started.status).toBe(202);
    expect(started.body.jobId).toEqual(expect.any(String));
  });

  it('has made no call that AWS would have refused', () => {
    expect(stack().aws.refusals()).toEqual([]);
  });
});
