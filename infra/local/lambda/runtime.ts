// The inside of one function instance: loads the handler once, then runs one invocation at a time.
// Started as a worker thread by Node itself, so it uses nothing but erasable TypeScript and Node's own modules.
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import type { HandlerFault, InvokeMessage, ThreadData, ThreadMessage } from './protocol.ts';

const { modulePath, exportName }: ThreadData = workerData;

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window
const say = (message: ThreadMessage) => parentPort?.postMessage(message);

function faultOf(error: unknown): HandlerFault {
  if (error instanceof Error) {
    return { errorType: error.name, errorMessage: error.message, trace: error.stack ?? '' };
  }
  return { errorType: typeof error, errorMessage: String(error), trace: '' };
}

/** The context object as Lambda's Node.js runtime gives it. */
const contextOf = (message: InvokeMessage) => ({
  functionName: message.functionName,
  functionVersion: '$LATEST',
  invokedFunctionArn: message.functionArn,
  memoryLimitInMB: String(message.memoryMb),
  awsRequestId: message.requestId,
  logGroupName: `/aws/lambda/${message.functionName}`,
  logStreamName: process.env['AWS_LAMBDA_LOG_STREAM_NAME'] ?? '',
  callbackWaitsForEmptyEventLoop: true,
  getRemainingTimeInMillis: () => Math.max(0, message.deadline - Date.now()),
});

try {
  const module: Readonly<Record<string, unknown>> = await import(pathToFileURL(modulePath).href);
  const handler = module[exportName];
  if (typeof handler !== 'function') {
    throw Object.assign(new Error(`${exportName} is undefined or not exported`), {
      name: 'Runtime.HandlerNotFound',
    });
  }
  parentPort?.on('message', (message: InvokeMessage) => {
    const { requestId } = message;
    process.env['_X_AMZN_TRACE_ID'] = `Root=1-${Math.floor(Date.now() / 1_000).toString(16)}-${requestId
      .replaceAll('-', '')
      .slice(0, 24)};Parent=${requestId.replaceAll('-', '').slice(0, 16)};Sampled=0`;
    Promise.resolve()
      .then((): unknown => handler(JSON.parse(message.event), contextOf(message)))
      .then((result) => say({ kind: 'result', requestId, payload: JSON.stringify(result) ?? 'null' }))
      .catch((error: unknown) => say({ kind: 'fault', requestId, fault: faultOf(error) }));
  });
  say({ kind: 'ready' });
} catch (error) {
  say({ kind: 'initFailed', fault: faultOf(error) });
}
