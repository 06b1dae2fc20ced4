import { describe, expect, it } from 'vitest';
import { UnsupportedPolicyError } from '#infra/local/emulator/aws/iam/conditions.ts';
import {
  decide,
  type AccessRequest,
  type Principal,
  type ResourcePolicy,
} from '#infra/local/emulator/aws/iam/policy.ts';
import type { PolicyStatement } from '#infra/local/emulator/deployment.ts';
import { ACCOUNT, KEY_ARN, queueArn, roleArn, statement, TABLE_ARN } from '../deployment-fixture.ts';

const ROLE: Principal = {
  kind: 'role',
  arn: roleArn('worker'),
  sessionArn: `arn:aws:sts::${ACCOUNT}:assumed-role/worker/worker`,
  accountId: ACCOUNT,
};
const SCHEDULER: Principal = { kind: 'service', name: 'scheduler.amazonaws.com' };
const ROOT = { AWS: [`arn:aws:iam::${ACCOUNT}:root`] };

const request = (parts: Partial<AccessRequest> = {}): AccessRequest => ({
  principal: ROLE,
  action: 'dynamodb:GetItem',
  resource: TABLE_ARN,
  context: {
    'aws:securetransport': ['true'],
    'aws:sourcearn': ['arn:aws:scheduler:us-east-1:1:schedule-group/a'],
  },
  ...parts,
});

interface Case {
  readonly request?: Partial<AccessRequest>;
  readonly identity?: readonly Partial<PolicyStatement>[];
  readonly resource?: {
    readonly role: ResourcePolicy['role'];
    readonly statements: readonly Partial<PolicyStatement>[];
  };
}

const run = (parts: Case): string => {
  const decision = decide(
    request(parts.request),
    (parts.identity ?? []).map(statement),
    parts.resource === undefined
      ? undefined
      : { role: parts.resource.role, statements: parts.resource.statements.map(statement) },
  );
  return decision.allowed ? 'allowed' : decision.reason;
};

const get = { actions: ['dynamodb:GetItem'], resources: [TABLE_ARN] };
const withCondition = (conditions: PolicyStatement['conditions']) => [{ ...get, conditions }];
const queue = queueArn('work');
const send = { action: 'sqs:SendMessage', resource: queue };
const decrypt = { action: 'kms:Decrypt', resource: KEY_ARN };
const assume = { action: 'sts:AssumeRole', resource: roleArn('scheduler'), principal: SCHEDULER };

const CASES: Readonly<Record<string, Case & { readonly expected: string }>> = {
  'nothing is allowed by itself': { expected: 'identity-missing' },
  'an allow of the action on the resource': { identity: [get], expected: 'allowed' },
  'actions in any case': { identity: [{ ...get, actions: ['DynamoDB:getitem'] }], expected: 'allowed' },
  'resources in their own case': {
    identity: [{ ...get, resources: [TABLE_ARN.toUpperCase()] }],
    expected: 'identity-missing',
  },
  'a star in the action': { identity: [{ ...get, actions: ['dynamodb:Get*'] }], expected: 'allowed' },
  'a star for every action': { identity: [{ ...get, actions: ['*'] }], expected: 'allowed' },
  'a star that does not reach': {
    identity: [{ ...get, actions: ['dynamodb:Put*'] }],
    expected: 'identity-missing',
  },
  'a question mark': {
    identity: [{ ...get, resources: [TABLE_ARN.replace('g', '?')] }],
    expected: 'allowed',
  },
  'another table': { identity: [{ ...get, resources: [`${TABLE_ARN}2`] }], expected: 'identity-missing' },
  'the table is not its index': {
    request: { resource: `${TABLE_ARN}/index/gsi1` },
    identity: [get],
    expected: 'identity-missing',
  },
  'an explicit deny before any allow': {
    identity: [{ ...get }, { ...get, effect: 'Deny', actions: ['*'] }],
    expected: 'identity-deny',
  },
  'a deny whose condition does not hold': {
    identity: [get, { ...get, effect: 'Deny', conditions: { Bool: { 'aws:SecureTransport': ['false'] } } }],
    expected: 'allowed',
  },
  'NotAction allows the others': {
    identity: [{ notActions: ['dynamodb:Scan'], resources: ['*'] }],
    expected: 'allowed',
  },
  'NotAction leaves out its own': {
    identity: [{ notActions: ['dynamodb:Get*'], resources: ['*'] }],
    expected: 'identity-missing',
  },
  'NotResource leaves out its own': {
    identity: [{ actions: ['dynamodb:GetItem'], notResources: [TABLE_ARN] }],
    expected: 'identity-missing',
  },
  'StringEquals that holds': {
    identity: withCondition({ StringEquals: { 'aws:SecureTransport': ['true'] } }),
    expected: 'allowed',
  },
  'StringEquals with an absent key': {
    identity: withCondition({ StringEquals: { 'aws:SourceAccount': [ACCOUNT] } }),
    expected: 'identity-missing',
  },
  'StringEqualsIfExists with an absent key': {
    identity: withCondition({ StringEqualsIfExists: { 'aws:SourceAccount': [ACCOUNT] } }),
    expected: 'allowed',
  },
  'StringNotEquals with an absent key': {
    identity: withCondition({ StringNotEquals: { 'aws:SourceAccount': [ACCOUNT] } }),
    expected: 'allowed',
  },
  'ArnLike segment by segment': {
    identity: withCondition({ ArnLike: { 'aws:SourceArn': ['arn:aws:scheduler:*:*:schedule-group/*'] } }),
    expected: 'allowed',
  },
  'ArnLike whose star would have to reach over a colon': {
    identity: withCondition({ ArnLike: { 'aws:SourceArn': ['arn:aws:scheduler:*:schedule-group/*'] } }),
    expected: 'identity-missing',
  },
  'Null for an absent key': {
    identity: withCondition({ Null: { 'aws:SourceAccount': ['true'] } }),
    expected: 'allowed',
  },
  'two operators both': {
    identity: withCondition({
      Bool: { 'aws:SecureTransport': ['true'] },
      StringLike: { 'aws:SourceArn': ['*group/b'] },
    }),
    expected: 'identity-missing',
  },
  'a queue policy that names the role is enough': {
    request: send,
    resource: {
      role: 'grants',
      statements: [
        { principals: { AWS: [roleArn('worker')] }, actions: ['sqs:SendMessage'], resources: [queue] },
      ],
    },
    expected: 'allowed',
  },
  'a queue policy that names the account is not': {
    request: send,
    resource: { role: 'grants', statements: [{ principals: ROOT, actions: ['sqs:*'], resources: [queue] }] },
    expected: 'identity-missing',
  },
  'a queue policy that denies everyone': {
    request: send,
    identity: [{ actions: ['sqs:SendMessage'], resources: [queue] }],
    resource: {
      role: 'grants',
      statements: [{ effect: 'Deny', principals: { AWS: ['*'] }, actions: ['sqs:*'], resources: [queue] }],
    },
    expected: 'resource-deny',
  },
  'a key hands the decision to the account': {
    request: decrypt,
    identity: [{ actions: ['kms:Decrypt'], resources: [KEY_ARN] }],
    resource: { role: 'delegates', statements: [{ principals: ROOT, actions: ['kms:*'], resources: ['*'] }] },
    expected: 'allowed',
  },
  'a key that names nobody': {
    request: decrypt,
    identity: [{ actions: ['kms:Decrypt'], resources: [KEY_ARN] }],
    resource: { role: 'delegates', statements: [] },
    expected: 'resource-missing',
  },
  'a key whose account has not given the right': {
    request: decrypt,
    resource: { role: 'delegates', statements: [{ principals: ROOT, actions: ['kms:*'], resources: ['*'] }] },
    expected: 'identity-missing',
  },
  'a key that names the role itself': {
    request: decrypt,
    resource: {
      role: 'delegates',
      statements: [{ principals: { AWS: [roleArn('worker')] }, actions: ['kms:Decrypt'], resources: ['*'] }],
    },
    expected: 'allowed',
  },
  'a trust policy that names the service': {
    request: assume,
    resource: {
      role: 'decides',
      statements: [{ principals: { Service: ['scheduler.amazonaws.com'] }, actions: ['sts:AssumeRole'] }],
    },
    expected: 'allowed',
  },
  'a trust policy that names another service': {
    request: assume,
    identity: [{ actions: ['*'], resources: ['*'] }],
    resource: {
      role: 'decides',
      statements: [{ principals: { Service: ['lambda.amazonaws.com'] }, actions: ['sts:AssumeRole'] }],
    },
    expected: 'resource-missing',
  },
  'a trust policy for another source': {
    request: assume,
    resource: {
      role: 'decides',
      statements: [
        {
          principals: { Service: ['scheduler.amazonaws.com'] },
          actions: ['sts:AssumeRole'],
          conditions: { ArnEquals: { 'aws:SourceArn': ['arn:aws:scheduler:us-east-1:1:schedule-group/b'] } },
        },
      ],
    },
    expected: 'resource-missing',
  },
};

describe('the policy evaluator', () => {
  it.each(Object.entries(CASES))('%s', (_title, { expected, ...parts }) => {
    expect(run(parts)).toBe(expected);
  });

  it.each([
    ['an operator', withCondition({ NumericGreaterThan: { 'aws:SourceAccount': ['1'] } })],
    ['a set operator', withCondition({ 'ForAllValues:StringEquals': { 'aws:SourceAccount': ['1'] } })],
    ['a key', withCondition({ StringEquals: { 'aws:PrincipalTag/team': ['a'] } })],
    [
      'a variable in a value',
      withCondition({ StringEquals: { 'aws:SourceAccount': ['${aws:PrincipalAccount}'] } }),
    ],
    ['a variable in a resource', [{ ...get, resources: ['arn:aws:dynamodb:*:*:table/${aws:username}'] }]],
  ])('calls %s that it does not know an error', (_what, identity) => {
    expect(() => run({ identity })).toThrow(UnsupportedPolicyError);
  });
});
