import { isRecord } from '../access/requirement.ts';
import type { Refusal } from '../iam/authorizer.ts';
import { AwsError, type ServiceName } from './aws-answer.ts';

const DENIED_IN_SHORT: ReadonlySet<ServiceName> = new Set(['sqs', 's3', 'sts', 'cloudfront']);

/** How each service words a refusal by IAM. */
export function accessDenied(service: ServiceName, refusal: Refusal): AwsError {
  if (refusal.unsupported) return new AwsError('UnsupportedPolicy', refusal.message, 501);
  if (refusal.action.startsWith('kms:')) return keyDenied(service, refusal.message);
  return DENIED_IN_SHORT.has(service)
    ? new AwsError('AccessDenied', refusal.message, 403)
    : new AwsError('AccessDeniedException', refusal.message, service === 'scheduler' ? 403 : 400);
}

function keyDenied(service: ServiceName, message: string): AwsError {
  if (service === 's3') return new AwsError('AccessDenied', message, 403);
  if (service === 'sqs') {
    return new AwsError('KmsAccessDenied', `${message} (Service: Kms, Status Code: 400)`);
  }
  const lead =
    service === 'secretsmanager' ? 'Access to KMS is not allowed.' : 'KMS key access denied error:';
  return new AwsError('AccessDeniedException', `${lead} ${message}`);
}

const THROTTLES: Readonly<Record<ServiceName, { readonly code: string; readonly status: number }>> = {
  dynamodb: { code: 'ProvisionedThroughputExceededException', status: 400 },
  sqs: { code: 'RequestThrottled', status: 403 },
  s3: { code: 'SlowDown', status: 503 },
  secretsmanager: { code: 'ThrottlingException', status: 400 },
  scheduler: { code: 'ThrottlingException', status: 429 },
  ses: { code: 'TooManyRequestsException', status: 429 },
  'cognito-idp': { code: 'TooManyRequestsException', status: 400 },
  cloudwatch: { code: 'Throttling', status: 400 },
  sts: { code: 'Throttling', status: 400 },
  ssm: { code: 'ThrottlingException', status: 400 },
  lambda: { code: 'TooManyRequestsException', status: 429 },
  cloudfront: { code: 'Throttling', status: 400 },
  sns: { code: 'Throttled', status: 429 },
};

export function throttled(service: ServiceName): AwsError {
  const { code, status } = THROTTLES[service];
  return new AwsError(code, 'Rate exceeded', status);
}

const SERVER_ERROR_CODES: Readonly<Record<ServiceName, string>> = {
  dynamodb: 'InternalServerError',
  sqs: 'InternalError',
  s3: 'InternalError',
  secretsmanager: 'InternalServiceError',
  scheduler: 'InternalServerException',
  ses: 'InternalServiceErrorException',
  'cognito-idp': 'InternalErrorException',
  cloudwatch: 'InternalServiceFault',
  sts: 'InternalFailure',
  ssm: 'InternalServerError',
  lambda: 'ServiceException',
  cloudfront: 'InternalError',
  sns: 'InternalError',
};

export function serverError(service: ServiceName): AwsError {
  return new AwsError(SERVER_ERROR_CODES[service], 'The service had an internal error.', 500);
}

/** As EventBridge Scheduler says it, also for some seconds after a role was made. */
export const roleUnknown = (why?: string): AwsError =>
  new AwsError(
    'ValidationException',
    `The execution role you provide must allow AWS EventBridge Scheduler to assume the role.${why === undefined ? '' : ` ${why}`}`,
  );

/** The first item of a transaction has the conflict, as one of them must; a single write has one of its own. */
export function transactionConflict(body: unknown): AwsError {
  const items = isRecord(body) ? body['TransactItems'] : undefined;
  if (!Array.isArray(items)) {
    return new AwsError('TransactionConflictException', 'Transaction is ongoing for the item');
  }
  const codes = items.map((_, index) => (index === 0 ? 'TransactionConflict' : 'None'));
  return new AwsError(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes.join(', ')}]`,
    400,
    {
      CancellationReasons: codes.map((code) =>
        code === 'None' ? { Code: code } : { Code: code, Message: 'Transaction is ongoing for the item' },
      ),
    },
  );
}
