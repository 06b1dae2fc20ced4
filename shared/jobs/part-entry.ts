import { jobPartMessageSchema } from './job.ts';
import type { HandleMessage } from './queue-entry.ts';
import { workPart, type WorkPartDeps } from './work-part.ts';

/** Messages of the `roster` and `sync` queues: each points at a part. */
export const handlePartMessages =
  (deps: Omit<WorkPartDeps, 'log'>): HandleMessage =>
  (body, delivery, log) =>
    workPart({ ...deps, log }, jobPartMessageSchema.parse(body), delivery);
