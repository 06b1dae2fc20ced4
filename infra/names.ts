import type { StageSettings } from './stages.ts';

/** The physical name of a resource: `coach-dashboard-dev-sync`. */
export const physicalName = (stage: StageSettings, name: string): string =>
  `coach-dashboard-${stage.name}-${name}`;

/** The bucket of exports; names of buckets are one namespace over all of AWS's customers. */
export const exportBucketName = (stage: StageSettings): string =>
  `${physicalName(stage, 'exports')}-${stage.account}`;

/** Other stacks know the table by its name: after a restore it is another one. */
export const tableArn = ({ region, account, tableName }: StageSettings): string =>
  `arn:aws:dynamodb:${region}:${account}:table/${tableName}`;

/** Its ARN ends with letters that Secrets Manager chooses. */
export const originSecretName = (stage: StageSettings): string =>
  `coach-dashboard/${stage.name}/origin-verify`;

/** The host of the managed login. */
export const loginHost = (stage: StageSettings): string =>
  `${stage.loginDomainPrefix}.auth.${stage.region}.amazoncognito.com`;

/** The `service` of logs, and the only dimension of the product's metrics. */
export const serviceName = (stage: StageSettings): string => `coach-dashboard-${stage.name}`;
