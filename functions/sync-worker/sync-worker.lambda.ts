import { queueEntry } from '#shared/jobs/queue-entry.ts';
import { buildWorker } from './dependencies.ts';

export const handler = queueEntry(buildWorker);
