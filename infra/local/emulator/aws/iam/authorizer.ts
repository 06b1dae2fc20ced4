import type { Deployment, PolicyStatement, RoleResource } from '../../deployment.ts';
import type { Requirement } from '../access/requirement.ts';
import { UnsupportedPolicyError, type RequestContext } from './conditions.ts';
import { decide, type AccessRequest, type Decision, type Principal, type ResourcePolicy } from './policy.ts';

/** Whoever signs a call. `operator` may do everything. */
export type Caller =
  | { readonly kind: 'operator'; readonly name: 'operator' }
  | { readonly kind: 'role'; readonly name: string; readonly role: RoleResource };

export interface Refusal {
  readonly action: string;
  readonly resource: string;
  /** AWS's wording. */
  readonly message: string;
  /** The policy holds something that is not modelled; answered as an error, never as a yes. */
  readonly unsupported: boolean;
}

export interface Authorizer {
  /** The first requirement that is not met; undefined when all are. */
  authorize(caller: Caller, requirements: readonly Requirement[]): Refusal | undefined;
  /** Whether a service such as `scheduler.amazonaws.com` may take a role, acting for a resource. */
  mayAssume(service: string, role: RoleResource, sourceArn: string | undefined): Refusal | undefined;
  /** Whether a service may do these for itself, by the resources' own policies: the first that it may not. */
  serviceMay(service: string, requirements: readonly Requirement[]): Refusal | undefined;
}

const MAX_CACHED_DECISIONS = 20_000;

/** Decisions are kept by caller, action, resource and the call's own condition keys: policies do not change here. */
export function createAuthorizer(deployment: Deployment): Authorizer {
  const policies = resourcePolicies(deployment);
  const decided = new Map<string, Refusal | undefined>();

  const decideOne = (caller: Caller & { kind: 'role' }, requirement: Requirement): Refusal | undefined => {
    const principal = rolePrincipal(caller.role, caller.name, deployment.accountId);
    const request: AccessRequest = {
      principal,
      action: requirement.action,
      resource: requirement.resource,
      context: contextOf(deployment, principal, requirement.context ?? {}),
    };
    return refusalOf(request, caller.role.statements, policies.get(policyHolder(requirement.resource)));
  };

  return {
    authorize(caller, requirements) {
      if (caller.kind === 'operator') return undefined;
      for (const requirement of requirements) {
        const key = cacheKey(caller, requirement);
        let refusal = decided.get(key);
        if (refusal === undefined && !decided.has(key)) {
          refusal = decideOne(caller, requirement);
          if (decided.size >= MAX_CACHED_DECISIONS) decided.clear();
          decided.set(key, refusal);
        }
        if (refusal !== undefined) return refusal;
      }
      return undefined;
    },
    mayAssume(service, role, sourceArn) {
      const principal: Principal = { kind: 'service', name: service };
      const request: AccessRequest = {
        principal,
        action: 'sts:AssumeRole',
        resource: role.arn,
        context: contextOf(deployment, principal, {
          'aws:sourceaccount': deployment.accountId,
          ...(sourceArn === undefined ? {} : { 'aws:sourcearn': sourceArn }),
        }),
      };
      return refusalOf(request, [], { role: 'decides', statements: role.trust });
    },
    serviceMay(service, requirements) {
      const principal: Principal = { kind: 'service', name: service };
      for (const { action, resource, context } of requirements) {
        const own = { 'aws:sourceaccount': deployment.accountId, ...context };
        const request = { principal, action, resource, context: contextOf(deployment, principal, own) };
        const refusal = refusalOf(request, [], policies.get(policyHolder(resource)));
        if (refusal !== undefined) return refusal;
      }
      return undefined;
    },
  };
}

/** An object has the policy of its bucket. */
const policyHolder = (resource: string): string => /^arn:aws:s3:::[^/]+/.exec(resource)?.[0] ?? resource;

function resourcePolicies(deployment: Deployment): ReadonlyMap<string, ResourcePolicy> {
  return new Map<string, ResourcePolicy>([
    ...deployment.queues.map((queue): [string, ResourcePolicy] => [
      queue.arn,
      { role: 'grants', statements: queue.policy },
    ]),
    ...deployment.topics.map((topic): [string, ResourcePolicy] => [
      topic.arn,
      { role: 'grants', statements: topic.policy },
    ]),
    ...deployment.buckets.map((bucket): [string, ResourcePolicy] => [
      bucket.arn,
      { role: 'grants', statements: bucket.policy },
    ]),
    ...deployment.keys.map((key): [string, ResourcePolicy] => [
      key.arn,
      { role: 'delegates', statements: key.policy },
    ]),
  ]);
}

function rolePrincipal(role: RoleResource, session: string, accountId: string): Principal {
  return {
    kind: 'role',
    arn: role.arn,
    sessionArn: `arn:aws:sts::${accountId}:assumed-role/${role.name}/${session}`,
    accountId,
  };
}

/** Every real call goes over TLS, so a statement that demands it is met here as well. */
function contextOf(
  deployment: Deployment,
  principal: Principal,
  own: Readonly<Record<string, string>>,
): RequestContext {
  const context: Record<string, readonly string[]> = {
    'aws:securetransport': ['true'],
    's3:tlsversion': ['1.3'],
    'aws:requestedregion': [deployment.region],
    'aws:resourceaccount': [deployment.accountId],
    'aws:principalisawsservice': [String(principal.kind === 'service')],
  };
  if (principal.kind === 'role') {
    context['aws:principalarn'] = [principal.arn];
    context['aws:principalaccount'] = [principal.accountId];
    context['aws:principaltype'] = ['AssumedRole'];
  } else {
    context['aws:principalservicename'] = [principal.name];
  }
  for (const [key, value] of Object.entries(own)) context[key] = [value];
  return context;
}

function cacheKey(caller: Caller & { kind: 'role' }, requirement: Requirement): string {
  const context = requirement.context === undefined ? '' : Object.values(requirement.context).join('\n');
  return `${caller.role.arn}\n${requirement.action}\n${requirement.resource}\n${context}`;
}

function refusalOf(
  request: AccessRequest,
  identity: readonly PolicyStatement[],
  resourcePolicy: ResourcePolicy | undefined,
): Refusal | undefined {
  const { action, resource } = request;
  try {
    const decision = decide(request, identity, resourcePolicy);
    return decision.allowed
      ? undefined
      : { action, resource, message: refusalMessage(request, decision), unsupported: false };
  } catch (error) {
    if (!(error instanceof UnsupportedPolicyError)) throw error;
    return { action, resource, message: `${action} on ${resource}: ${error.message}`, unsupported: true };
  }
}

/** IAM User Guide, "Troubleshoot access denied error messages". SQS names its action in lower case. */
function refusalMessage(request: AccessRequest, decision: Decision & { allowed: false }): string {
  const action = request.action.startsWith('sqs:') ? request.action.toLowerCase() : request.action;
  const who =
    request.principal.kind === 'role'
      ? `User: ${request.principal.sessionArn}`
      : `Service: ${request.principal.name}`;
  const refused = `${who} is not authorized to perform: ${action} on resource: ${request.resource}`;
  const [because, policy] = REASONS[decision.reason];
  return because === 'denied'
    ? `${refused} with an explicit deny in ${policy}`
    : `${refused} because no ${policy} allows the ${action} action`;
}

const REASONS = {
  'identity-deny': ['denied', 'an identity-based policy'],
  'resource-deny': ['denied', 'a resource-based policy'],
  'identity-missing': ['missing', 'identity-based policy'],
  'resource-missing': ['missing', 'resource-based policy'],
} as const;
