import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRecord } from '../access/requirement.ts';
import type { ResourceNames } from '../access/resource-names.ts';
import type { AwsAnswer } from '../gateway/aws-answer.ts';
import type { Dispatch } from '../gateway/dispatcher.ts';
import type { Authorizer, Caller } from '../iam/authorizer.ts';
import type { LocalAwsLog } from '../local-aws.ts';
import type { RoleResource } from '../../deployment.ts';
import { fillContext, wholeSeconds, type Schedule } from './schedule.ts';

export interface DeliveryParts {
  readonly dispatch: Dispatch;
  readonly authorizer: Authorizer;
  readonly roleOf: (arn: string) => RoleResource | undefined;
  readonly callerOf: (role: RoleResource) => Caller;
  readonly names: ResourceNames;
  readonly refused: (refusal: { caller: string; action: string; resource: string; message: string }) => void;
  readonly onLog: (entry: LocalAwsLog) => void;
  readonly now: () => number;
  readonly random: () => number;
}

const DEFAULT_MAX_AGE_SECONDS = 86_400;
const DEFAULT_MAX_ATTEMPTS = 185;
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 60_000;
/** Trying again does not help against these. */
const FINAL_CODES = new Set(['AccessDenied', 'KmsAccessDenied', 'QueueDoesNotExist', 'UnsupportedPolicy']);

interface Failure {
  readonly code: string;
  readonly message: string;
}

/**
 * One firing: takes the target's role, if the role lets the scheduler, and sends the message as that role; retries by
 * the schedule's policy with full-jitter backoff; what cannot be delivered goes to the dead-letter queue, as the same
 * role. Ends when `signal` does; a retry that was waiting then is lost, as this is one process.
 */
export async function deliver(
  parts: DeliveryParts,
  schedule: Schedule,
  scheduledTime: number,
  signal: AbortSignal,
): Promise<void> {
  const role = parts.roleOf(schedule.Target.RoleArn);
  const groupArn = parts.names.arn('scheduler', `schedule-group/${schedule.GroupName}`);
  const refusal =
    role === undefined ? undefined : parts.authorizer.mayAssume('scheduler.amazonaws.com', role, groupArn);
  if (role === undefined || refusal !== undefined) {
    const message = refusal?.message ?? `There is no role ${schedule.Target.RoleArn}.`;
    parts.refused({
      caller: 'scheduler',
      action: 'sts:AssumeRole',
      resource: schedule.Target.RoleArn,
      message,
    });
    parts.onLog({ level: 'error', source: 'scheduler', message: `${schedule.Name}: ${message}` });
    return;
  }
  const caller = parts.callerOf(role);
  const executionId = randomUUID();
  const policy = schedule.Target.RetryPolicy;
  const giveUpAt = parts.now() + (policy?.MaximumEventAgeInSeconds ?? DEFAULT_MAX_AGE_SECONDS) * 1000;
  const maxRetries = policy?.MaximumRetryAttempts ?? DEFAULT_MAX_ATTEMPTS;

  for (let attempt = 1; !signal.aborted; attempt += 1) {
    const context = { scheduleArn: schedule.Arn, scheduledTime, executionId, attempt };
    const body = fillContext(schedule.Target.Input ?? '', context);
    const failure = await sendMessage(parts, caller, schedule.Target.Arn, { MessageBody: body }, signal);
    if (failure === undefined) return;
    const waitMs = parts.random() * Math.min(FIRST_RETRY_MS * 2 ** (attempt - 1), LONGEST_RETRY_MS);
    const exhausted =
      FINAL_CODES.has(failure.code) || attempt > maxRetries || parts.now() + waitMs >= giveUpAt;
    if (exhausted) {
      await bury(parts, caller, schedule, { body, attempt, executionId, scheduledTime, failure }, signal);
      return;
    }
    await sleep(waitMs, undefined, { signal }).catch(() => undefined);
  }
}

interface DeadFiring {
  readonly body: string;
  readonly attempt: number;
  readonly executionId: string;
  readonly scheduledTime: number;
  readonly failure: Failure;
}

async function bury(
  parts: DeliveryParts,
  caller: Caller,
  schedule: Schedule,
  dead: DeadFiring,
  signal: AbortSignal,
): Promise<void> {
  const told = `${schedule.Name} could not be delivered: ${dead.failure.code}.`;
  const queueArn = schedule.Target.DeadLetterConfig?.Arn;
  if (queueArn === undefined) {
    parts.onLog({ level: 'error', source: 'scheduler', message: `${told} It has no dead-letter queue.` });
    return;
  }
  const attributes = {
    SCHEDULE_ARN: schedule.Arn,
    TARGET_ARN: schedule.Target.Arn,
    EXECUTION_ID: dead.executionId,
    SCHEDULED_TIME: wholeSeconds(dead.scheduledTime),
    ERROR_CODE: dead.failure.code,
    ERROR_MESSAGE: dead.failure.message,
    RETRY_ATTEMPTS: String(dead.attempt - 1),
  };
  const message = {
    MessageBody: dead.body,
    MessageAttributes: Object.fromEntries(
      Object.entries(attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
    ),
  };
  const failure = await sendMessage(parts, caller, queueArn, message, signal);
  const end =
    failure === undefined ? 'It is in the dead-letter queue.' : `Nor could its dead letter: ${failure.code}.`;
  parts.onLog({ level: 'error', source: 'scheduler', message: `${told} ${end}` });
}

async function sendMessage(
  parts: DeliveryParts,
  caller: Caller,
  queueArn: string,
  message: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
): Promise<Failure | undefined> {
  const url = parts.names.queueByArn(queueArn)?.url ?? `/${queueArn.slice(queueArn.lastIndexOf(':') + 1)}`;
  const body = { QueueUrl: url, ...message };
  const { answer, finished } = await parts.dispatch({
    caller,
    service: 'sqs',
    operation: 'SendMessage',
    body,
    rawBody: JSON.stringify(body),
    signal,
  });
  finished();
  return failureOf(answer);
}

function failureOf(answer: AwsAnswer | undefined): Failure | undefined {
  if (answer === undefined) return { code: 'ConnectionLost', message: 'The connection was lost.' };
  if (answer.status === 200) return undefined;
  const parsed: unknown = JSON.parse(answer.body.toString());
  const fields = isRecord(parsed) ? parsed : {};
  const type = String(fields['__type']);
  return { code: type.slice(type.indexOf('#') + 1), message: String(fields['message']) };
}
