import { randomInt, randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { SecretResource } from '../../deployment.ts';
import { AwsError } from '../gateway/aws-answer.ts';
import type { Documents } from '../state-database.ts';

const versionSchema = z.object({
  id: z.string(),
  string: z.string().optional(),
  /** Base64, as on the wire. */
  binary: z.string().optional(),
  stages: z.array(z.string()),
  /** Seconds since 1970. */
  createdAt: z.number(),
});

const secretSchema = z.object({
  name: z.string(),
  arn: z.string(),
  createdAt: z.number(),
  changedAt: z.number(),
  versions: z.array(versionSchema),
});

type SecretVersion = z.infer<typeof versionSchema>;
export type Secret = z.infer<typeof secretSchema>;

interface SecretContent {
  readonly string?: string | undefined;
  readonly binary?: string | undefined;
}

const COLLECTION = 'secrets';

/** Secrets with their versions and stages, on disk. */
export class SecretStore {
  readonly #documents: Documents;
  readonly #now: () => number;

  constructor(documents: Documents, now: () => number = Date.now) {
    this.#documents = documents;
    this.#now = now;
  }

  /** Makes the secret when it is missing; fills it when it has no value yet and the template or the caller knows one. */
  deploy(resource: SecretResource, given: string | undefined): void {
    const kept = this.find(resource.name);
    const secret: Secret = kept ?? { ...this.#empty(resource.name, resource.arn) };
    const value =
      given ?? resource.value ?? (resource.generate === undefined ? undefined : generate(resource.generate));
    const filled =
      secret.versions.length === 0 && value !== undefined
        ? this.#withVersion(secret, { string: value })
        : secret;
    this.#save({ ...filled, arn: resource.arn });
  }

  find(nameOrArn: string): Secret | undefined {
    const kept = this.#documents.get(COLLECTION, nameOrArn);
    if (kept !== undefined) return secretSchema.parse(kept);
    const all = this.#documents.list(COLLECTION).map(({ value }) => secretSchema.parse(value));
    return all.find((secret) => secret.arn === nameOrArn || secret.arn.slice(0, -7) === nameOrArn);
  }

  /**
   * A new version. With the stage AWSCURRENT, the one that had it becomes AWSPREVIOUS. The same version id with the same
   * content is the same request once more.
   */
  put(
    secret: Secret,
    content: SecretContent,
    versionId?: string,
    stages: readonly string[] = [CURRENT],
  ): Secret {
    const same = secret.versions.find((version) => version.id === versionId);
    if (same !== undefined) {
      if (same.string === content.string && same.binary === content.binary) return secret;
      const message = `You can't modify an existing version, you can only create a new version.`;
      throw new AwsError('ResourceExistsException', message);
    }
    return this.#save(this.#withVersion(secret, content, versionId, stages));
  }

  #empty(name: string, arn: string): Secret {
    const now = this.#now() / 1000;
    return { name, arn, createdAt: now, changedAt: now, versions: [] };
  }

  #withVersion(
    secret: Secret,
    content: SecretContent,
    versionId: string = randomUUID(),
    stages: readonly string[] = [CURRENT],
  ): Secret {
    const now = this.#now() / 1000;
    const previous = stages.includes(CURRENT)
      ? secret.versions.find((version) => version.stages.includes(CURRENT))
      : undefined;
    const older = secret.versions.map((version) => {
      const kept = version.stages.filter(
        (stage) => !stages.includes(stage) && (previous === undefined || stage !== PREVIOUS),
      );
      return { ...version, stages: version === previous ? [...kept, PREVIOUS] : kept };
    });
    const added: SecretVersion = { id: versionId, ...content, stages: [...stages], createdAt: now };
    return { ...secret, versions: staged([...older, added]), changedAt: now };
  }

  #save(secret: Secret): Secret {
    this.#documents.put(COLLECTION, secret.name, secret);
    return secret;
  }
}

const CURRENT = 'AWSCURRENT';
const PREVIOUS = 'AWSPREVIOUS';

/** A version without a stage is deprecated, and here gone. */
function staged(versions: readonly SecretVersion[]): SecretVersion[] {
  return versions.filter((version) => version.stages.length > 0);
}

/** `GenerateSecretString` without its exclusions: letters and digits, which every exclusion list leaves. */
function generate({ length, template, key }: NonNullable<SecretResource['generate']>): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  const password = Array.from({ length }, () => alphabet[randomInt(alphabet.length)] ?? '').join('');
  if (template === undefined || key === undefined) return password;
  const fields: unknown = JSON.parse(template);
  return JSON.stringify({ ...z.record(z.string(), z.unknown()).parse(fields), [key]: password });
}
