import { Tracer } from '@aws-lambda-powertools/tracer';
import { captureLambdaHandler } from '@aws-lambda-powertools/tracer/middleware';
import xray, { type Subsegment } from 'aws-xray-sdk-core';
import { NO_TRACING, type TraceFields, type Tracing } from './tracing.ts';

/** Of an error, a trace keeps that there was one: its message may quote what somebody typed. */
function addFaultOnly(this: Subsegment): void {
  this.addFaultFlag();
}

function annotateOn(
  step: { readonly addAnnotation: Subsegment['addAnnotation'] },
  fields: TraceFields,
): void {
  for (const [key, value] of Object.entries(fields)) {
    if (value !== undefined) step.addAnnotation(key, value);
  }
}

/**
 * The trace that Lambda begins for each invocation, by Powertools over the X-Ray SDK. The SDK follows asynchronous work
 * by itself, so that steps which run at once each keep their own parent. Out of Lambda it traces nothing.
 */
export function createTracing(): Tracing {
  const tracer = new Tracer();
  if (!tracer.isTracingEnabled()) return NO_TRACING;
  xray.Subsegment.prototype.addError = addFaultOnly;
  return {
    client: (client) => tracer.captureAWSv3Client(client),
    span: (name, work) =>
      xray.captureAsyncFunc(name, async (step) => {
        try {
          return await work({
            annotate: (fields) => {
              if (step !== undefined) annotateOn(step, fields);
            },
          });
        } catch (error) {
          step?.addFaultFlag();
          throw error;
        } finally {
          step?.close();
        }
      }),
    annotate: (fields) => {
      annotateOn({ addAnnotation: (key, value) => tracer.putAnnotation(key, value) }, fields);
    },
    middlewares: [captureLambdaHandler(tracer, { captureResponse: false })],
  };
}
