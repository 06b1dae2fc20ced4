import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminGetUserCommand,
  AdminListGroupsForUserCommand,
  AdminUserGlobalSignOutCommand,
  UsernameExistsException,
  UserNotFoundException,
  type AttributeType,
  type CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';
import type { SignIns } from './sign-ins.ts';
import { OwnError } from '#shared/kernel/errors.ts';

function subOf(attributes: readonly AttributeType[] | undefined): string {
  const sub = attributes?.find(({ Name }) => Name === 'sub')?.Value;
  if (sub === undefined) throw new OwnError('The user pool answered about a sign-in without its sub.');
  return sub;
}

/** The call's answer; undefined when the address has no sign-in. */
async function unlessUnknown<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof UserNotFoundException) return undefined;
    throw error;
  }
}

/** Sign-ins in Cognito, whose pool takes the email address as the user name. */
export function createCognitoSignIns(
  client: Pick<CognitoIdentityProviderClient, 'send'>,
  userPoolId: string,
): SignIns {
  const who = (email: string) => ({ UserPoolId: userPoolId, Username: email });
  return {
    async byEmail(email) {
      const user = await unlessUnknown(client.send(new AdminGetUserCommand(who(email))));
      if (user === undefined) return undefined;
      const { Groups: groups = [] } = await client.send(new AdminListGroupsForUserCommand(who(email)));
      return {
        sub: subOf(user.UserAttributes),
        enabled: user.Enabled ?? false,
        invited: user.UserStatus === 'FORCE_CHANGE_PASSWORD',
        createdAt: user.UserCreateDate ?? new Date(0),
        groups: groups.flatMap(({ GroupName: name }) => (name === undefined ? [] : [name])),
      };
    },

    async invite(email) {
      try {
        const { User: created } = await client.send(
          new AdminCreateUserCommand({
            ...who(email),
            DesiredDeliveryMediums: ['EMAIL'],
            UserAttributes: [
              { Name: 'email', Value: email },
              // Without it, a forgotten password could not be reset by email.
              { Name: 'email_verified', Value: 'true' },
            ],
          }),
        );
        return subOf(created?.Attributes);
      } catch (error) {
        if (error instanceof UsernameExistsException) return undefined;
        throw error;
      }
    },

    async inviteAgain(email) {
      await client.send(
        new AdminCreateUserCommand({
          ...who(email),
          MessageAction: 'RESEND',
          DesiredDeliveryMediums: ['EMAIL'],
        }),
      );
    },

    async admit(email, group) {
      await client.send(new AdminAddUserToGroupCommand({ ...who(email), GroupName: group }));
    },

    async switchOff(email) {
      const found = await unlessUnknown(client.send(new AdminDisableUserCommand(who(email))));
      if (found !== undefined)
        await unlessUnknown(client.send(new AdminUserGlobalSignOutCommand(who(email))));
    },

    async switchOn(email) {
      await unlessUnknown(client.send(new AdminEnableUserCommand(who(email))));
    },
  };
}
