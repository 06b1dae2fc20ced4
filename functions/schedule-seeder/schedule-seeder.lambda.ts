import type { Context } from 'aws-lambda';
import { createLog } from '#shared/kernel/log.ts';
import { answerCustomResource } from '#shared/kernel/custom-resource.ts';
import { seed } from './seed.ts';

const log = createLog();

export const handler = (event: unknown, context: Context): Promise<void> =>
  answerCustomResource(
    { log, act: (type, signal) => seed(type, signal, log) },
    event,
    context.getRemainingTimeInMillis(),
  );
