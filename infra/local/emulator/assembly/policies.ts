import * as z from 'zod';
import type { PolicyStatement } from '../deployment.ts';

const oneOrMore = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const conditionValue = z
  .union([z.string(), z.boolean(), z.number(), z.array(z.union([z.string(), z.boolean(), z.number()]))])
  .transform((value) => [value].flat().map(String));

const statementSchema = z.object({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Principal: z.union([z.string(), z.record(z.string(), oneOrMore)]).optional(),
  Action: oneOrMore.optional(),
  NotAction: oneOrMore.optional(),
  Resource: oneOrMore.optional(),
  NotResource: oneOrMore.optional(),
  Condition: z.record(z.string(), z.record(z.string(), conditionValue)).default({}),
});

/** An IAM policy document, identity-based or resource-based. */
export const policyDocumentSchema = z
  .object({ Statement: z.union([statementSchema, z.array(statementSchema)]) })
  .transform(({ Statement }) => [Statement].flat().map(toStatement));

function toStatement(statement: z.infer<typeof statementSchema>): PolicyStatement {
  const { Principal: principal } = statement;
  return {
    sid: statement.Sid,
    effect: statement.Effect,
    principals: typeof principal === 'string' ? { [principal]: [principal] } : principal,
    actions: statement.Action,
    notActions: statement.NotAction,
    resources: statement.Resource,
    notResources: statement.NotResource,
    conditions: statement.Condition,
  };
}

const allow = (actions: readonly string[]): PolicyStatement => ({
  sid: undefined,
  effect: 'Allow',
  principals: undefined,
  actions,
  notActions: undefined,
  resources: ['*'],
  notResources: undefined,
  conditions: {},
});

/** The AWS managed policies whose text the local stack knows; any other grants nothing here. */
export const AWS_MANAGED_POLICIES: Readonly<Record<string, readonly PolicyStatement[]>> = {
  'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole': [
    allow(['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents']),
  ],
  'arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess': [
    allow(['xray:PutTraceSegments', 'xray:PutTelemetryRecords']),
  ],
};
