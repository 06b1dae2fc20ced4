import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { NoteRun, ScheduleRun } from '#shared/jobs/start-scheduled-job.ts';
import { atMost, condition, equals, notExists, or, query } from '#shared/table/expressions.ts';
import { keys, TTL_ATTRIBUTE } from '#shared/table/keys.ts';
import { parseRow } from '#shared/table/row.ts';
import { putIf, queryAll, type Table, type TransactItem } from '#shared/table/table.ts';

const TYPE = 'schedule_run';
/** Longer than a year, so that a yearly schedule has its last run. */
const KEEP_SECONDS = 400 * 86_400;

const scheduleRunSchema = z.object({
  scheduleName: z.string(),
  time: z.iso.datetime(),
  jobId: z.string().nullable(),
  byHand: z.boolean(),
});

export interface ScheduleRunRepository {
  readonly note: NoteRun;
  /** Of a run by hand, which is the last one: a part of the transaction that makes its job. */
  readonly noteTransaction: (run: ScheduleRun) => TransactItem;
  /** The last run of each schedule, by its name; one query, since there are few schedules. */
  readonly all: () => Promise<ReadonlyMap<string, ScheduleRun>>;
  readonly remove: (scheduleName: string) => Promise<void>;
}

const itemOf = (run: ScheduleRun) => ({
  ...keys.scheduleRun(run.scheduleName),
  [TTL_ATTRIBUTE]: Math.ceil(Date.parse(run.time) / 1_000) + KEEP_SECONDS,
  type: TYPE,
  ...run,
});

/** One row per schedule: when it ran last. */
export function createScheduleRunRepository(table: Table): ScheduleRunRepository {
  return {
    async note(run) {
      const at = Date.parse(run.time);
      // A message made by hand may say anything.
      if (Number.isNaN(at)) return;
      const time = new Date(at).toISOString();
      await putIf(table, {
        Item: itemOf({ ...run, time }),
        ...condition(or(notExists('pk'), atMost('time', time))),
      });
    },
    noteTransaction: (run) => ({ Put: { TableName: table.name, Item: itemOf(run) } }),
    async all() {
      const runs = new Map<string, ScheduleRun>();
      for await (const item of queryAll(table, query(equals('pk', keys.scheduleRuns)))) {
        const run = parseRow(scheduleRunSchema, TYPE, item);
        runs.set(run.scheduleName, run);
      }
      return runs;
    },
    async remove(scheduleName) {
      await table.client.send(
        new DeleteCommand({ TableName: table.name, Key: keys.scheduleRun(scheduleName) }),
      );
    },
  };
}
