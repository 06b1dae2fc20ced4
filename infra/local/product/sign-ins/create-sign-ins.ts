import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminGetUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  UserNotFoundException,
} from '@aws-sdk/client-cognito-identity-provider';
import type { IdentityRepository } from '#shared/identity/identity-repository.ts';
import type { UserPoolResource } from '../../emulator/deployment.ts';
import { DEMO_PEOPLE, type DemoPerson, type DemoUser } from './demo-people.ts';

export interface SignInOptions {
  readonly client: CognitoIdentityProviderClient;
  readonly userPool: UserPoolResource;
  readonly repository: Pick<IdentityRepository, 'identities' | 'coaches'>;
  readonly password: string;
  readonly now: () => Date;
}

/** Makes the demo's sign-ins and their rows, each only when it is not there yet. */
export async function createSignIns(options: SignInOptions): Promise<DemoUser[]> {
  await Promise.all(DEMO_PEOPLE.map((person) => createSignIn(person, options)));
  return DEMO_PEOPLE.map(({ email, role, coachId }) => ({
    email,
    password: options.password,
    role,
    coachId,
  }));
}

async function createSignIn(person: DemoPerson, options: SignInOptions): Promise<void> {
  const { repository, now } = options;
  const sub = (await findSub(person.email, options)) ?? (await createUser(person, options));
  await admit(person, options);
  const createdAt = now().toISOString();
  if ((await repository.identities.bySub(sub)) === undefined) {
    const { role, coachId, name, email } = person;
    await repository.identities.put({ sub, role, coachId, name, email, enabled: true, createdAt });
  }
  if (person.coachId === null || (await repository.coaches.byId(person.coachId)) !== undefined) return;
  await repository.coaches.put({
    id: person.coachId,
    name: person.name,
    email: person.email,
    school: person.school,
    enabled: true,
    gamePlatformId: null,
    createdAt,
  });
}

async function findSub(email: string, { client, userPool }: SignInOptions): Promise<string | undefined> {
  try {
    const user = await client.send(new AdminGetUserCommand({ UserPoolId: userPool.id, Username: email }));
    return subOf(user.UserAttributes);
  } catch (error) {
    if (error instanceof UserNotFoundException) return undefined;
    throw error;
  }
}

async function createUser({ email, name }: DemoPerson, { client, userPool }: SignInOptions): Promise<string> {
  const { User: created } = await client.send(
    new AdminCreateUserCommand({
      UserPoolId: userPool.id,
      Username: email,
      MessageAction: 'SUPPRESS',
      UserAttributes: [
        { Name: 'email', Value: email },
        { Name: 'email_verified', Value: 'true' },
        { Name: 'name', Value: name },
      ],
    }),
  );
  return subOf(created?.Attributes);
}

/** At every start, because an earlier one may have ended between making the user and this. */
async function admit(
  { email, role }: DemoPerson,
  { client, userPool, password }: SignInOptions,
): Promise<void> {
  const user = { UserPoolId: userPool.id, Username: email };
  await client.send(new AdminSetUserPasswordCommand({ ...user, Password: password, Permanent: true }));
  await client.send(new AdminAddUserToGroupCommand({ ...user, GroupName: role }));
}

function subOf(
  attributes: readonly { Name?: string | undefined; Value?: string | undefined }[] | undefined,
): string {
  const sub = attributes?.find(({ Name }) => Name === 'sub')?.Value;
  if (sub === undefined) throw new Error('The user pool made a user without a sub.');
  return sub;
}
