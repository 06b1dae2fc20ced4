import { keyAccess } from './key-access.ts';
import { stringField, UnknownOperationError, type Requirement } from './requirement.ts';
import type { ResourceNames } from './resource-names.ts';

const READING = ['kms:Decrypt'];
const WRITING = ['kms:GenerateDataKey', 'kms:Decrypt'];

const ACTIONS: Readonly<Record<string, readonly string[]>> = {
  GetSecretValue: READING,
  DescribeSecret: [],
  ListSecretVersionIds: [],
  PutSecretValue: WRITING,
  UpdateSecret: WRITING,
  UpdateSecretVersionStage: [],
  CreateSecret: WRITING,
};

export function secretsAccess(
  operation: string,
  body: unknown,
  names: ResourceNames,
): readonly Requirement[] {
  if (operation === 'ListSecrets') return [{ action: 'secretsmanager:ListSecrets', resource: '*' }];
  const keyActions = ACTIONS[operation];
  if (keyActions === undefined) throw new UnknownOperationError(operation);
  const id = stringField(body, operation === 'CreateSecret' ? 'Name' : 'SecretId') ?? '';
  const secret = names.secret(id);
  const arn = secret?.arn ?? (id.startsWith('arn:') ? id : names.arn('secretsmanager', `secret:${id}`));
  return [
    { action: `secretsmanager:${operation}`, resource: arn },
    ...keyAccess(names, secret?.keyArn, 'secretsmanager', keyActions, { secretarn: arn }),
  ];
}
