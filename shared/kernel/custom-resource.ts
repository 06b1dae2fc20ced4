import type { Context } from 'aws-lambda';
import * as z from 'zod';
import { createInstruments, instrumented, type Instruments } from './instruments.ts';
import type { Log } from './log.ts';
import { OwnError } from './errors.ts';

/** What CloudFormation sends to the function behind a custom resource. */
const requestSchema = z.object({
  RequestType: z.enum(['Create', 'Update', 'Delete']),
  ResponseURL: z.url(),
  StackId: z.string(),
  RequestId: z.string(),
  LogicalResourceId: z.string(),
  PhysicalResourceId: z.string().optional(),
});
type CustomResourceRequest = z.infer<typeof requestSchema>;

export interface CustomResourceDeps {
  /** Does what the request asks for, before `signal` aborts. What it throws fails the deployment. */
  readonly act: (type: CustomResourceRequest['RequestType'], signal: AbortSignal) => Promise<void>;
  readonly log: Log;
  readonly fetch?: typeof fetch;
}

/** Kept back for the answer: without one, CloudFormation waits for an hour. */
const ANSWER_RESERVE_MS = 10_000;
const ANSWER_TIMEOUT_MS = 3_000;
const ANSWER_ATTEMPTS = 3;

async function answer(
  deps: CustomResourceDeps,
  request: CustomResourceRequest,
  status: 'SUCCESS' | 'FAILED',
  reason: string,
): Promise<void> {
  const body = JSON.stringify({
    Status: status,
    Reason: reason,
    PhysicalResourceId: request.PhysicalResourceId ?? request.LogicalResourceId,
    StackId: request.StackId,
    RequestId: request.RequestId,
    LogicalResourceId: request.LogicalResourceId,
  });
  for (let attempt = 1; ; attempt += 1) {
    try {
      const reply = await (deps.fetch ?? fetch)(request.ResponseURL, {
        method: 'PUT',
        // The URL is signed for an empty content type.
        headers: { 'content-type': '' },
        body,
        signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
      });
      if (reply.ok) return;
      throw new OwnError(`CloudFormation's answer address said ${reply.status}.`);
    } catch (error) {
      if (attempt >= ANSWER_ATTEMPTS) throw error;
      deps.log.warn('answer to CloudFormation not taken', { attempt }, error);
    }
  }
}

/** CloudFormation's protocol: one answer, SUCCESS or FAILED, whatever happens and before the time is over. */
export async function answerCustomResource(
  deps: CustomResourceDeps,
  event: unknown,
  remainingMs: number,
): Promise<void> {
  const request = requestSchema.parse(event);
  const signal = AbortSignal.timeout(Math.max(1, Math.floor(remainingMs) - ANSWER_RESERVE_MS));
  const late = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new OwnError('It took longer than the function may run.')));
  });
  try {
    await Promise.race([deps.act(request.RequestType, signal), late]);
  } catch (error) {
    deps.log.error('custom resource failed', { requestType: request.RequestType }, error);
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : 'unknown';
    await answer(deps, request, 'FAILED', reason.slice(0, 500));
    return;
  }
  await answer(deps, request, 'SUCCESS', 'Done.');
}

/** What the function behind a custom resource exports as `handler`. */
export const customResourceEntry = (
  build: (instruments: Instruments) => CustomResourceDeps['act'],
  instruments: Instruments = createInstruments(),
): ((event: unknown, context: Context) => Promise<void>) =>
  instrumented(
    (event, context) =>
      answerCustomResource(
        { log: instruments.log, act: (type, signal) => build(instruments)(type, signal) },
        event,
        context.getRemainingTimeInMillis(),
      ),
    instruments,
  );
