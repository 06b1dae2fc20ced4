import { beforeAll, describe, expect, it } from 'vitest';
import type { Span, Trace } from '#infra/local/emulator/xray/trace-store.ts';
import {
  competitorListSchema,
  competitorViewSchema,
  type CompetitorView,
} from '#shared/competitors/contract.ts';
import { teamViewSchema } from '#shared/teams/contract.ts';
import { ADMIN, apiOf, COACH, runJob, until, useLocalStack, type Api } from '#test/support/stack.ts';

const TEAM = { name: 'Night Heron Society', affiliation: 'Harbor Middle School', division: 'high_school' };

const spansOf = (spans: readonly Span[]): Span[] => spans.flatMap((one) => [one, ...spansOf(one.children)]);

/** Whole: packets come one by one, and the last is that of the handler. */
const isWhole = ({ roots }: Trace): boolean =>
  roots.length === 1 &&
  spansOf(roots).every(({ ms }) => ms !== undefined) &&
  spansOf(roots).some(({ name }) => name === '## index.handler');

const only = (spans: readonly Span[], name: string): Span => {
  const [found, ...more] = spans.filter((span) => span.name === name);
  if (found === undefined || more.length > 0) throw new Error(`There are ${more.length} more of ${name}.`);
  return found;
};

const handlerOf = ({ roots }: Trace, functionName: string): Span => {
  expect(roots.map(({ name }) => name)).toEqual([expect.stringContaining(functionName)]);
  return only(roots[0]?.children ?? [], '## index.handler');
};

/** What functions tell X-Ray of a score sync and of a roster edit, against the synthesized app. */
describe('Traces', () => {
  const stack = useLocalStack();
  let admin: Api;
  let coach: Api;
  let reader: CompetitorView;
  let joiner: CompetitorView;

  beforeAll(async () => {
    [coach, admin] = await Promise.all([apiOf(stack(), COACH), apiOf(stack(), ADMIN)]);
    const { items } = competitorListSchema.parse((await coach('GET', '/api/competitors?limit=200')).body);
    const onPlatform = items.filter((one) => one.active && one.gamePlatform.id !== null);
    const recordOf = async (id = ''): Promise<CompetitorView> =>
      competitorViewSchema.parse((await coach('GET', `/api/competitors/${id}`)).body);
    reader = await recordOf(onPlatform.find((one) => one.team !== null)?.id);
    joiner = await recordOf(onPlatform.find((one) => one.team === null)?.id);
  });

  /** A trace that has a span with these annotations and one of this name. */
  const traceWith = (annotation: Readonly<Record<string, string>>, name: string): Promise<Trace> =>
    until(
      () => Promise.resolve(stack().traces.where({ annotation, name }).find(isWhole)),
      (trace) => trace !== undefined,
      `a trace of ${name} with ${JSON.stringify(annotation)}`,
    ).then((trace) => trace ?? expect.fail('There is no trace.'));

  it('of a score sync hold the part, the competitor, the calls of the platform and of AWS', async () => {
    const job = await runJob(admin, 'game_platform_sync', { competitorIds: [reader.id], full: true });
    expect(job.result).toMatchObject({ total: 1 });

    const trace = await traceWith({ jobId: job.id }, 'getOdlScores');
    const handler = handlerOf(trace, 'sync-worker');
    const part = only(handler.children, 'part of a job');
    expect(part).toMatchObject({ annotations: { jobId: job.id }, problem: undefined });
    const subject = only(part.children, 'subject');
    expect(subject.annotations).toEqual({ competitorId: reader.id });
    const scores = only(subject.children, 'getOdlScores');
    expect(scores).toMatchObject({ annotations: { status: 200, attempt: 1 }, children: [] });
    const operations = spansOf([part])
      .filter(({ name }) => name === 'DynamoDB')
      .map(({ details }) => details?.aws);
    expect(operations).toContainEqual(expect.objectContaining({ operation: 'GetItem' }));
    expect(subject.children.map(({ name }) => name)).toContain('DynamoDB');
    await traceWith({ jobId: job.id }, 'SQS');
  });

  it('of a roster edit hold the team and the member, and the calls that put them there', async () => {
    const made = await coach('POST', '/api/teams', { body: TEAM });
    const { id: teamId } = teamViewSchema.parse(made.body);
    expect((await coach('PUT', `/api/teams/${teamId}/members/${joiner.id}`)).status).toBe(200);
    await until(
      async () => teamViewSchema.parse((await coach('GET', `/api/teams/${teamId}`)).body),
      ({ badge, members }) => badge.state === 'synced' && members.length === 1,
      'the team and its member on the platform',
    );

    const trace = await traceWith({ competitorId: joiner.id }, 'assignTeam');
    const roster = only(handlerOf(trace, 'roster-worker').children, 'roster');
    expect(roster.annotations).toEqual({ competitorId: joiner.id });
    expect(only(roster.children, 'assignTeam').annotations).toEqual({ status: 201, attempt: 1 });
    expect(roster.children.map(({ name }) => name)).toContain('DynamoDB');
    // Asked for by the function that took the edit.
    expect(trace.links).toHaveLength(1);

    const teamTrace = await traceWith({}, 'createTeam');
    const creation = only(spansOf(teamTrace.roots), 'createTeam');
    expect(creation.annotations).toEqual({ status: 201, attempt: 1 });
    await traceWith({ teamId }, 'roster');
  });

  it('hold nothing of the people whom they are about, no token, and no address of the platform', async () => {
    const { traces, gamePlatform, users } = stack();
    const told = JSON.stringify(traces.all());
    const people = [reader, joiner].flatMap((one) => [
      one.firstName,
      one.lastName,
      one.email,
      one.schoolEmail,
      one.guardianName,
      one.guardianEmail,
    ]);
    const { host } = new URL(gamePlatform.baseUrl);
    const secrets = [
      ...people,
      ...users.map(({ email }) => email),
      ...Object.values(TEAM).slice(0, 2),
      gamePlatform.token,
      host,
      'Bearer',
      '@',
      '/scores/',
    ].filter((text) => text !== null);
    expect(people.filter((text) => text !== null).length).toBeGreaterThanOrEqual(8);
    expect(secrets.filter((text) => told.includes(text))).toEqual([]);
    expect(traces.badPackets).toBe(0);
    // What was looked through is what the tests above have found.
    for (const id of [reader.id, joiner.id]) expect(told).toContain(id);
  });
});
