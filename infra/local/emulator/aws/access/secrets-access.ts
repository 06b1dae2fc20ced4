import { keyAccess } from './key-access.ts';
import { stringField, UnknownOperationError, type Requirement } from './requirement.ts';
import type { ResourceNames } from './resource-names.ts';

/** What each operation asks of the key. */
const KEY_ACTIONS: Readonly<Record<string, readonly string[]>> = {
  GetSecretValue: ['kms:Decrypt'],
  PutSecretValue: ['kms:GenerateDataKey', 'kms:Decrypt'],
};

export function secretsAccess(
  operation: string,
  body: unknown,
  names: ResourceNames,
): readonly Requirement[] {
  const keyActions = KEY_ACTIONS[operation];
  if (keyActions === undefined) throw new UnknownOperationError(operation);
  const id = stringField(body, 'SecretId') ?? '';
  const secret = names.secret(id);
  const arn = secret?.arn ?? (id.startsWith('arn:') ? id : names.arn('secretsmanager', `secret:${id}`));
  return [
    { action: `secretsmanager:${operation}`, resource: arn },
    ...keyAccess(names, secret?.keyArn, 'secretsmanager', keyActions, { secretarn: arn }),
  ];
}
