/** What one call needs: an action on a resource. One call may need several (the parts of a transaction, a key). */
export interface Requirement {
  /** IAM action, for example `dynamodb:PutItem`. */
  readonly action: string;
  /** An ARN, or `*` for actions that take no resource. */
  readonly resource: string;
  /** Condition keys in lower case, over those of every call. */
  readonly context?: Readonly<Record<string, string>>;
}

/** A call that the stand-ins do not know; the caller hears AWS's own words for it. */
export class UnknownOperationError extends Error {
  override readonly name = 'UnknownOperationError';
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function stringField(body: unknown, name: string): string | undefined {
  const value = isRecord(body) ? body[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** Without doubles, in the order of first appearance. */
export function distinct(requirements: readonly Requirement[]): readonly Requirement[] {
  if (requirements.length < 2) return requirements;
  const seen = new Set<string>();
  return requirements.filter((requirement) => {
    const key = `${requirement.action} ${requirement.resource}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
