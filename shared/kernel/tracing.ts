import type middy from '@middy/core';

/** Ids only; never a name, a URL or a token. */
export interface TraceFields {
  readonly jobId?: string;
  readonly competitorId?: string;
  readonly teamId?: string;
  /** Of a call of the Game Platform. */
  readonly status?: number;
  readonly attempt?: number;
}

/** A step of a trace: searchable fields are added while it is open. */
export interface Span {
  readonly annotate: (fields: TraceFields) => void;
}

/** The trace of an invocation. Where a function has none, everything here does nothing but the work. */
export interface Tracing {
  /** The same client, its calls steps of the trace. */
  readonly client: <C extends object>(client: C) => C;
  /** Does the work as a step of its own; a rejection marks the step as failed, without its message. */
  readonly span: <T>(name: string, work: (span: Span) => Promise<T>) => Promise<T>;
  /** Fields of the innermost step that is open: the invocation, where there is no span around. */
  readonly annotate: Span['annotate'];
  readonly middlewares: readonly middy.MiddlewareObj[];
}

const NO_SPAN: Span = { annotate: () => undefined };

export const NO_TRACING: Tracing = {
  client: (client) => client,
  span: (_name, work) => work(NO_SPAN),
  annotate: NO_SPAN.annotate,
  middlewares: [],
};
