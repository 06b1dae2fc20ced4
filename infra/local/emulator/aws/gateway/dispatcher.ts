import type { IncomingHttpHeaders } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AwsFault } from '../../deployment.ts';
import { distinct, UnknownOperationError, type Requirement } from '../access/requirement.ts';
import type { Authorizer, Caller } from '../iam/authorizer.ts';
import type { LocalAwsLog } from '../local-aws.ts';
import { AwsError, errorAnswer, type AwsAnswer, type ServiceName } from './aws-answer.ts';
import type { CallLog } from './call-log.ts';
import type { FaultPlan } from './fault-plan.ts';
import { accessDenied, roleUnknown, serverError, throttled, transactionConflict } from './service-errors.ts';

export interface RestRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
}

export interface ServiceCall {
  readonly caller: Caller;
  readonly service: ServiceName;
  /** API operation without the prefix, for example `PutItem`. */
  readonly operation: string;
  /** The parsed body; for REST calls with what path and query say. */
  readonly body: unknown;
  /** The body as sent, for stand-ins that pass it on. */
  readonly rawBody: Buffer | string;
  /** The request itself, for services whose calls are more than a body. */
  readonly http?: RestRequest | undefined;
  /** `X-Amzn-Trace-Id` of the request. */
  readonly traceHeader?: string | undefined;
  /** Ends when the caller has gone. */
  readonly signal: AbortSignal;
}

/** A service behind the gateway. Throws {@link AwsError} for what the service would refuse. */
export interface StandIn {
  access(operation: string, body: unknown): readonly Requirement[];
  answer(call: ServiceCall): Promise<AwsAnswer> | AwsAnswer;
}

export interface Dispatched {
  /** Undefined when the caller is to hear a broken connection. */
  readonly answer: AwsAnswer | undefined;
  /** To be called when the answer has gone out, for the call log. */
  readonly finished: () => void;
}

interface DispatcherParts {
  readonly authorizer: Authorizer;
  readonly standIns: Readonly<Record<ServiceName, StandIn>>;
  readonly log: CallLog;
  readonly faults: FaultPlan;
  readonly onLog: (entry: LocalAwsLog) => void;
}

/** One call from permission to answer: the only way to a stand-in, for functions as for the scheduler. */
export type Dispatch = (call: ServiceCall) => Promise<Dispatched>;

export function createDispatcher(parts: DispatcherParts): Dispatch {
  return async (call) => {
    const at = Date.now();
    const start = performance.now();
    const outcome = await answerCall(parts, call);
    return {
      answer: outcome.answer,
      finished: () => {
        parts.log.add({
          at,
          caller: call.caller.name,
          service: call.service,
          action: `${call.service}:${call.operation}`,
          resources: outcome.resources,
          allowed: outcome.allowed,
          status: outcome.answer?.status ?? 0,
          fault: outcome.fault,
          ms: performance.now() - start,
        });
      },
    };
  };
}

/** What another transaction on the same item can get in the way of. */
const CONFLICTING = new Set([
  'PutItem',
  'UpdateItem',
  'DeleteItem',
  'TransactWriteItems',
  'TransactGetItems',
]);

interface Outcome {
  readonly answer: AwsAnswer | undefined;
  readonly resources: readonly string[];
  readonly allowed: boolean;
  readonly fault: AwsFault['kind'] | undefined;
}

async function answerCall(parts: DispatcherParts, call: ServiceCall): Promise<Outcome> {
  const { service, operation, caller } = call;
  const standIn = parts.standIns[service];
  let requirements: readonly Requirement[];
  try {
    requirements = distinct(standIn.access(operation, call.body));
  } catch (error) {
    if (!(error instanceof UnknownOperationError)) throw error;
    const message = `${service}:${operation} is not part of the local stack.`;
    parts.onLog({ level: 'error', source: 'gateway', message: `${caller.name}: ${message}` });
    const answer = errorAnswer(service, new AwsError('UnknownOperationException', message));
    return { answer, resources: [], allowed: false, fault: undefined };
  }
  const resources = resourcesOf(service, requirements);

  const refusal = parts.authorizer.authorize(caller, requirements);
  if (refusal !== undefined) {
    const { action, resource, message } = refusal;
    parts.log.refuse({ caller: caller.name, action, resource, message });
    return {
      answer: errorAnswer(service, accessDenied(service, refusal)),
      resources,
      allowed: false,
      fault: undefined,
    };
  }

  const mayConflict = service === 'dynamodb' && CONFLICTING.has(operation);
  const struck = parts.faults.strike(`${service}:${operation}`, caller.name, mayConflict);
  const done = (answer: AwsAnswer | undefined): Outcome => ({
    answer,
    resources,
    allowed: true,
    fault: struck.kind,
  });
  if (struck.delayMs > 0) await sleep(struck.delayMs);
  if (struck.kind === 'throttle') return done(errorAnswer(service, throttled(service)));
  if (struck.kind === 'serverError') return done(errorAnswer(service, serverError(service)));
  if (struck.kind === 'roleUnknown') return done(errorAnswer(service, roleUnknown()));
  if (struck.kind === 'transactionConflict') {
    return done(errorAnswer(service, transactionConflict(call.body)));
  }

  const answer = await answerOf(parts, standIn, call);
  if (struck.kind !== 'lostAnswer') return done(answer);
  return done(undefined);
}

function resourcesOf(service: ServiceName, requirements: readonly Requirement[]): readonly string[] {
  const own = requirements.filter((requirement) => requirement.action.startsWith(`${service}:`));
  return [...new Set(own.map((requirement) => requirement.resource))];
}

async function answerOf(parts: DispatcherParts, standIn: StandIn, call: ServiceCall): Promise<AwsAnswer> {
  try {
    return await standIn.answer(call);
  } catch (error) {
    if (error instanceof AwsError) return errorAnswer(call.service, error);
    if (!call.signal.aborted) {
      const cause = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      parts.onLog({ level: 'error', source: call.service, message: `${call.operation} failed: ${cause}` });
    }
    return errorAnswer(call.service, serverError(call.service));
  }
}
