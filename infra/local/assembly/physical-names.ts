import { createHash } from 'node:crypto';

/** Stable letters and digits for one resource: the same template gives the same ids at every start. */
export function stableId(length: number, ...parts: readonly string[]): string {
  let digest = '';
  for (let round = 0; digest.length < length; round += 1) {
    const bytes = createHash('sha256')
      .update([String(round), ...parts].join('\0'))
      .digest('hex');
    digest += BigInt(`0x${bytes}`).toString(36);
  }
  return digest.slice(0, length);
}

/** A key id is a UUID. */
export function stableUuid(...parts: readonly string[]): string {
  const hex = createHash('sha256').update(parts.join('\0')).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

const MAX_NAME_LENGTH = 64;

/** The name that CloudFormation makes up for a resource without one: `<stack>-<logical id>-<letters>`. */
export function generatedName(stackName: string, logicalId: string): string {
  const suffix = stableId(12, stackName, logicalId).toUpperCase();
  const room = MAX_NAME_LENGTH - suffix.length - 1;
  return `${`${stackName}-${logicalId}`.slice(0, room)}-${suffix}`;
}
