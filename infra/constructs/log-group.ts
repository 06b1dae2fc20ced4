import { RemovalPolicy } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { StageSettings } from '../stages.ts';
import { acknowledge } from './acknowledge.ts';
import { allow } from './grants.ts';

/** Start of the names of a stage's log groups; the key's policy names it. */
export const logGroupPrefix = (stage: StageSettings): string => `/coach-dashboard/${stage.name}/`;

const RETENTION: Readonly<Record<StageSettings['logRetentionDays'], RetentionDays>> = {
  14: RetentionDays.TWO_WEEKS,
  30: RetentionDays.ONE_MONTH,
  90: RetentionDays.THREE_MONTHS,
  180: RetentionDays.SIX_MONTHS,
  365: RetentionDays.ONE_YEAR,
};

interface LogGroupProps {
  readonly stage: StageSettings;
  /** Full name. */
  readonly name: string;
  /** @default CloudWatch Logs' own encryption */
  readonly encryptionKey?: IKey;
}

/** A log group that forgets. It goes with its stack: what was in it is worth as long as the retention says. */
export function createLogGroup(scope: Construct, id: string, props: LogGroupProps): LogGroup {
  return new LogGroup(scope, id, {
    logGroupName: props.name,
    retention: RETENTION[props.stage.logRetentionDays],
    removalPolicy: RemovalPolicy.DESTROY,
    ...(props.encryptionKey === undefined ? {} : { encryptionKey: props.encryptionKey }),
  });
}

/** Lets a function write to a log group of this stage, and to no other. */
export function grantWriteLogs(role: Role, stage: StageSettings, logGroupName: string): void {
  const streams = `arn:aws:logs:${stage.region}:${stage.account}:log-group:${logGroupName}:log-stream:*`;
  allow(role, ['logs:CreateLogStream', 'logs:PutLogEvents'], [streams]);
  acknowledge(role, `AwsSolutions-IAM5[Resource::${streams}]`, 'Lambda chooses the names of the streams.');
}
