import { queueEntry } from '#shared/jobs/queue-entry.ts';
import { createInstruments } from '#shared/kernel/instruments.ts';
import { createTracing } from '#shared/kernel/powertools-tracing.ts';
import { buildWorker } from './dependencies.ts';

export const handler = queueEntry(buildWorker, createInstruments(createTracing()), { together: true });
