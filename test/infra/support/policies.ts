import * as z from 'zod';
import type { Resource, SynthesizedStage } from './synthesized-stage.ts';
import { textOr } from './template-values.ts';

const textsSchema = z.union([z.string().transform((text) => [text]), z.array(z.string())]);
const statementSchema = z.object({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Action: textsSchema,
  Resource: textsSchema.optional(),
  Principal: z.unknown().optional(),
  Condition: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
});
export type Statement = z.infer<typeof statementSchema>;
const documentSchema = z.object({ Statement: z.array(statementSchema) });
const policySchema = z.object({ PolicyDocument: documentSchema, Roles: z.array(z.string()) });
const roleSchema = z.object({ AssumeRolePolicyDocument: documentSchema });

export const parseDocument = (document: unknown): readonly Statement[] =>
  documentSchema.parse(document).Statement;

/** Who acts: a role, with the name of the function that has it where there is one. */
export interface Principal {
  readonly role: Resource;
  readonly functionName: string | undefined;
  readonly statements: readonly Statement[];
  readonly trust: readonly Statement[];
}

export function principalsOf(stage: SynthesizedStage): readonly Principal[] {
  const policies = stage.ofType('AWS::IAM::Policy').map(({ stack, properties }) => ({
    stack,
    policy: policySchema.parse(properties),
  }));
  const functions = stage.ofType('AWS::Lambda::Function');
  return stage.ofType('AWS::IAM::Role').map((role) => {
    const owner = functions.find((candidate) => candidate.properties['Role'] === role.arn);
    return {
      role,
      functionName: owner === undefined ? undefined : textOr(owner.properties['FunctionName'], owner.id),
      statements: policies
        .filter(({ stack, policy }) => stack === role.stack && policy.Roles.includes(`<${role.id}>`))
        .flatMap(({ policy }) => policy.PolicyDocument.Statement),
      trust: roleSchema.parse(role.properties).AssumeRolePolicyDocument.Statement,
    };
  });
}

/** The resources for which a principal is allowed an action, conditions aside. */
export const allowedResources = (principal: Principal, action: string): readonly string[] =>
  principal.statements
    .filter(({ Effect, Action }) => Effect === 'Allow' && Action.includes(action))
    .flatMap(({ Resource }) => Resource ?? []);

export const everyAction = (principal: Principal): readonly string[] =>
  principal.statements.flatMap(({ Action }) => Action);

/** Each action with each resource that it is allowed on. */
export const usesOf = ({ statements }: Principal): readonly string[] =>
  statements.flatMap(({ Action, Resource = [] }) =>
    Action.flatMap((action) => Resource.map((resource) => `${action} ${resource}`)),
  );
