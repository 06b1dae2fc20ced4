// The inside of one function instance: loads the handler once, then runs one invocation at a time.
// Plain JavaScript, because every instance would otherwise load a TypeScript stripper of its own: twice the memory.
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';

/** @type {import('./protocol.ts').ThreadData} */
const { modulePath, exportName, freezer } = workerData;

/** What was written until then still goes out, as on Lambda. */
const FREEZE_AFTER_MS = 20;
const RealDate = Date;
let running = 0;
let served = 0;

if (freezer !== undefined) {
  const now = () => RealDate.now() + Atomics.load(freezer.jumpMs, 0);
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, given) => Reflect.construct(target, given.length === 0 ? [now()] : given),
    get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
  });
}

/** Stops this thread until the next invocation. */
function freeze() {
  if (freezer !== undefined && running === 0) Atomics.wait(freezer.invocations, 0, served);
}

function ended() {
  running -= 1;
  if (freezer !== undefined) setTimeout(freeze, FREEZE_AFTER_MS);
}

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
  getRemainingTimeInMillis: () => Math.max(0, message.deadline - RealDate.now()),
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
    running += 1;
    served += 1;
    process.env['_X_AMZN_TRACE_ID'] = message.traceHeader;
    Promise.resolve()
      .then(() => handler(JSON.parse(message.event), contextOf(message)))
      .then((result) => say({ kind: 'result', requestId, payload: JSON.stringify(result) ?? 'null' }))
      .catch((error) => say({ kind: 'fault', requestId, fault: faultOf(error) }))
      .finally(ended);
  });
  say({ kind: 'ready' });
} catch (error) {
  say({ kind: 'initFailed', fault: faultOf(error) });
}
