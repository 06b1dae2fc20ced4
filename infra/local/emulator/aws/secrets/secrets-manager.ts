import * as z from 'zod';
import type { ResourceNames } from '../access/resource-names.ts';
import { secretsAccess } from '../access/secrets-access.ts';
import { AwsError, jsonAnswer } from '../gateway/aws-answer.ts';
import type { StandIn } from '../gateway/dispatcher.ts';
import type { Secret, SecretStore } from './secret-store.ts';

const inputSchema = z.object({
  SecretId: z.string(),
  SecretString: z.string().optional(),
  SecretBinary: z.string().optional(),
  ClientRequestToken: z.string().optional(),
  VersionId: z.string().optional(),
  VersionStage: z.string().optional(),
  VersionStages: z.array(z.string()).optional(),
});

type Input = z.infer<typeof inputSchema>;

/** The two operations of Secrets Manager that functions and operators of a running stack need. */
export function createSecretsManager(store: SecretStore, names: ResourceNames): StandIn {
  return {
    access: (operation, body) => secretsAccess(operation, body, names),
    answer: ({ operation, body }) => {
      const input = inputSchema.safeParse(body);
      if (!input.success) {
        throw new AwsError('InvalidParameterException', 'The parameter name or value is not valid.');
      }
      const secret = store.find(input.data.SecretId);
      if (secret === undefined) {
        throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
      }
      const answer =
        operation === 'PutSecretValue'
          ? putValue(store, secret, input.data)
          : valueAnswer(secret, input.data);
      return jsonAnswer('secretsmanager', answer);
    },
  };
}

function putValue(store: SecretStore, before: Secret, input: Input): unknown {
  const { SecretString, SecretBinary, ClientRequestToken, VersionStages } = input;
  const content = { string: SecretString, binary: SecretBinary };
  const secret = store.put(before, content, ClientRequestToken, VersionStages);
  const version =
    secret.versions.find((candidate) => candidate.id === ClientRequestToken) ?? secret.versions.at(-1);
  return { ...identity(secret), VersionId: version?.id, VersionStages: version?.stages };
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

function identity(secret: Secret): { readonly ARN: string; readonly Name: string } {
  return { ARN: secret.arn, Name: secret.name };
}
