import {
  and,
  equals,
  exists,
  lessThan,
  notExists,
  query,
  remove,
  set,
  setAll,
  update,
} from '#shared/table/expressions.ts';
import { indexKeys, keys, PARTITION_KEY, SORT_KEY, TTL_ATTRIBUTE } from '#shared/table/keys.ts';
import { parseRow } from '#shared/table/row.ts';
import { queryAll, queryPage, updateIf, type Table } from '#shared/table/table.ts';
import type { JOB_STATES } from './contract.ts';
import { jobSchema, type Job } from './job.ts';

export interface JobArchive {
  /** Jobs of a state that were made before a time, oldest first, after this one; from the index, so a moment old. */
  readonly madeBefore: (
    state: (typeof JOB_STATES)[number],
    before: string,
    page: { readonly limit: number; readonly after: Pick<Job, 'id' | 'createdAt'> | null },
  ) => Promise<Job[]>;
  /**
   * Takes an ended job out of the lists and gives it, its parts and its rows their last day (Unix seconds), the job
   * itself last. `cut_short`: told to stop; the next call goes on. `changed`: it was tried again meanwhile.
   */
  readonly archive: (
    job: Job,
    when: { readonly at: string; readonly expiresAt: number },
    mayGoOn: () => boolean,
  ) => Promise<'archived' | 'changed' | 'cut_short'>;
}

/** Rows written at a time. */
const AT_ONCE = 16;

const keyOf = (row: Readonly<Record<string, unknown>>) => ({
  [PARTITION_KEY]: row[PARTITION_KEY],
  [SORT_KEY]: row[SORT_KEY],
});

export function createJobArchive(table: Table): JobArchive {
  const setLastDay = (row: Readonly<Record<string, unknown>>, expiresAt: number) =>
    updateIf(table, {
      Key: keyOf(row),
      ...update([set(TTL_ATTRIBUTE, expiresAt)], { when: exists('pk') }),
    });

  return {
    async madeBefore(state, before, { limit, after }) {
      const { gsi1pk } = indexKeys.jobByState(state, '', '');
      const rows = await queryPage(table, query(equals('gsi1pk', gsi1pk), lessThan('gsi1sk', before)), {
        limit,
        after:
          after === null
            ? undefined
            : { ...keys.job(after.id), ...indexKeys.jobByState(state, after.createdAt, after.id) },
      });
      return rows.map((row) => parseRow(jobSchema, 'job', row));
    },

    async archive(job, { at, expiresAt }, mayGoOn) {
      const head = keys.job(job.id);
      let batch: Record<string, unknown>[] = [];
      const flush = async () => {
        const rows = batch;
        batch = [];
        await Promise.all(rows.map((row) => setLastDay(row, expiresAt)));
      };
      const rows = queryAll(table, {
        ...query(equals('pk', keys.jobPartition(job.id)), undefined, {
          // Without those an earlier call that was cut short has dealt with.
          filter: notExists(TTL_ATTRIBUTE),
          fields: [PARTITION_KEY, SORT_KEY],
        }),
        ConsistentRead: true,
      });
      for await (const row of rows) {
        if (row[SORT_KEY] === head.sk) continue;
        batch.push(row);
        if (batch.length < AT_ONCE) continue;
        await flush();
        if (!mayGoOn()) return 'cut_short';
      }
      await flush();
      const archived = await updateIf(table, {
        Key: head,
        ...update(
          [
            setAll({ archivedAt: at, [TTL_ATTRIBUTE]: expiresAt }),
            remove('gsi1pk', 'gsi1sk', 'gsi2pk', 'gsi2sk'),
          ],
          { when: and(equals('status', job.status), equals('attempts', job.attempts)) },
        ),
      });
      return archived === undefined ? 'changed' : 'archived';
    },
  };
}
