import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminGetUserCommand,
  AdminListGroupsForUserCommand,
  AdminRemoveUserFromGroupCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  ListGroupsCommand,
  ListUsersCommand,
  type UserType,
} from '@aws-sdk/client-cognito-identity-provider';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientConfig, POOL_ID, roleArn, startTestStack, type TestStack } from './deployment-fixture.ts';

let stack: TestStack;
let operator: CognitoIdentityProviderClient;
beforeAll(async () => {
  stack = await startTestStack();
  operator = new CognitoIdentityProviderClient(clientConfig(stack.aws));
});
afterAll(() => stack.remove());

const create = (
  email: string,
  parts: Partial<ConstructorParameters<typeof AdminCreateUserCommand>[0]> = {},
) =>
  operator.send(
    new AdminCreateUserCommand({ UserPoolId: POOL_ID, Username: email, MessageAction: 'SUPPRESS', ...parts }),
  );

describe('Cognito through the gateway', () => {
  it('has the groups of the template', async () => {
    const { Groups } = await operator.send(new ListGroupsCommand({ UserPoolId: POOL_ID }));
    expect(Groups?.map(({ GroupName }) => GroupName).toSorted()).toEqual(['admin', 'coach']);
  });

  it('gives a person a sub as the user name, found by email in any case', async () => {
    const { User } = await create('Ada@Example.org');
    expect(User?.Username).toMatch(/^[0-9a-f-]{36}$/);
    expect(User?.UserStatus).toBe('FORCE_CHANGE_PASSWORD');
    const found = await operator.send(
      new AdminGetUserCommand({ UserPoolId: POOL_ID, Username: 'ADA@example.org' }),
    );
    expect(found.Username).toBe(User?.Username);
    expect(found.UserCreateDate).toBeInstanceOf(Date);
    await expect(create('ada@example.org')).rejects.toMatchObject({ name: 'UsernameExistsException' });
  });

  it('lists the groups of a person named by email', async () => {
    await create('grace@example.org');
    const who = { UserPoolId: POOL_ID, Username: 'grace@example.org' };
    const groups = async () =>
      (await operator.send(new AdminListGroupsForUserCommand(who))).Groups?.map(({ GroupName }) => GroupName);
    await operator.send(new AdminAddUserToGroupCommand({ ...who, GroupName: 'admin' }));
    expect(await groups()).toEqual(['admin']);
    await operator.send(new AdminRemoveUserFromGroupCommand({ ...who, GroupName: 'admin' }));
    expect(await groups()).toEqual([]);
  });

  it('lists people page by page', async () => {
    for (let index = 0; index < 5; index += 1) await create(`page${index}@example.org`);
    const seen: UserType[] = [];
    let PaginationToken: string | undefined;
    do {
      const page = await operator.send(
        new ListUsersCommand({ UserPoolId: POOL_ID, Limit: 2, PaginationToken }),
      );
      seen.push(...(page.Users ?? []));
      PaginationToken = page.PaginationToken;
    } while (PaginationToken !== undefined);
    expect(new Set(seen.map(({ Username }) => Username)).size).toBe(seen.length);
    expect(seen.length).toBeGreaterThanOrEqual(5);
  });

  it('writes an invitation where a person can read it', async () => {
    await create('invited@example.org', {
      MessageAction: undefined,
      DesiredDeliveryMediums: ['EMAIL'],
      TemporaryPassword: 'Temporary-1',
    });
    const directory = join(stack.stateDirectory, 'mail');
    const letters = readdirSync(directory).map((file) => readFileSync(join(directory, file), 'utf8'));
    expect(letters).toEqual([expect.stringContaining('Temporary-1')]);
  });

  it('sends an invitation again with another password, to who has not signed in yet', async () => {
    await create('late@example.org', { TemporaryPassword: 'Temporary-2' });
    const { User } = await create('Late@example.org', { MessageAction: 'RESEND' });
    expect(User).toMatchObject({ UserStatus: 'FORCE_CHANGE_PASSWORD', Enabled: true });
    const directory = join(stack.stateDirectory, 'mail');
    const letters = readdirSync(directory).map((file) => readFileSync(join(directory, file), 'utf8'));
    const letter = letters.find((text) => text.includes('late@example.org'));
    expect(letter).toMatch(/Your temporary password is \S{8,}/);
    expect(letter).not.toContain('Temporary-2');

    const who = { UserPoolId: POOL_ID, Username: 'late@example.org' };
    await operator.send(
      new AdminSetUserPasswordCommand({ ...who, Password: 'Chosen-Horse-9', Permanent: true }),
    );
    await expect(create('late@example.org', { MessageAction: 'RESEND' })).rejects.toMatchObject({
      name: 'UnsupportedUserStateException',
    });
    await expect(create('never@example.org', { MessageAction: 'RESEND' })).rejects.toMatchObject({
      name: 'UserNotFoundException',
    });
  });

  it('refuses whom the template gives no such right', async () => {
    const reader = new CognitoIdentityProviderClient(
      clientConfig(stack.aws, stack.aws.credentialsFor(roleArn('reader-role'))),
    );
    await expect(reader.send(new ListUsersCommand({ UserPoolId: POOL_ID }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('cognito-idp:ListUsers'),
    });
  });

  it("refuses who may call it but not use the pool's key", async () => {
    const reader = new CognitoIdentityProviderClient(
      clientConfig(stack.aws, stack.aws.credentialsFor(roleArn('reader-role'))),
    );
    const creation = new AdminCreateUserCommand({ UserPoolId: POOL_ID, Username: 'new@example.org' });
    await expect(reader.send(creation)).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('kms:'),
    });
  });

  it('says that a person does not exist', async () => {
    const get = new AdminGetUserCommand({ UserPoolId: POOL_ID, Username: 'nobody@example.org' });
    await expect(operator.send(get)).rejects.toMatchObject({ name: 'UserNotFoundException' });
  });
});
