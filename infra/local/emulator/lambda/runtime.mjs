// The inside of one function instance: loads the handler once, then runs one invocation at a time.
// Plain JavaScript, because every instance would otherwise load a TypeScript stripper of its own: twice the memory.
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';

/** @type {import('./protocol.ts').ThreadData} */
const { modulePath, exportName } = workerData;

/** @param {import('./protocol.ts').ThreadMessage} message */
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window
const say = (message) => parentPort?.postMessage(message);

/**
 * @param {unknown} error
 * @returns {import('./protocol.ts').HandlerFault}
 */
const faultOf = (error) =>
  error instanceof Error
    ? { errorType: error.name, errorMessage: error.message, trace: error.stack ?? '' }
    : { errorType: typeof error, errorMessage: String(error), trace: '' };

/**
 * The context object as Lambda's Node.js runtime gives it.
 *
 * @param {import('./protocol.ts').InvokeMessage} message
 */
const contextOf = (message) => ({
  functionName: message.functionName,
  functionVersion: '$LATEST',
  invokedFunctionArn: message.functionArn,
  memoryLimitInMB: String(message.memoryMb),
  awsRequestId: message.requestId,
  logGroupName: process.env['AWS_LAMBDA_LOG_GROUP_NAME'],
  logStreamName: process.env['AWS_LAMBDA_LOG_STREAM_NAME'],
  callbackWaitsForEmptyEventLoop: true,
  getRemainingTimeInMillis: () => Math.max(0, message.deadline - Date.now()),
});

try {
  const module = await import(pathToFileURL(modulePath).href);
  const handler = module[exportName];
  if (typeof handler !== 'function') {
    throw Object.assign(new Error(`${exportName} is undefined or not exported`), {
      name: 'Runtime.HandlerNotFound',
    });
  }
  parentPort?.on('message', (/** @type {import('./protocol.ts').InvokeMessage} */ message) => {
    const { requestId } = message;
    process.env['_X_AMZN_TRACE_ID'] = message.traceHeader;
    Promise.resolve()
      .then(() => handler(JSON.parse(message.event), contextOf(message)))
      .then((result) => say({ kind: 'result', requestId, payload: JSON.stringify(result) ?? 'null' }))
      .catch((error) => say({ kind: 'fault', requestId, fault: faultOf(error) }));
  });
  say({ kind: 'ready' });
} catch (error) {
  say({ kind: 'initFailed', fault: faultOf(error) });
}
