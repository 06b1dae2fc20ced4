import * as z from 'zod';
import { alertCauseSchema } from './contract.ts';

/** What is kept of a coach's alert: one row per cause. Ids and times only; what it says is evaluated each time. */
export const alertRecordSchema = z.object({
  coachId: z.string(),
  cause: alertCauseSchema,
  version: z.int(),
  openedAt: z.iso.datetime(),
  /** Null while the cause is there. */
  closedAt: z.iso.datetime().nullable(),
  /** Put away until then, as long as it is about nobody but these. */
  snooze: z.object({ until: z.iso.datetime(), subjectIds: z.array(z.string()) }).nullable(),
});
export type AlertRecord = z.infer<typeof alertRecordSchema>;
