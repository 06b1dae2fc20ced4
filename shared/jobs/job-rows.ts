import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { between, equals, query } from '#shared/table/expressions.ts';
import { keys } from '#shared/table/keys.ts';
import { parseRow } from '#shared/table/row.ts';
import {
  BATCH_PUT_ITEMS,
  batchGetAll,
  batchPut,
  queryAll,
  type Table,
  type TransactItem,
} from '#shared/table/table.ts';
import { jobRowSchema, type JobRow } from './job.ts';

export interface JobRows {
  /** What became of one of a job's subjects, for jobs that tell a result per row. The last word wins. */
  saveRow(jobId: string, subject: string, row: JobRow): Promise<void>;
  /** The same of many at once; after an error some of them may be saved. */
  saveRows(jobId: string, rows: ReadonlyMap<string, JobRow>): Promise<void>;
  /** The same as a part of a transaction. */
  rowTransaction(jobId: string, subject: string, row: JobRow): TransactItem;
  rowsOf(jobId: string, subjects: readonly string[]): Promise<ReadonlyMap<string, JobRow>>;
  /** Rows in the order of their subjects, after this one; of one outcome only when told. */
  pageOfRows(
    jobId: string,
    page: { readonly limit: number; readonly after: string | null; readonly outcome?: string | undefined },
  ): Promise<{ readonly rows: readonly (JobRow & { readonly subject: string })[]; readonly end: boolean }>;
}

const itemOf = (jobId: string, subject: string, row: JobRow) => ({
  ...keys.jobRow(jobId, subject),
  type: 'job_row',
  jobId,
  subject,
  ...row,
});

/** What became of a job's subjects, a row each. */
export function createJobRows(table: Table): JobRows {
  return {
    async saveRow(jobId, subject, row) {
      await table.client.send(new PutCommand({ TableName: table.name, Item: itemOf(jobId, subject, row) }));
    },

    rowTransaction: (jobId, subject, row) => ({
      Put: { TableName: table.name, Item: itemOf(jobId, subject, row) },
    }),

    async saveRows(jobId, rows) {
      const items = [...rows].map(([subject, row]) => itemOf(jobId, subject, row));
      for (let from = 0; from < items.length; from += BATCH_PUT_ITEMS)
        await batchPut(table, items.slice(from, from + BATCH_PUT_ITEMS));
    },

    async pageOfRows(jobId, { limit, after, outcome }) {
      const rows: (JobRow & { readonly subject: string })[] = [];
      const first = `${keys.jobRow(jobId, after ?? '').sk}${after === null ? '' : '\u0001'}`;
      const items = queryAll(
        table,
        query(
          equals('pk', keys.jobPartition(jobId)),
          between('sk', first, keys.jobRow(jobId, '\u{10ffff}').sk),
          outcome === undefined ? {} : { filter: equals('outcome', outcome) },
        ),
      );
      for await (const item of items) {
        if (rows.length === limit) return { rows, end: false };
        rows.push({ ...parseRow(jobRowSchema, 'job_row', item), subject: String(item['subject']) });
      }
      return { rows, end: true };
    },

    async rowsOf(jobId, subjects) {
      const wanted = subjects.map((subject) => keys.jobRow(jobId, subject));
      const items = await batchGetAll(table, wanted, { consistent: true });
      return new Map(items.map((item) => [String(item['subject']), parseRow(jobRowSchema, 'job_row', item)]));
    },
  };
}
