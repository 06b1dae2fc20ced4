/** What the pool and a function's thread say to each other. Events and results travel as JSON text, as on Lambda. */

export interface ThreadData {
  /** Absolute path of the module that exports the handler. */
  readonly modulePath: string;
  readonly exportName: string;
  /** Undefined: the thread goes on between invocations. */
  readonly freezer: Freezer | undefined;
}

/** What a frozen thread waits for and is told, in memory that both sides see. */
export interface Freezer {
  /** How many invocations were asked for. */
  readonly invocations: Int32Array<SharedArrayBuffer>;
  /** How much further the clock has gone while it was frozen than this machine's, milliseconds in all. */
  readonly jumpMs: Int32Array<SharedArrayBuffer>;
}

export interface InvokeMessage {
  readonly requestId: string;
  readonly event: string;
  /** `_X_AMZN_TRACE_ID` of this invocation. */
  readonly traceHeader: string;
  /** Milliseconds since the epoch at which the invocation times out. */
  readonly deadline: number;
  readonly functionName: string;
  readonly functionArn: string;
  readonly memoryMb: number;
}

export interface HandlerFault {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: string;
}

export type ThreadMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'initFailed'; readonly fault: HandlerFault }
  | { readonly kind: 'result'; readonly requestId: string; readonly payload: string }
  | { readonly kind: 'fault'; readonly requestId: string; readonly fault: HandlerFault };
