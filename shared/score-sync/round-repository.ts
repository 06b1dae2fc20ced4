import { GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { keys } from '#shared/table/keys.ts';
import { parseRow } from '#shared/table/row.ts';
import { putIf, replacesVersion, type Table } from '#shared/table/table.ts';
import { rotationSchema } from './policy/batch-rotation.ts';
import { callLedgerSchema } from './policy/call-price.ts';
import { FIRST_TEAM_SHARE, teamShareSchema } from './policy/team-share.ts';
import { oldestReadSchema } from './score-records.ts';

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
  /** How many of them each tier had, whoever reads them by tier or not; null in rows of earlier releases. */
  tiers: z
    .object({ high: z.int().nonnegative(), medium: z.int().nonnegative(), low: z.int().nonnegative() })
    .nullable()
    .default(null),
  /** How far behind the reads were; rows of earlier releases do not say. */
  oldest: z
    .object({
      /** Read longer ago than promised. */
      late: z.int().nonnegative(),
      /** Never read. */
      unread: z.int().nonnegative(),
      reads: z.array(oldestReadSchema).describe('Those longest ago, never first.'),
    })
    .optional(),
  rotation: z.object({
    before: rotationSchema,
    /** Last id of the round's batch; null: there was none. */
    through: z.string().nullable(),
    after: rotationSchema,
  }),
  ledger: z.object({ before: callLedgerSchema, after: callLedgerSchema }),
  /** Rows of earlier releases have none. */
  teamShare: z
    .object({ before: teamShareSchema, after: teamShareSchema })
    .default({ before: FIRST_TEAM_SHARE, after: FIRST_TEAM_SHARE }),
});
export type RoundRecord = z.infer<typeof roundRecordSchema>;

/** Where the rounds of the score sync stand. */
export interface RoundRepository {
  /** Consistent; undefined before the first round. */
  readonly last: () => Promise<RoundRecord | undefined>;
  /** False when the stored version is no longer the one before this: another planner was first. */
  readonly save: (round: RoundRecord) => Promise<boolean>;
}

export function createRoundRepository(table: Table): RoundRepository {
  return {
    async last() {
      const { Item: item } = await table.client.send(
        new GetCommand({ TableName: table.name, Key: keys.syncPolicy('ROUND'), ConsistentRead: true }),
      );
      return item === undefined ? undefined : parseRow(roundRecordSchema, 'sync_round', item);
    },

    save: (round) =>
      putIf(table, {
        Item: { ...keys.syncPolicy('ROUND'), type: 'sync_round', ...round },
        ...replacesVersion(round.version - 1),
      }),
  };
}
