import type { StageSettings } from './stages.ts';

/** The physical name of a resource: `coach-dashboard-dev-sync`. */
export const physicalName = (stage: StageSettings, name: string): string =>
  `coach-dashboard-${stage.name}-${name}`;

/** The bucket of exports; names of buckets are one namespace over all of AWS's customers. */
export const exportBucketName = (stage: StageSettings): string =>
  `${physicalName(stage, 'exports')}-${stage.account}`;

/** The host of the managed login. */
export const loginHost = (stage: StageSettings): string =>
  `${stage.loginDomainPrefix}.auth.${stage.region}.amazoncognito.com`;

/** The `service` of logs, and the only dimension of the product's metrics. */
export const serviceName = (stage: StageSettings): string => `coach-dashboard-${stage.name}`;
