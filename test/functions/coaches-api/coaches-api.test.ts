import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminGetUserCommand,
  AdminListGroupsForUserCommand,
  AdminUserGlobalSignOutCommand,
  CognitoIdentityProviderClient,
  UsernameExistsException,
  UserNotFoundException,
} from '@aws-sdk/client-cognito-identity-provider';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { RouteKeyOf } from '#shared/http/routes.ts';
import { coachListSchema, coachViewSchema } from '#shared/coaches/contract.ts';
import { createCompetitorRepository } from '#shared/competitors/competitor-repository.ts';
import { createIdentityRepository } from '#shared/identity/identity-repository.ts';
import type { Table } from '#shared/table/table.ts';
import { aCompetitor } from '#test/support/competitors.ts';
import { useTestTables } from '#test/support/dynamodb.ts';
import { recordingLog } from '#test/shared/kernel/recording-log.ts';
import { buildDependencies } from '../../../functions/coaches-api/dependencies.ts';
import { apiOn, problemOf, type Answer, type Call } from '../api-harness.ts';
import { mockClient } from '#test/support/mock-client.ts';

const newTable = useTestTables();
const cognito = mockClient(CognitoIdentityProviderClient);
const POOL = 'us-east-1_people';
const NADIA = { name: 'Nadia Brandt', email: 'Nadia@cedar.example.org', school: 'Cedar Hollow School' };
const EMAIL = 'nadia@cedar.example.org';
const who = { UserPoolId: POOL, Username: EMAIL };
const about = { $metadata: {}, message: 'About nadia@cedar.example.org.' };

let table: Table;
let lines: readonly unknown[];
let call: (route: RouteKeyOf<'coaches-api'>, call?: Call) => Promise<Answer>;

/** The function as it is wired for Lambda, on a table with two coaches and an admin; only the user pool is a stub. */
beforeEach(async () => {
  table = await newTable();
  vi.stubEnv('USER_POOL_ID', POOL);
  const recording = recordingLog();
  lines = recording.lines;
  const as = await apiOn(table, 'coaches-api', buildDependencies, recording.log);
  call = (route, parts) => as(route, { as: 'ines', ...parts });
  cognito.reset();
  cognito.onAnyCommand().rejects(new UserNotFoundException(about));
  cognito
    .on(AdminCreateUserCommand)
    .resolves({ User: { Username: 'sub-n', Attributes: [{ Name: 'sub', Value: 'sub-n' }] } });
  cognito.on(AdminAddUserToGroupCommand).resolves({});
});

const sent = () =>
  cognito
    .calls()
    .map(({ args: [command] }) => [command.constructor.name.replace('Command', ''), command.input]);

describe('the list of coaches', () => {
  test('comes page by page with the number of their competitors', async () => {
    const competitors = createCompetitorRepository(table);
    for (const id of ['cmp_1', 'cmp_2']) await competitors.put(aCompetitor({ id, coachId: 'coa_a' }));
    const first = coachListSchema.parse(
      (await call('GET /api/admin/coaches', { query: { limit: '1' } })).body,
    );
    expect(first.items).toMatchObject([{ id: 'coa_a', competitors: 2, features: { onboarding: true } }]);
    const query = { limit: '1', cursor: first.nextCursor ?? '' };
    const second = coachListSchema.parse((await call('GET /api/admin/coaches', { query })).body);
    expect(second).toMatchObject({ items: [{ id: 'coa_b', competitors: 0 }], nextCursor: null });
  });
});

describe('a new coach', () => {
  const add = (parts: Partial<Call> = {}) => call('POST /api/admin/coaches', { body: NADIA, ...parts });

  test('is invited by email, into the group of coaches', async () => {
    const { status, body } = await add({ body: { ...NADIA, features: { onboarding: false } } });
    expect(status).toBe(201);
    expect(coachViewSchema.parse(body)).toMatchObject({
      ...NADIA,
      email: EMAIL,
      enabled: true,
      features: { onboarding: false },
    });
    expect(sent()).toEqual([
      [
        'AdminCreateUser',
        {
          ...who,
          DesiredDeliveryMediums: ['EMAIL'],
          UserAttributes: [
            { Name: 'email', Value: EMAIL },
            { Name: 'email_verified', Value: 'true' },
          ],
        },
      ],
      ['AdminAddUserToGroup', { ...who, GroupName: 'coach' }],
    ]);
    expect(await createIdentityRepository(table).identities.bySub('sub-n')).toMatchObject({ email: EMAIL });
  });

  test('is the same one for the same Idempotency-Key', async () => {
    const headers = { 'idempotency-key': 'key-1' };
    const [one, two] = [await add({ headers }), await add({ headers })];
    expect(two).toMatchObject({ status: 201, body: { id: one.body.id } });
    expect(cognito.commandCalls(AdminCreateUserCommand)).toHaveLength(1);
  });

  test('of an address with a sign-in is refused', async () => {
    await add();
    cognito.on(AdminCreateUserCommand).rejects(new UsernameExistsException(about));
    cognito.on(AdminGetUserCommand).resolves({
      Username: 'sub-n',
      Enabled: true,
      UserStatus: 'CONFIRMED',
      UserCreateDate: new Date(),
      UserAttributes: [{ Name: 'sub', Value: 'sub-n' }],
    });
    cognito.on(AdminListGroupsForUserCommand).resolves({ Groups: [{ GroupName: 'coach' }] });
    expect(problemOf(await add())).toEqual([409, 'EMAIL_TAKEN']);
  });

  test.each([
    ['without a name', { ...NADIA, name: ' ' }],
    ['with an address that is none', { ...NADIA, email: 'nadia' }],
    ['with a role', { ...NADIA, role: 'admin' }],
  ])('%s is refused before anything is asked', async (_what, body) => {
    expect(problemOf(await add({ body }))).toEqual([422, 'VALIDATION_FAILED']);
    expect(sent()).toEqual([]);
  });

  test('whom the user pool refuses is an error that says nothing about them, in answer and log', async () => {
    cognito.on(AdminCreateUserCommand).rejects(new Error('The mail to nadia@cedar.example.org bounced.'));
    const { status, body } = await add();
    expect(status).toBe(500);
    expect(JSON.stringify([body, lines])).not.toMatch(/nadia/i);
  });
});

const change = (body: unknown, id = 'coa_a') => call('PATCH /api/admin/coaches/{id}', { id, body });

describe('a change', () => {
  const ada = { UserPoolId: POOL, Username: 'marisol@example.org' };

  test('that switches off stops the rights first, then the sign-in and all tokens', async () => {
    const { coaches } = createIdentityRepository(table);
    let enabledThen: boolean | undefined;
    cognito.on(AdminDisableUserCommand).callsFake(async () => {
      enabledThen = (await coaches.byId('coa_a'))?.enabled;
      return {};
    });
    cognito.on(AdminUserGlobalSignOutCommand).resolves({});
    expect(await change({ enabled: false })).toMatchObject({ status: 200, body: { enabled: false } });
    expect(enabledThen).toBe(false);
    expect(sent()).toEqual([
      ['AdminDisableUser', ada],
      ['AdminUserGlobalSignOut', ada],
    ]);
    cognito.on(AdminEnableUserCommand).resolves({});
    expect(await change({ enabled: true })).toMatchObject({ status: 200, body: { enabled: true } });
    expect(sent().at(-1)).toEqual(['AdminEnableUser', ada]);
  });

  test('of a coach without a sign-in is made in the table', async () => {
    expect(await change({ enabled: false })).toMatchObject({ status: 200, body: { enabled: false } });
    expect(cognito.commandCalls(AdminUserGlobalSignOutCommand)).toEqual([]);
  });

  test('of name, school and switches asks nothing of the user pool', async () => {
    const body = { name: 'Ada Keller', school: 'Other School', features: { onboarding: false } };
    expect(await change(body)).toMatchObject({ status: 200, body });
    expect(sent()).toEqual([]);
  });

  test('of nothing, of the unknown or of somebody unknown is refused', async () => {
    expect((await change({})).status).toBe(422);
    expect((await change({ email: 'x@example.org' })).status).toBe(422);
    expect(problemOf(await change({ name: 'X' }, 'coa_9'))).toEqual([404, 'NOT_FOUND']);
  });
});
