import { readFileSync } from 'node:fs';
import { DeleteCommand, GetCommand, QueryCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { LocalStack } from '#infra/local/local-stack.ts';
import { signInAsBrowser } from '#infra/local/product/sign-ins/browser-sign-in.ts';
import type { StackEvent } from '#infra/local/stack-events.ts';
import { competitorSchema } from '#shared/competitors/competitor.ts';
import { coachViewSchema } from '#shared/coaches/contract.ts';
import { jobViewSchema } from '#shared/jobs/contract.ts';
import { createSettingsRepository } from '#shared/settings/settings-repository.ts';
import { beginsWith, equals, query } from '#shared/table/expressions.ts';
import { keys } from '#shared/table/keys.ts';
import { parseRow } from '#shared/table/row.ts';
import { teamSchema } from '#shared/teams/team.ts';
import { send, type Answer, type Sent } from './send.ts';

/** The stack that is asked, what is known of its people, and what of it must not change by a refused write. */

export type FuzzStack = Pick<LocalStack, 'url' | 'users' | 'table' | 'deployment'> & {
  readonly events: readonly StackEvent[];
};

export const ROLES = ['nobody', 'coach', 'other', 'admin', 'acting', 'disabled'] as const;
export type Role = (typeof ROLES)[number];

/** The two coaches of the demo; `coach` and `acting` are the first one, `other` is the second. */
export const COACHES = ['coach-01', 'coach-02'] as const;

interface Records {
  readonly competitors: readonly string[];
  readonly teams: readonly string[];
  readonly jobs: readonly string[];
  /** What nobody but its coach and admins may read: ids, whole names, addresses. */
  readonly secrets: ReadonlySet<string>;
}

export interface World {
  readonly stack: FuzzStack;
  readonly records: Readonly<Record<(typeof COACHES)[number], Records>>;
  /** Coaches that may be switched off. */
  readonly spareCoaches: readonly string[];
  readonly call: (sent: Partial<Sent> & { readonly path: string }, role: Role) => Promise<Answer>;
  /** Version that is stored now; 1 of what is not there. */
  readonly versionOf: (kind: 'competitor' | 'team', id: string) => Promise<number>;
  readonly settingsVersion: () => Promise<number>;
  readonly secretsOf: (coachId: string) => Promise<ReadonlySet<string>>;
  /** What people wrote, as text: the same as long as no write was taken. */
  readonly written: () => Promise<string>;
  /** Nobody has asked anything in this minute. */
  readonly forgetLimits: () => Promise<void>;
  readonly finished: (jobId: string) => Promise<void>;
}

const PASSWORD = 'Quiet-Harbor-42';
const DISABLED = {
  name: 'Vesper Lindqvist',
  email: 'vesper.lindqvist@example.org',
  school: 'Old Mill School',
};
const SPARE = { name: 'Idris Okonjo', email: 'idris.okonjo@example.org', school: 'Old Mill School' };

/** The temporary password that was written to the mailbox for this address. */
function invitation(events: readonly StackEvent[], email: string): string {
  for (const event of events) {
    const file =
      event.event === 'log' ? /An invitation was written to (.*)\.$/.exec(event.message)?.[1] : undefined;
    const letter = file === undefined ? '' : readFileSync(file, 'utf8');
    const password = /Your temporary password is (\S+)/.exec(letter)?.[1];
    if (letter.includes(`To: ${email}\n`) && password !== undefined) return password;
  }
  throw new Error('Nobody was invited.');
}

/** Milliseconds since 1970. */
const expiryOf = (token: string): number =>
  1_000 *
  z
    .object({ exp: z.number() })
    .parse(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())).exp;

const present = (texts: readonly (string | null)[]): string[] =>
  texts.filter((text) => text !== null).filter((text) => text.length >= 5);

/** The same text for the same fields, in whatever order they come. */
const inOrder = (value: unknown): string =>
  JSON.stringify(value, (_, one: unknown) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );

export async function openWorld(stack: FuzzStack): Promise<World> {
  const { table, url } = stack;
  const tokenOf = async (role: 'coach' | 'admin', coachId: string | null): Promise<string> => {
    const user = stack.users.find((one) => one.role === role && one.coachId === coachId);
    if (user === undefined) throw new Error('The demo lacks a sign-in.');
    return (await signInAsBrowser({ url, ...user })).accessToken;
  };
  const PEOPLE = {
    coach: () => tokenOf('coach', COACHES[0]),
    other: () => tokenOf('coach', COACHES[1]),
    admin: () => tokenOf('admin', null),
  };
  const tokens = new Map<keyof typeof PEOPLE, string>();
  /** A token that is good for a minute more: a long run outlives several. */
  async function tokenFor(person: keyof typeof PEOPLE): Promise<string> {
    const kept = tokens.get(person);
    if (kept !== undefined && Date.now() < expiryOf(kept) - 60_000) return kept;
    const token = await PEOPLE[person]();
    tokens.set(person, token);
    return token;
  }
  const asAdmin = async (method: string, path: string, body?: object): Promise<Answer> =>
    send(url, {
      method,
      path,
      headers: { authorization: `Bearer ${await tokenFor('admin')}`, 'content-type': 'application/json' },
      body: body === undefined ? undefined : Buffer.from(JSON.stringify(body)),
    });
  const newCoach = async (person: typeof SPARE) =>
    coachViewSchema.parse(JSON.parse((await asAdmin('POST', '/api/admin/coaches', person)).text));
  const off = await newCoach(DISABLED);
  const signIn = { url, email: DISABLED.email, password: invitation(stack.events, DISABLED.email) };
  const disabled = (await signInAsBrowser({ ...signIn, newPassword: PASSWORD })).accessToken;
  await asAdmin('PATCH', `/api/admin/coaches/${off.id}`, { enabled: false });
  const spare = await newCoach(SPARE);

  const items = async (coachId: string, prefix: string): Promise<Record<string, unknown>[]> => {
    const found: Record<string, unknown>[] = [];
    let start: Record<string, unknown> | undefined;
    do {
      const page = await table.client.send(
        new QueryCommand({
          TableName: table.name,
          ...query(equals('gsi1pk', `COACH#${coachId}`), beginsWith('gsi1sk', prefix)),
          ...(start === undefined ? {} : { ExclusiveStartKey: start }),
        }),
      );
      found.push(...(page.Items ?? []));
      start = page.LastEvaluatedKey;
    } while (start !== undefined);
    return found;
  };
  const competitorsOf = async (coachId: string) =>
    (await items(coachId, 'COMP#')).map((item) => parseRow(competitorSchema, 'competitor', item));
  const teamsOf = async (coachId: string) =>
    (await items(coachId, 'TEAM#')).map((item) => parseRow(teamSchema, 'team', item));

  const secretsOf = async (coachId: string): Promise<ReadonlySet<string>> =>
    new Set([
      ...(await competitorsOf(coachId)).flatMap((one) =>
        present([
          one.id,
          one.email,
          one.schoolEmail,
          one.guardianEmail,
          `${one.firstName} ${one.lastName}`,
          one.platform.username,
        ]),
      ),
      ...(await teamsOf(coachId)).flatMap(({ id, name }) => present([id, name])),
    ]);

  const call: World['call'] = async ({ path, method = 'GET', headers = {}, body }, role) => {
    const token =
      role === 'nobody'
        ? undefined
        : role === 'disabled'
          ? disabled
          : await tokenFor(role === 'acting' ? 'admin' : role);
    return send(url, {
      method,
      path,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(role === 'acting' ? { 'x-act-as': COACHES[0] } : {}),
        ...headers,
      },
      body,
    });
  };

  const finished = async (jobId: string): Promise<void> => {
    for (let look = 0; look < 200; look += 1) {
      const job = jobViewSchema.safeParse(JSON.parse((await asAdmin('GET', `/api/jobs/${jobId}`)).text));
      if (!job.success || job.data.finishedAt !== null) return;
      await new Promise((resolve) => {
        setTimeout(resolve, 100);
      });
    }
  };

  /** A job of theirs, and a dry run that can be applied. */
  const jobsOf = async (token: string): Promise<string[]> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'text/csv' };
    const body = Buffer.from('first_name,last_name,grade\nPerrin,Ashdown,9\nBad,Row,99\n');
    const path = '/api/competitors/import?dryRun=true';
    const { jobId } = z
      .object({ jobId: z.string() })
      .parse(JSON.parse((await send(url, { method: 'POST', path, headers, body })).text));
    await finished(jobId);
    return [jobId];
  };
  const recordsOf = async (coachId: string, token: string): Promise<Records> => ({
    competitors: (await competitorsOf(coachId)).map(({ id }) => id).toSorted(),
    teams: (await teamsOf(coachId)).map(({ id }) => id).toSorted(),
    jobs: await jobsOf(token),
    secrets: await secretsOf(coachId),
  });
  const records = {
    [COACHES[0]]: await recordsOf(COACHES[0], await tokenFor('coach')),
    [COACHES[1]]: await recordsOf(COACHES[1], await tokenFor('other')),
  };
  // What both have tells neither from the other.
  const both = [...records[COACHES[0]].secrets].filter((text) => records[COACHES[1]].secrets.has(text));
  if (both.length > 0) throw new Error('The two coaches of the demo share a name.');

  const get = async (key: ReturnType<typeof keys.team>): Promise<Record<string, unknown> | undefined> =>
    (await table.client.send(new GetCommand({ TableName: table.name, Key: key, ConsistentRead: true }))).Item;
  const settingsKept = createSettingsRepository(table);
  const partition = async (pk: string): Promise<Record<string, unknown>[]> =>
    (await table.client.send(new QueryCommand({ TableName: table.name, ...query(equals('pk', pk)) })))
      .Items ?? [];

  return {
    stack,
    records,
    spareCoaches: [spare.id],
    call,
    secretsOf,
    finished,
    versionOf: async (kind, id) => {
      const item = await get(keys[kind](id));
      return Number(item?.['version'] ?? 1);
    },
    settingsVersion: async () => (await settingsKept.syncSettings()).version,
    written: async () => {
      const [people, teams, settings, coaches] = await Promise.all([
        Promise.all(COACHES.map(competitorsOf)),
        Promise.all(COACHES.map(teamsOf)),
        partition('SETTINGS'),
        partition('COACHES'),
      ]);
      return inOrder([
        // What workers write by themselves is left out.
        people
          .flat()
          .map(({ platform: _p, gamePlatformId: _g, version: _v, updatedAt: _u, ...typed }) => typed),
        teams
          .flat()
          .map(({ id, name, affiliation, division, members }) => [id, name, affiliation, division, members]),
        settings,
        coaches.map(({ gamePlatformId: _g, ...typed }) => typed),
      ]);
    },
    forgetLimits: async () => {
      const { Items = [] } = await table.client.send(
        new ScanCommand({
          TableName: table.name,
          FilterExpression: 'begins_with(pk, :limit)',
          ExpressionAttributeValues: { ':limit': 'LIMIT#' },
          ProjectionExpression: 'pk, sk',
        }),
      );
      for (const { pk, sk } of Items) {
        await table.client.send(new DeleteCommand({ TableName: table.name, Key: { pk, sk } }));
      }
    },
  };
}
