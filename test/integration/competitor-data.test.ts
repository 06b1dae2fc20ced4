import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  competitorExportSchema,
  competitorListSchema,
  competitorViewSchema,
  type CompetitorRow,
  erasureStartedSchema,
} from '#shared/competitors/contract.ts';
import { problemSchema } from '#shared/kernel/problem.ts';
import { jobRowListSchema, type JobView } from '#shared/jobs/contract.ts';
import { signInAsBrowser } from '#infra/local/product/sign-ins/browser-sign-in.ts';
import { createQuarantineRepository } from '#shared/score-sync/quarantine-repository.ts';
import { allRows } from '#test/support/personal-data.ts';
import { ADMIN, apiOf, COACH, finished, until, useLocalStack, type Api } from '#test/support/stack.ts';

const codeOf = ({ body }: { body: unknown }) => problemSchema.parse(body).code;

const large = (bytes: number) => new Uint8Array(bytes).fill(0x78);

describe('What is kept about competitors', () => {
  const stack = useLocalStack();
  let admin: Api;
  let coach: Api;
  let token: string;

  const people = async (): Promise<CompetitorRow[]> =>
    competitorListSchema.parse((await coach('GET', '/api/competitors?limit=200')).body).items;
  const upload = async (bytes: Uint8Array, type: string): Promise<JobView> => {
    const response = await fetch(`${stack().url}/api/competitors/import?dryRun=true`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': type },
      body: Buffer.from(bytes),
    });
    const body = (await response.json()) as { jobId: string };
    expect(response.status, JSON.stringify(body)).toBe(202);
    return finished(coach, body.jobId);
  };

  const send = async (bytes: Uint8Array<ArrayBuffer>, type: string) => {
    const response = await fetch(`${stack().url}/api/competitors/import?dryRun=true`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': type },
      body: bytes,
    });
    return [response.status, codeOf({ body: await response.json() })];
  };

  beforeAll(async () => {
    admin = await apiOf(stack(), ADMIN);
    coach = await apiOf(stack(), COACH);
    const user = stack().users.find(({ email }) => email === COACH);
    if (user === undefined) throw new Error('The demo coach is missing.');
    token = (await signInAsBrowser({ url: stack().url, ...user })).accessToken;
  });

  it('is found by name: in a coach’s own list, and over all by an admin', async () => {
    const [one] = await people();
    if (one === undefined) throw new Error('The demo has nobody.');
    const own = await coach('POST', '/api/competitors/search', { body: { q: one.lastName.slice(1) } });
    expect(competitorListSchema.parse(own.body).items.map(({ id }) => id)).toContain(one.id);
    const all = await admin('POST', '/api/competitors/search', { body: { q: one.lastName.slice(0, 3) } });
    expect(competitorListSchema.parse(all.body).items.map(({ id }) => id)).toContain(one.id);
  });

  it('is told whole', async () => {
    const one = (await people()).find(({ challengesSolved }) => challengesSolved > 0);
    const answer = await coach('GET', `/api/competitors/${one?.id}/export`);
    expect(answer.status).toBe(200);
    const told = competitorExportSchema.parse(answer.body);
    expect(told.solves).toHaveLength(one?.challengesSolved ?? -1);
    expect(told.audit.map(({ action }) => action)).toContain('competitor.export');
  });

  it('is refused as a file with 413 and a reason beyond what can be sent, whatever the encoding', async () => {
    expect(await send(large(5 * 1024 * 1024 + 1), 'text/csv')).toEqual([413, 'TOO_LARGE']);
    expect(await send(large(4_600_000), 'application/octet-stream')).toEqual([413, 'TOO_LARGE']);
    expect(await send(large(6_400_000), 'application/octet-stream')).toEqual([413, 'TOO_LARGE']);
    // One long line without a known name: read, and refused for what it says.
    expect(await send(large(4_400_000), 'application/octet-stream')).toEqual([422, 'FILE_EMPTY']);
  });

  it('goes out as a file and comes back in as one, applied only after a dry run', async () => {
    const roster = await coach('GET', '/api/game-platform/exports/roster.csv');
    expect(roster.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const before = await people();
    const same = await upload(Buffer.from(roster.body), 'text/csv');
    expect(same.result).toEqual({ unchanged: before.length });

    // Excel's own encoding and separator, as a browser would send any file.
    const file = 'first_name;last_name;email;grade\r\nZoë;Quill;zoe.quill@example.org;10\r\nNo;Grade;;99\r\n';
    const dryRun = await upload(Buffer.from(file, 'latin1'), 'application/octet-stream');
    expect(dryRun).toMatchObject({ status: 'succeeded', result: { new: 1, refused: 1 } });
    const rows = await coach('GET', `/api/jobs/${dryRun.id}/rows?outcome=refused`);
    expect(jobRowListSchema.parse(rows.body).items).toMatchObject([{ line: 3, outcome: 'refused' }]);
    expect(await people()).toHaveLength(before.length);

    const applied = await coach('POST', `/api/competitors/import/${dryRun.id}/apply`);
    expect(applied.status).toBe(202);
    expect((await finished(coach, applied.body.jobId)).result).toEqual({ new: 1, refused: 1 });
    expect((await people()).find(({ lastName }) => lastName === 'Quill')).toMatchObject({
      firstName: 'Zoë',
      grade: 10,
    });

    const stale = await upload(Buffer.from(file, 'latin1'), 'application/octet-stream');
    const zoe = (await people()).find(({ lastName }) => lastName === 'Quill');
    await coach('PATCH', `/api/competitors/${zoe?.id}`, {
      headers: { 'if-match': `"${zoe?.version}"` },
      body: { grade: 11 },
    });
    const refused = await coach('POST', `/api/competitors/import/${stale.id}/apply`);
    expect([refused.status, codeOf(refused)]).toEqual([409, 'CHANGED_SINCE_DRY_RUN']);
  });

  it('is read anew for one person, not more often than once a minute', async () => {
    const one = (await people()).find(({ gamePlatform }) => gamePlatform.id !== null);
    const sync = () => coach('POST', `/api/game-platform/competitors/${one?.id}/sync`);
    const started = await sync();
    expect(started.status).toBe(202);
    expect(await finished(coach, started.body.jobId)).toMatchObject({ status: 'succeeded' });
    const again = await sync();
    expect([again.status, codeOf(again)]).toEqual([429, 'TOO_OFTEN']);
    expect(Number(again.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('lets the platform send a password reset, or says that it offers none', async () => {
    const one = (await people()).find(({ gamePlatform }) => gamePlatform.id !== null);
    const { status, body } = await coach('POST', `/api/game-platform/competitors/${one?.id}/password-reset`);
    expect([200, 501]).toContain(status);
    expect(status === 200 ? body.sent : body.code).toBe(status === 200 ? true : 'NOT_OFFERED');
  });

  it('is erased for good: what is left are ids, and the tombstone that keeps them gone', async () => {
    const one = (await people()).find(({ team, challengesSolved }) => team !== null && challengesSolved > 0);
    const id = one?.id ?? '';
    const guardian = {
      guardianName: 'Wilhelmina Oberbeck',
      guardianEmail: 'wilhelmina@oberbeck.example.org',
    };
    const changed = await coach('PATCH', `/api/competitors/${id}`, {
      headers: { 'if-match': `"${one?.version}"`, 'idempotency-key': 'a-guardian' },
      body: { adult: false, ...guardian },
    });
    const record = competitorViewSchema.parse(changed.body);
    const { firstName, lastName, email, gamePlatform } = record;
    // Whatever may name somebody names them: an upload, and a record of the platform that could not be read.
    await upload(
      Buffer.from(
        `first_name,last_name,email,guardian_name\n${firstName},${lastName},${email},${guardian.guardianName}\n`,
      ),
      'text/csv',
    );
    await createQuarantineRepository(stack().table).put(
      {
        competitorId: id,
        coachId: record.coachId,
      },
      {
        source: 'odl',
        eventId: 'odl',
        solveId: null,
        unparsed: { index: 0, issues: [], redacted: { title: `${firstName} ${lastName}` } },
      },
      new Date(),
    );
    expect((await coach('GET', `/api/competitors/${id}/export`)).status).toBe(200);
    await coach('POST', `/api/game-platform/competitors/${id}/sync`, {
      headers: { 'idempotency-key': 'a-sync' },
    });

    const words = [
      `${firstName} ${lastName}`,
      email,
      record.schoolEmail,
      guardian.guardianName,
      guardian.guardianEmail,
      gamePlatform.username,
    ].filter((text) => text !== null);
    const rowsWith = async (texts: readonly string[]): Promise<string[]> => {
      const rows = (await allRows(stack().table)).map((row) => [String(row['type']), JSON.stringify(row)]);
      const found = rows.filter(([, row = '']) => texts.some((text) => row.includes(text)));
      return [...new Set(found.map(([type = '']) => type))].toSorted();
    };
    expect(await rowsWith(words)).toEqual(['competitor', 'quarantine']);
    // A file is kept packed, so that its text is not found there: none of the coach's may be left.
    const uploads = async () => (await allRows(stack().table)).filter(({ type }) => type === 'import_chunk');
    expect((await uploads()).length).toBeGreaterThan(0);

    const deleted = await coach('DELETE', `/api/competitors/${id}`);
    expect(deleted.status).toBe(202);
    const { jobId } = erasureStartedSchema.parse(deleted.body);
    expect((await coach('GET', `/api/competitors/${id}`)).status).toBe(404);
    expect(await finished(coach, jobId)).toMatchObject({
      status: 'succeeded',
      progress: { done: 1, total: 1 },
    });
    expect(await rowsWith(words)).toEqual([]);
    expect(await uploads()).toEqual([]);
    // Ids of what was done stay (docs/data-model.md), once the worker has taken them off their team over there.
    const ids = [id, ...(gamePlatform.id === null ? [] : [gamePlatform.id])];
    const stays = new Set([
      'audit',
      'idempotency',
      'job',
      'job_part',
      'job_part_subjects',
      'job_row',
      'lease',
      'rate_limit',
      'tombstone',
    ]);
    const left = await stack().dispatching(
      until(
        () => rowsWith(ids),
        (types) => types.every((type) => stays.has(type)),
        'nothing but ids of what was done',
      ),
    );
    expect(left).toContain('tombstone');

    const found = await admin('POST', '/api/competitors/search', { body: { q: lastName } });
    expect(competitorListSchema.parse(found.body).items.map((person) => person.id)).not.toContain(id);
    expect((await coach('GET', '/api/game-platform/dashboard')).status).toBe(200);
  });

  it('is found by name in no log, trace, message or row, and would be if they were there', async () => {
    expect(await stack().leaks()).toEqual([]);
    const [one] = await people();
    const planted = {
      pk: 'JOB#planted',
      sk: 'META',
      type: 'job',
      error: `${one?.firstName} ${one?.lastName}`,
    };
    const { name, client } = stack().table;
    await client.send(new PutCommand({ TableName: name, Item: planted }));
    expect((await stack().leaks()).map(({ where }) => where)).toContain('row job');
    await client.send(new DeleteCommand({ TableName: name, Key: { pk: planted.pk, sk: planted.sk } }));
  });

  it('has made no call that AWS would have refused, and logged no name', () => {
    expect(stack().aws.refusals()).toEqual([]);
    const lines = stack()
      .events.flatMap((event) => (event.event === 'functionLog' ? [event.line] : []))
      .join('\n');
    expect(lines).not.toMatch(/Quill|@[a-z.-]*example\.(com|org|net)/);
  });
});
