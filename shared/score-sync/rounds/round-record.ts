import * as z from 'zod';
import { rotationSchema } from '../policy/batch-rotation.ts';
import { callLedgerSchema } from '../policy/call-price.ts';

/**
 * Where the rounds stand, with the job of the last one. Each half is kept as it was before that job and after it, so that
 * the same job, planned again after a crash, takes the same batch and books nothing twice.
 */
export const roundRecordSchema = z.object({
  /** Rises by one with each round. */
  version: z.int().positive(),
  jobId: z.string(),
  at: z.iso.datetime(),
  /** Sync states that the round went through. */
  competitors: z.int().nonnegative(),
  rotation: z.object({
    before: rotationSchema,
    /** Last id of the round's batch; null: there was none. */
    through: z.string().nullable(),
    after: rotationSchema,
  }),
  ledger: z.object({ before: callLedgerSchema, after: callLedgerSchema }),
});
export type RoundRecord = z.infer<typeof roundRecordSchema>;
