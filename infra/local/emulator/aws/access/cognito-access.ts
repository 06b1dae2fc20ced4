import { stringField, UnknownOperationError, type Requirement } from './requirement.ts';
import type { ResourceNames } from './resource-names.ts';

/** Calls that administrators sign; those that users make without a signature stay with the managed login. */
const ON_POOL = new Set([
  'AdminAddUserToGroup',
  'AdminCreateUser',
  'AdminDeleteUser',
  'AdminDisableUser',
  'AdminEnableUser',
  'AdminGetUser',
  'AdminListGroupsForUser',
  'AdminRemoveUserFromGroup',
  'AdminResetUserPassword',
  'AdminSetUserPassword',
  'AdminUpdateUserAttributes',
  'AdminUserGlobalSignOut',
  'CreateGroup',
  'DescribeUserPool',
  'GetGroup',
  'ListGroups',
  'ListUsers',
  'ListUsersInGroup',
]);

export function cognitoAccess(
  operation: string,
  body: unknown,
  names: ResourceNames,
): readonly Requirement[] {
  if (!ON_POOL.has(operation)) throw new UnknownOperationError(operation);
  const poolId = stringField(body, 'UserPoolId') ?? '';
  return [{ action: `cognito-idp:${operation}`, resource: names.arn('cognito-idp', `userpool/${poolId}`) }];
}
