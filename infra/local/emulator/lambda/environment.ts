import type { FunctionResource } from '../deployment.ts';
import type { AwsCredentials } from '../aws/local-aws.ts';

export interface EnvironmentOptions {
  readonly region: string;
  readonly credentials: AwsCredentials;
  /** The AWS gateway. */
  readonly awsUrl: string;
  /** `host:port` of the X-Ray daemon. */
  readonly xrayAddress: string;
}

/**
 * What a function sees in `process.env`: the template's variables and those that Lambda adds. Nothing of the
 * person's own environment or AWS profile gets in.
 */
export function functionEnvironment(
  { name, handler, memoryMb, environment, codeDirectory, logLevel }: FunctionResource,
  { region, credentials, awsUrl, xrayAddress }: EnvironmentOptions,
): Readonly<Record<string, string>> {
  return {
    // Lambda's own, which the template may replace.
    AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
    ...environment,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_ENDPOINT_URL: awsUrl,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
    AWS_LAMBDA_LOG_FORMAT: logLevel === undefined ? 'Text' : 'JSON',
    ...(logLevel === undefined ? {} : { AWS_LAMBDA_LOG_LEVEL: logLevel }),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_XRAY_DAEMON_ADDRESS: xrayAddress,
    LAMBDA_TASK_ROOT: codeDirectory,
    LAMBDA_RUNTIME_DIR: '/var/runtime',
    _HANDLER: handler,
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
  };
}
