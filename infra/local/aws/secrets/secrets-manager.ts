import * as z from 'zod';
import type { ResourceNames } from '../access/resource-names.ts';
import { secretsAccess } from '../access/secrets-access.ts';
import { AwsError, jsonAnswer } from '../gateway/aws-answer.ts';
import type { StandIn } from '../gateway/dispatcher.ts';
import {
  arnSuffix,
  type Secret,
  type SecretContent,
  type SecretStore,
  type SecretVersion,
} from './secret-store.ts';

const inputSchema = z.object({
  SecretId: z.string().optional(),
  Name: z.string().optional(),
  Description: z.string().optional(),
  SecretString: z.string().optional(),
  SecretBinary: z.string().optional(),
  ClientRequestToken: z.string().optional(),
  VersionId: z.string().optional(),
  VersionStage: z.string().optional(),
  VersionStages: z.array(z.string()).optional(),
  MoveToVersionId: z.string().optional(),
  RemoveFromVersionId: z.string().optional(),
});

type Input = z.infer<typeof inputSchema>;

export function createSecretsManager(store: SecretStore, names: ResourceNames): StandIn {
  const known = (input: Input): Secret => {
    const secret = store.find(input.SecretId ?? '');
    if (secret !== undefined) return secret;
    throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  };
  const operations: Readonly<Record<string, (input: Input) => unknown>> = {
    GetSecretValue: (input) => valueAnswer(known(input), input),
    DescribeSecret: (input) => description(known(input)),
    ListSecretVersionIds: (input) => {
      const secret = known(input);
      return { ...identity(secret), Versions: secret.versions.map(versionSummary) };
    },
    ListSecrets: () => ({ SecretList: store.list().map(description) }),
    PutSecretValue: (input) => {
      const secret = store.put(known(input), contentOf(input), input.ClientRequestToken, input.VersionStages);
      return { ...identity(secret), ...newest(secret, input.ClientRequestToken) };
    },
    UpdateSecret: (input) => {
      const described =
        input.Description === undefined ? known(input) : store.describe(known(input), input.Description);
      if (!hasContent(input)) return identity(described);
      const secret = store.put(described, contentOf(input), input.ClientRequestToken);
      return { ...identity(secret), VersionId: newest(secret, input.ClientRequestToken).VersionId };
    },
    UpdateSecretVersionStage: (input) =>
      identity(
        store.moveStage(
          known(input),
          input.VersionStage ?? '',
          input.MoveToVersionId,
          input.RemoveFromVersionId,
        ),
      ),
    CreateSecret: (input) => {
      const name = input.Name ?? '';
      const arn = names.secret(name)?.arn ?? names.arn('secretsmanager', `secret:${name}-${arnSuffix()}`);
      const secret = store.create(name, arn, input.Description, contentOf(input), input.ClientRequestToken);
      return hasContent(input)
        ? { ...identity(secret), VersionId: newest(secret, input.ClientRequestToken).VersionId }
        : identity(secret);
    },
  };
  return {
    access: (operation, body) => secretsAccess(operation, body, names),
    answer: ({ operation, body }) => {
      const input = inputSchema.safeParse(body);
      const answer = operations[operation];
      if (!input.success || answer === undefined) {
        throw new AwsError('InvalidParameterException', 'The parameter name or value is not valid.');
      }
      return jsonAnswer('secretsmanager', answer(input.data));
    },
  };
}

function valueAnswer(secret: Secret, input: Input): unknown {
  const stage = input.VersionStage ?? 'AWSCURRENT';
  const version = secret.versions.find((candidate) =>
    input.VersionId === undefined ? candidate.stages.includes(stage) : candidate.id === input.VersionId,
  );
  if (version === undefined) {
    const what = input.VersionId === undefined ? `staging label: ${stage}` : `VersionId: ${input.VersionId}`;
    const message = `Secrets Manager can't find the specified secret value for ${what}`;
    throw new AwsError('ResourceNotFoundException', message);
  }
  return {
    ...identity(secret),
    VersionId: version.id,
    SecretString: version.string,
    SecretBinary: version.binary,
    VersionStages: version.stages,
    CreatedDate: version.createdAt,
  };
}

function description(secret: Secret): unknown {
  return {
    ...identity(secret),
    Description: secret.description,
    CreatedDate: secret.createdAt,
    LastChangedDate: secret.changedAt,
    VersionIdsToStages: Object.fromEntries(secret.versions.map((version) => [version.id, version.stages])),
  };
}

function identity(secret: Secret): { readonly ARN: string; readonly Name: string } {
  return { ARN: secret.arn, Name: secret.name };
}

function versionSummary(version: SecretVersion): unknown {
  return { VersionId: version.id, VersionStages: version.stages, CreatedDate: version.createdAt };
}

function newest(
  secret: Secret,
  versionId: string | undefined,
): { VersionId: string; VersionStages: string[] } {
  const version = secret.versions.find((candidate) => candidate.id === versionId) ?? secret.versions.at(-1);
  return { VersionId: version?.id ?? '', VersionStages: version?.stages ?? [] };
}

function hasContent(input: Input): boolean {
  return input.SecretString !== undefined || input.SecretBinary !== undefined;
}

function contentOf(input: Input): SecretContent {
  return { string: input.SecretString, binary: input.SecretBinary };
}
