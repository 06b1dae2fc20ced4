import { AssemblyError, type Place } from './errors.ts';

/** The current value of a secret by its name or ARN; undefined when there is none. */
export type SecretLookup = (nameOrArn: string) => string | undefined;

/** `{{resolve:secretsmanager:<name or ARN>:SecretString:<JSON key>:<stage>:<version>}}`, the end may be missing. */
const REFERENCE =
  /\{\{resolve:secretsmanager:((?:arn:[^:}]+:secretsmanager:[^:}]*:[^:}]*:secret:)?[^:}]+)(?::([^}]*))?\}\}/g;

/**
 * Fills in the secrets that a text refers to. Without a lookup the references stay as they are, for a first reading
 * before the secrets exist.
 */
export function resolveDynamicReferences(
  text: string,
  lookup: SecretLookup | undefined,
  place: Place,
): string {
  if (lookup === undefined || !text.includes('{{resolve:')) return text;
  const resolved = text.replaceAll(REFERENCE, (_match, secret: string, rest: string | undefined) => {
    const value = lookup(secret);
    if (value === undefined)
      throw new AssemblyError(place, `needs the value of the secret ${secret}, which has none.`);
    const [, jsonKey = ''] = (rest ?? '').split(':');
    return jsonKey === '' ? value : jsonField(value, jsonKey, secret, place);
  });
  if (resolved.includes('{{resolve:')) {
    throw new AssemblyError(place, 'uses a dynamic reference that the local stack cannot resolve.');
  }
  return resolved;
}

function jsonField(value: string, key: string, secret: string, place: Place): string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(value);
  } catch {
    throw new AssemblyError(place, `reads ${key} of the secret ${secret}, which is not JSON.`);
  }
  if (typeof parsed === 'object' && parsed !== null && key in parsed) {
    const field: unknown = Object.getOwnPropertyDescriptor(parsed, key)?.value;
    if (typeof field === 'string') return field;
  }
  throw new AssemblyError(place, `reads ${key} of the secret ${secret}, which has no such text.`);
}
