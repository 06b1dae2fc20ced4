import type { PolicyStatement } from '../../deployment.ts';
import { conditionsHold, refuseVariables, type RequestContext } from './conditions.ts';
import { matchesWildcard } from './wildcard.ts';

export type Principal =
  | { readonly kind: 'role'; readonly arn: string; readonly sessionArn: string; readonly accountId: string }
  | { readonly kind: 'service'; readonly name: string };

export interface AccessRequest {
  readonly principal: Principal;
  /** `dynamodb:PutItem` */
  readonly action: string;
  /** An ARN, or `*` for an action that takes none. */
  readonly resource: string;
  readonly context: RequestContext;
}

/**
 * How a resource's own policy takes part (IAM User Guide, "Policy evaluation logic", within one account).
 * `grants`: enough by itself when it names the caller (queues). `delegates`: nothing is allowed without it, and naming
 * the account hands the decision to the caller's policies (keys). `decides`: the caller's policies play no part (trust).
 */
export interface ResourcePolicy {
  readonly role: 'grants' | 'delegates' | 'decides';
  readonly statements: readonly PolicyStatement[];
}

export type Decision =
  | { readonly allowed: true }
  | {
      readonly allowed: false;
      readonly reason: 'identity-deny' | 'resource-deny' | 'identity-missing' | 'resource-missing';
    };

/**
 * Whether IAM would let the request pass.
 *
 * @throws {UnsupportedPolicyError} when a statement that bears on it uses what is not modelled
 */
export function decide(
  request: AccessRequest,
  identity: readonly PolicyStatement[],
  resourcePolicy: ResourcePolicy | undefined,
): Decision {
  const own = identity.filter((statement) => covers(statement, request));
  const ofResource = (resourcePolicy?.statements ?? []).filter((statement) => covers(statement, request));
  const matched = ofResource.map((statement) => ({
    statement,
    match: matchPrincipal(statement, request.principal),
  }));

  if (holds(own, 'Deny', request)) return { allowed: false, reason: 'identity-deny' };
  const denying = matched.filter(({ match }) => match !== 'none').map(({ statement }) => statement);
  if (holds(denying, 'Deny', request)) return { allowed: false, reason: 'resource-deny' };

  const named = matched.filter(({ match }) => match === 'named').map(({ statement }) => statement);
  const byAccount = matched.filter(({ match }) => match === 'account').map(({ statement }) => statement);
  const allowedByResource = holds(named, 'Allow', request);
  if (request.principal.kind === 'service' || resourcePolicy?.role === 'decides') {
    return allowedByResource ? { allowed: true } : { allowed: false, reason: 'resource-missing' };
  }
  if (allowedByResource) return { allowed: true };
  if (resourcePolicy?.role === 'delegates' && !holds(byAccount, 'Allow', request)) {
    return { allowed: false, reason: 'resource-missing' };
  }
  return holds(own, 'Allow', request) ? { allowed: true } : { allowed: false, reason: 'identity-missing' };
}

function holds(
  statements: readonly PolicyStatement[],
  effect: PolicyStatement['effect'],
  request: AccessRequest,
): boolean {
  return statements.some(
    (statement) => statement.effect === effect && conditionsHold(statement.conditions, request.context),
  );
}

/** Action and resource only; an unset `resources` (trust policies) covers any. */
function covers(statement: PolicyStatement, request: AccessRequest): boolean {
  const action = request.action.toLowerCase();
  const hasAction = (patterns: readonly string[]): boolean =>
    patterns.some((pattern) => matchesWildcard(pattern.toLowerCase(), action));
  if (statement.actions !== undefined && !hasAction(statement.actions)) return false;
  if (statement.notActions !== undefined && hasAction(statement.notActions)) return false;
  if (statement.actions === undefined && statement.notActions === undefined) return false;

  const hasResource = (patterns: readonly string[]): boolean =>
    patterns.some((pattern) => {
      refuseVariables(pattern);
      return matchesWildcard(pattern, request.resource);
    });
  if (statement.resources !== undefined && !hasResource(statement.resources)) return false;
  return statement.notResources === undefined || !hasResource(statement.notResources);
}

/** `account`: the policy names the caller's whole account, which by itself lets nobody in. */
function matchPrincipal(statement: PolicyStatement, principal: Principal): 'named' | 'account' | 'none' {
  const principals = statement.principals ?? {};
  const ofKind = (kind: string): readonly string[] => principals[kind] ?? [];
  if (ofKind('*').length > 0 || ofKind('AWS').includes('*')) return 'named';
  if (principal.kind === 'service') return ofKind('Service').includes(principal.name) ? 'named' : 'none';
  if (ofKind('AWS').some((arn) => arn === principal.arn || arn === principal.sessionArn)) return 'named';
  const root = `arn:aws:iam::${principal.accountId}:root`;
  return ofKind('AWS').some((arn) => arn === root || arn === principal.accountId) ? 'account' : 'none';
}
