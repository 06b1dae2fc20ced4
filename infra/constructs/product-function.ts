import { Duration } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Role, ServicePrincipal, type IGrantable, type IPrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  ApplicationLogLevel,
  Architecture,
  Code,
  Function,
  LoggingFormat,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { METRICS_NAMESPACE } from '#shared/kernel/metric-names.ts';
import type { BuiltAssets } from '../built-assets.ts';
import { physicalName, serviceName } from '../names.ts';
import type { StageSettings } from '../stages.ts';
import { acknowledge } from './acknowledge.ts';
import type { AlarmDefinition } from './alarm-definition.ts';
import { allow } from './grants.ts';
import { createLogGroup, grantWriteLogs, logGroupPrefix } from './log-group.ts';

/** What all functions of a stage are made with. */
export interface FunctionDefaults {
  readonly stage: StageSettings;
  readonly assets: BuiltAssets;
  /** Encrypts the log group. */
  readonly encryptionKey: IKey;
}

export interface ProductFunctionProps extends FunctionDefaults {
  /** Folder under `functions/`. */
  readonly name: string;
  readonly description: string;
  readonly timeout: Duration;
  /** Processor time comes with it: a whole core at 1,769 MB. @default 512 */
  readonly memoryMb?: number;
  /** Its bundle has the tracer, which tells of calls and steps within an invocation. @default false */
  readonly tracer?: boolean;
  /** On top of what every function gets. */
  readonly environment?: Readonly<Record<string, string>>;
  /** What it means when invocations end with an error, or who notices it instead. */
  readonly errors:
    Pick<AlarmDefinition, 'severity' | 'meaning' | 'runbookArticle'> | { readonly noticedBy: string };
}

/** Nothing of a person gets into a trace: no answer, no error's message, no URL of the game platform. */
const TRACER_ENVIRONMENT = {
  POWERTOOLS_TRACER_CAPTURE_RESPONSE: 'false',
  POWERTOOLS_TRACER_CAPTURE_ERROR: 'false',
  POWERTOOLS_TRACER_CAPTURE_HTTPS_REQUESTS: 'false',
  // Calls before the first invocation belong to no trace.
  AWS_XRAY_CONTEXT_MISSING: 'IGNORE_ERROR',
};

/** A Lambda function with nothing left to a default: Node 24 on arm64, its own role, its own encrypted log group. */
export class ProductFunction extends Construct implements IGrantable {
  readonly function: Function;
  readonly grantPrincipal: IPrincipal;
  readonly timeout: Duration;
  readonly alarms: readonly AlarmDefinition[];
  private readonly functionName: string;

  constructor(scope: Construct, id: string, props: ProductFunctionProps) {
    super(scope, id);
    const { stage } = props;
    const functionName = physicalName(stage, props.name);
    this.functionName = functionName;
    this.timeout = props.timeout;

    const logGroupName = `${logGroupPrefix(stage)}${props.name}`;
    const logGroup = createLogGroup(this, 'Logs', {
      stage,
      name: logGroupName,
      encryptionKey: props.encryptionKey,
    });
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `What ${functionName} may do`,
    });
    this.grantPrincipal = role;
    grantWriteLogs(role, stage, logGroupName);
    allow(role, ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], ['*']);

    this.function = new Function(this, 'Function', {
      functionName,
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: Code.fromAsset(props.assets.functionDirectory(props.name)),
      memorySize: props.memoryMb ?? 512,
      timeout: props.timeout,
      role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      applicationLogLevelV2: ApplicationLogLevel[stage.logLevel],
      tracing: Tracing.ACTIVE,
      environment: {
        STAGE: stage.name,
        APP_VERSION: props.assets.version,
        PROGRAMME_TIME_ZONE: stage.programTimeZone,
        // One for the whole stage: it is the only dimension of the product's metrics, and each value costs money.
        POWERTOOLS_SERVICE_NAME: serviceName(stage),
        POWERTOOLS_METRICS_NAMESPACE: METRICS_NAMESPACE,
        POWERTOOLS_LOG_LEVEL: stage.logLevel,
        NODE_OPTIONS: '--enable-source-maps',
        ...(props.tracer === true ? TRACER_ENVIRONMENT : {}),
        ...props.environment,
      },
    });
    this.alarms =
      'noticedBy' in props.errors
        ? []
        : [
            {
              id: `${id}Errors`,
              metric: this.metricErrors(),
              threshold: 3,
              ...props.errors,
            },
          ];
    this.acknowledgeRules();
  }

  /** Invocations that ended with an error or a time-out. */
  metricErrors(): Metric {
    return this.metric('Errors', Stats.SUM);
  }

  metricThrottles(): Metric {
    return this.metric('Throttles', Stats.SUM);
  }

  metricDuration(): Metric {
    return this.metric('Duration', Stats.p(95));
  }

  /** By name and not by reference, so that a dashboard never keeps a function from being replaced. */
  private metric(metricName: string, statistic: string): Metric {
    return new Metric({
      namespace: 'AWS/Lambda',
      metricName,
      statistic,
      period: Duration.minutes(5),
      dimensionsMap: { FunctionName: this.functionName },
      label: this.functionName,
    });
  }

  private acknowledgeRules(): void {
    const synchronous =
      'Nothing invokes it asynchronously: API Gateway waits, SQS has its own dead-letter queue, CloudFormation waits.';
    acknowledge(this.function, 'Serverless-LambdaDLQ', synchronous);
    acknowledge(this.function, 'Serverless-LambdaAsyncFailureDestination', synchronous);
    acknowledge(
      this,
      'AwsSolutions-IAM5[Resource::*]',
      'xray:PutTraceSegments and xray:PutTelemetryRecords take no resource.',
    );
    acknowledge(
      this,
      'Serverless-LambdaStarPermissions',
      'X-Ray takes no resource, log streams are named by Lambda.',
    );
  }
}
