import { matchesArn, matchesWildcard } from './wildcard.ts';

/** A policy uses something that this evaluator does not know; never to be taken for a yes. */
export class UnsupportedPolicyError extends Error {
  override readonly name = 'UnsupportedPolicyError';
}

/** Values by condition key in lower case. A key that is not there is absent from the request, which IAM treats as such. */
export type RequestContext = Readonly<Record<string, readonly string[]>>;

type Test = (wanted: string, actual: string) => boolean;

const equals: Test = (wanted, actual) => wanted === actual;
const equalsIgnoringCase: Test = (wanted, actual) => wanted.toLowerCase() === actual.toLowerCase();

/** `negated` operators hold when the key is absent, and only when no wanted value matches. */
const OPERATORS: Readonly<Record<string, { readonly test: Test; readonly negated: boolean }>> = {
  StringEquals: { test: equals, negated: false },
  StringNotEquals: { test: equals, negated: true },
  StringEqualsIgnoreCase: { test: equalsIgnoringCase, negated: false },
  StringLike: { test: matchesWildcard, negated: false },
  StringNotLike: { test: matchesWildcard, negated: true },
  ArnEquals: { test: matchesArn, negated: false },
  ArnLike: { test: matchesArn, negated: false },
  ArnNotEquals: { test: matchesArn, negated: true },
  ArnNotLike: { test: matchesArn, negated: true },
  NumericLessThan: { test: (wanted, actual) => Number(actual) < Number(wanted), negated: false },
  Bool: { test: equalsIgnoringCase, negated: false },
};

/** Keys that a request here may carry. Any other key in a condition is an error. */
const KNOWN_KEYS = new Set([
  'aws:principalaccount',
  'aws:principalarn',
  'aws:principalisawsservice',
  'aws:principalservicename',
  'aws:principaltype',
  'aws:requestedregion',
  'aws:resourceaccount',
  'aws:securetransport',
  'aws:sourceaccount',
  'aws:sourcearn',
  'aws:viaawsservice',
  'iam:passedtoservice',
  'kms:calleraccount',
  'kms:grantisforawsresource',
  'kms:viaservice',
  's3:tlsversion',
  'ses:fromaddress',
]);
const KNOWN_PREFIXES = ['kms:encryptioncontext:'];

/**
 * Whether every condition of a statement holds.
 *
 * @throws {UnsupportedPolicyError} for an operator, key or policy variable that is not modelled
 */
export function conditionsHold(
  conditions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>,
  context: RequestContext,
): boolean {
  return Object.entries(conditions).every(([operator, byKey]) =>
    Object.entries(byKey).every(([key, wanted]) => conditionHolds(operator, key, wanted, context)),
  );
}

function conditionHolds(
  operatorName: string,
  key: string,
  wanted: readonly string[],
  context: RequestContext,
): boolean {
  const name = key.toLowerCase();
  if (!KNOWN_KEYS.has(name) && !KNOWN_PREFIXES.some((prefix) => name.startsWith(prefix))) {
    throw new UnsupportedPolicyError(`Condition key ${key} is not known to the local stack.`);
  }
  wanted.forEach(refuseVariables);
  const actual = context[name];
  if (operatorName === 'Null') return wanted.some((value) => value === String(actual === undefined));

  const ifExists = operatorName.endsWith('IfExists');
  const operator = OPERATORS[ifExists ? operatorName.slice(0, -'IfExists'.length) : operatorName];
  if (operator === undefined) {
    throw new UnsupportedPolicyError(`Condition operator ${operatorName} is not known to the local stack.`);
  }
  if (actual === undefined) return ifExists || operator.negated;
  const matched = actual.some((value) => wanted.some((pattern) => operator.test(pattern, value)));
  return matched !== operator.negated;
}

/** @throws {UnsupportedPolicyError} for `${aws:username}` and its like */
export function refuseVariables(text: string): void {
  if (text.includes('${')) {
    throw new UnsupportedPolicyError(`Policy variables are not known to the local stack: ${text}`);
  }
}
