import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middyChain, { type MiddlewareObj } from '@middy/core';
import type { Context } from 'aws-lambda';
import { createLog, createLogger, sinkOf, type Log } from './log.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { NO_TRACING, type Tracing } from './tracing.ts';

/** What a function tells of its work, and the middlewares that every function has around it. */
export interface Instruments {
  readonly log: Log;
  readonly metrics: Metrics;
  readonly tracing: Tracing;
  readonly middlewares: readonly MiddlewareObj[];
}

/**
 * Writes the metrics of an invocation, whatever its outcome. Powertools' own middleware warns of each invocation that
 * measured nothing, which is most of them here.
 */
export const flushMetrics = (metrics: Pick<Metrics, 'flush'>): MiddlewareObj => ({
  after: () => metrics.flush(),
  onError: () => metrics.flush(),
});

/** Log lines know their invocation, metrics are flushed at its end, and its trace is kept where there is one. */
export function createInstruments(tracing: Tracing = NO_TRACING): Instruments {
  const logger = createLogger();
  const metrics = createMetrics();
  return {
    log: createLog(sinkOf(logger)),
    metrics,
    tracing,
    middlewares: [
      injectLambdaContext(logger, { resetKeys: true }),
      flushMetrics(metrics),
      ...tracing.middlewares,
    ],
  };
}

/**
 * A handler with the instruments around it. Middy would answer in its own name just before the time is over, and what
 * was going on would go on in the next invocation; Lambda ends it for good.
 */
export function instrumented<Event, Result>(
  handle: (event: Event, context: Context) => Promise<Result>,
  { middlewares }: Pick<Instruments, 'middlewares'>,
): (event: Event, context: Context) => Promise<Result> {
  const chain = middyChain<Event, Result>(handle, { timeoutEarlyInMillis: 0 });
  for (const middleware of middlewares) chain.use(middleware);
  return (event, context) => chain(event, context);
}
