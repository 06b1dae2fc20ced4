import type {
  BucketResource,
  Deployment,
  QueueResource,
  SecretResource,
  TableResource,
  UserPoolResource,
} from '../../deployment.ts';

/** Finds deployed resources by what calls name them with, and makes ARNs for those that do not exist. */
export interface ResourceNames {
  readonly region: string;
  readonly accountId: string;
  arn(service: string, resource: string): string;
  table(nameOrArn: string): TableResource | undefined;
  queueByUrl(url: string): QueueResource | undefined;
  queueByArn(arn: string): QueueResource | undefined;
  bucket(name: string): BucketResource | undefined;
  secret(nameOrArn: string): SecretResource | undefined;
  userPool(id: string): UserPoolResource | undefined;
}

export function createResourceNames(deployment: Deployment): ResourceNames {
  const { region, accountId } = deployment;
  const tables = new Map(
    deployment.tables.flatMap((table) => [pair(table.name, table), pair(table.arn, table)]),
  );
  const queues = new Map(deployment.queues.map((queue) => pair(queue.name, queue)));
  const queuesByArn = new Map(deployment.queues.map((queue) => pair(queue.arn, queue)));
  const buckets = new Map(deployment.buckets.map((bucket) => pair(bucket.name, bucket)));
  const secrets = new Map(
    deployment.secrets.flatMap((secret) => [pair(secret.name, secret), pair(secret.arn, secret)]),
  );
  return {
    region,
    accountId,
    arn: (service, resource) => `arn:aws:${service}:${region}:${accountId}:${resource}`,
    table: (nameOrArn) => tables.get(nameOrArn),
    queueByUrl: (url) => queues.get(url.slice(url.lastIndexOf('/') + 1)),
    queueByArn: (arn) => queuesByArn.get(arn),
    bucket: (name) => buckets.get(name),
    // A secret's ARN may be given without its six random characters.
    secret: (nameOrArn) =>
      secrets.get(nameOrArn) ?? deployment.secrets.find((secret) => secret.arn.slice(0, -7) === nameOrArn),
    userPool: (id) => deployment.userPools.find((pool) => pool.id === id),
  };
}

function pair<T>(name: string, value: T): [string, T] {
  return [name, value];
}
