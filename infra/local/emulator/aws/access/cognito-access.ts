import { keyAccess } from './key-access.ts';
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

/** Developer Guide, "Data protection in Amazon Cognito": what callers need of a pool's key; which call needs what is not said. */
const KEY_ACTIONS = [
  'kms:DescribeKey',
  'kms:Encrypt',
  'kms:Decrypt',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
  'kms:GenerateDataKeyWithoutPlaintext',
];

export function cognitoAccess(
  operation: string,
  body: unknown,
  names: ResourceNames,
): readonly Requirement[] {
  // It takes no resource (Service Authorization Reference, Amazon Cognito User Pools).
  if (operation === 'DescribeUserPoolDomain')
    return [{ action: 'cognito-idp:DescribeUserPoolDomain', resource: '*' }];
  if (!ON_POOL.has(operation)) throw new UnknownOperationError(operation);
  const poolId = stringField(body, 'UserPoolId') ?? '';
  const arn = names.arn('cognito-idp', `userpool/${poolId}`);
  return [
    { action: `cognito-idp:${operation}`, resource: arn },
    ...keyAccess(names, names.userPool(poolId)?.keyArn, 'cognito-idp', KEY_ACTIONS, {
      'aws:cognito-idp:userpool-arn': arn,
    }),
  ];
}
