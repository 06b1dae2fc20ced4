import type { Context } from 'aws-lambda';
import { createLog } from '#shared/observability/log.ts';
import { answerCustomResource } from '#shared/runtime/custom-resource.ts';
import { seed } from './seed.ts';

const log = createLog();

export const handler = (event: unknown, context: Context): Promise<void> =>
  answerCustomResource(
    { log, act: (type, signal) => seed(type, signal, log) },
    event,
    context.getRemainingTimeInMillis(),
  );
