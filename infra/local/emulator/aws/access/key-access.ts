import type { ResourceNames } from './resource-names.ts';
import type { Requirement } from './requirement.ts';

/** What AWS does with the customer's key on the caller's behalf, seen by the key as coming through the service. */
export function keyAccess(
  names: ResourceNames,
  keyArn: string | undefined,
  service: 'dynamodb' | 'sqs' | 'secretsmanager' | 's3' | 'cognito-idp',
  actions: readonly string[],
  encryptionContext: Readonly<Record<string, string>>,
): readonly Requirement[] {
  if (keyArn === undefined) return [];
  const context: Record<string, string> = {
    'kms:viaservice': `${service}.${names.region}.amazonaws.com`,
    'kms:calleraccount': names.accountId,
  };
  for (const [name, value] of Object.entries(encryptionContext)) {
    context[`kms:encryptioncontext:${name.toLowerCase()}`] = value;
  }
  return actions.map((action) => ({ action, resource: keyArn, context }));
}
