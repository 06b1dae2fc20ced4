import * as z from 'zod';
import type { KeyResource, RoleResource, UserPoolClientResource, UserPoolResource } from '../deployment.ts';
import { AWS_MANAGED_POLICIES, policyDocumentSchema } from './policies.ts';
import type { AssemblyResources, ResourceView } from './resource-view.ts';

const texts = z.array(z.string());

export function readRoles(resources: AssemblyResources): RoleResource[] {
  const policies = resources.ofType('AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy').map((view) => {
    const { Roles, PolicyDocument } = view.read({
      Roles: texts.default([]),
      PolicyDocument: policyDocumentSchema,
    });
    return { arn: view.ref(), Roles, PolicyDocument };
  });
  return resources.ofType('AWS::IAM::Role').map((view) => {
    const { AssumeRolePolicyDocument, Policies, ManagedPolicyArns } = view.read({
      AssumeRolePolicyDocument: policyDocumentSchema,
      Policies: z.array(z.object({ PolicyDocument: policyDocumentSchema })).default([]),
      ManagedPolicyArns: texts.default([]),
    });
    const name = view.ref();
    const attached = policies.filter(
      ({ Roles, arn }) => Roles.includes(name) || ManagedPolicyArns.includes(arn),
    );
    return {
      arn: view.attribute('Arn'),
      name,
      path: view.path,
      trust: AssumeRolePolicyDocument,
      statements: [
        ...[...Policies, ...attached].flatMap(({ PolicyDocument }) => PolicyDocument),
        ...ManagedPolicyArns.flatMap((arn) => AWS_MANAGED_POLICIES[arn] ?? []),
      ],
    };
  });
}

export function readKeys(resources: AssemblyResources): KeyResource[] {
  return resources.ofType('AWS::KMS::Key').map((view) => ({
    arn: view.attribute('Arn'),
    policy: view.read({ KeyPolicy: policyDocumentSchema }).KeyPolicy,
  }));
}

/** Finds the ARN of a key that is given as ARN, id or alias; undefined for AWS's own keys and for none. */
export function keyFinder(
  resources: AssemblyResources,
): (reference: string | undefined) => string | undefined {
  const byReference = new Map<string, string>();
  for (const key of resources.ofType('AWS::KMS::Key')) {
    byReference.set(key.ref(), key.attribute('Arn')).set(key.attribute('Arn'), key.attribute('Arn'));
  }
  for (const alias of resources.ofType('AWS::KMS::Alias')) {
    const target = byReference.get(alias.read({ TargetKeyId: z.string() }).TargetKeyId);
    if (target !== undefined) byReference.set(alias.ref(), target);
  }
  return (reference) => (reference === undefined ? undefined : byReference.get(reference));
}

const SECONDS: Readonly<Record<string, number>> = { seconds: 1, minutes: 60, hours: 3_600, days: 86_400 };

export function readUserPools(resources: AssemblyResources, loginUrl: string): UserPoolResource[] {
  const ofPool = (type: string, pool: string) =>
    resources.ofType(type).filter((view) => view.read({ UserPoolId: z.string() }).UserPoolId === pool);
  const findKey = keyFinder(resources);
  return resources.ofType('AWS::Cognito::UserPool').map((view) => {
    const id = view.ref();
    const [domain] = ofPool('AWS::Cognito::UserPoolDomain', id);
    if (domain === undefined) {
      throw view.error(
        'UserPoolId',
        'has no AWS::Cognito::UserPoolDomain, so there would be no sign-in page.',
      );
    }
    const { ManagedLoginVersion, Domain } = domain.read({
      ManagedLoginVersion: z.number().optional(),
      Domain: z.string(),
    });
    const clients = ofPool('AWS::Cognito::UserPoolClient', id);
    if (ManagedLoginVersion === 2) {
      const branded = new Set(
        ofPool('AWS::Cognito::ManagedLoginBranding', id).map(
          (branding) => branding.read({ ClientId: z.string() }).ClientId,
        ),
      );
      const bare = clients.find((client) => !branded.has(client.ref()));
      if (bare !== undefined) {
        throw bare.error(
          'ClientId',
          'has no AWS::Cognito::ManagedLoginBranding, so its sign-in page would not open.',
        );
      }
    }
    const { KeyConfiguration: key } = view.read({
      KeyConfiguration: z.object({ KmsKeyArn: z.string().optional() }).optional(),
    });
    return {
      id,
      arn: view.attribute('Arn'),
      keyArn: findKey(key?.KmsKeyArn),
      issuer: view.attribute('ProviderURL'),
      groups: ofPool('AWS::Cognito::UserPoolGroup', id).map(
        (group) => group.read({ GroupName: z.string() }).GroupName,
      ),
      clients: clients.map(toClient),
      loginUrl,
      domainPrefix: Domain,
    };
  });
}

const seconds = (amount: number, unit: string): number => amount * (SECONDS[unit] ?? 1);

/** Where the template is silent, Cognito's own defaults hold: one hour, one hour, thirty days. */
function toClient(view: ResourceView): UserPoolClientResource {
  const client = view.read({
    ClientName: z.string().optional(),
    CallbackURLs: texts.default([]),
    LogoutURLs: texts.default([]),
    AllowedOAuthFlowsUserPoolClient: z.boolean().default(false),
    AllowedOAuthFlows: texts.default([]),
    AllowedOAuthScopes: texts.default([]),
    GenerateSecret: z.boolean().default(false),
    AccessTokenValidity: z.number().optional(),
    IdTokenValidity: z.number().optional(),
    RefreshTokenValidity: z.number().optional(),
    TokenValidityUnits: z
      .object({
        AccessToken: z.string().optional(),
        IdToken: z.string().optional(),
        RefreshToken: z.string().optional(),
      })
      .default({}),
  });
  const units = client.TokenValidityUnits;
  return {
    id: view.ref(),
    name: client.ClientName ?? view.logicalId,
    callbackUrls: client.CallbackURLs,
    logoutUrls: client.LogoutURLs,
    oauthFlows: client.AllowedOAuthFlowsUserPoolClient ? client.AllowedOAuthFlows : [],
    oauthScopes: client.AllowedOAuthFlowsUserPoolClient ? client.AllowedOAuthScopes : [],
    generateSecret: client.GenerateSecret,
    accessTokenSeconds: seconds(client.AccessTokenValidity ?? 1, units.AccessToken ?? 'hours'),
    idTokenSeconds: seconds(client.IdTokenValidity ?? 1, units.IdToken ?? 'hours'),
    refreshTokenSeconds: seconds(client.RefreshTokenValidity ?? 30, units.RefreshToken ?? 'days'),
  };
}
