import { createAuditRepository } from '#shared/audit/audit-repository.ts';
import type { DeadLetterQueues } from '#shared/dead-letters/dead-letter-queues.ts';
import { createRedriveMessage } from '#shared/dead-letters/redrive-message.ts';
import type { RedriveWorkerDeps } from '#shared/dead-letters/redrive-worker.ts';
import { createJobRepository } from '#shared/jobs/job-repository.ts';
import type { SendWakeUps } from '#shared/jobs/queue-sender.ts';
import { reopenJob, type ReopenJobDeps } from '#shared/jobs/reopen-job.ts';
import { sendOrLeave } from '#shared/jobs/send-or-leave.ts';
import { startScheduledJob } from '#shared/jobs/start-scheduled-job.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { NewId } from '#shared/kernel/ids.ts';
import type { Log } from '#shared/kernel/log.ts';
import { createScheduleRunRepository } from '#shared/schedules/schedule-run-repository.ts';
import type { Suspension } from '#shared/settings/processing.ts';
import type { Table } from '#shared/table/table.ts';
import type { RosterWakeUp } from '#shared/teams/rosters/roster-entry.ts';
import { createRosterRepository } from '#shared/teams/rosters/roster-repository.ts';
import { createDynamoDeadLetters } from './dead-letters.ts';
import { TASKS } from './tasks.ts';

const ROWS_AT_ONCE = 1_000;

/** What the redrive of dead letters needs, on the table. */
export function createDynamoRedrive(options: {
  readonly table: Table;
  readonly queues: DeadLetterQueues;
  readonly superseded: ReopenJobDeps['superseded'];
  readonly plan: (jobId: string, remainingMs: () => number, log: Log) => Promise<void>;
  readonly suspension: (taskType: string) => Promise<Suspension | null>;
  readonly sendWakeUps: SendWakeUps;
  readonly sendRoster: (messages: readonly RosterWakeUp[]) => Promise<void>;
  readonly now: Clock;
  readonly newId: NewId;
}): RedriveWorkerDeps {
  const { table, queues, superseded, plan, suspension, sendWakeUps, sendRoster, now, newId } = options;
  const jobs = createJobRepository(table);
  const audit = createAuditRepository(table);
  const entries = createRosterRepository(table);
  const noteRun = createScheduleRunRepository(table).note;
  return {
    queues,
    readFacts: createDynamoDeadLetters(table),
    redrive: createRedriveMessage({
      reopen: (jobId, actor) =>
        reopenJob(
          {
            jobById: (id) => jobs.byId(id),
            reopen: (job, at, entry) => jobs.reopen(job, at, [audit.appendTransaction(entry)]),
            superseded,
            now,
            newId,
          },
          jobId,
          actor,
        ),
      plan,
      wakePart: async (part, log) => {
        const sentAt = (await suspension(part.taskType)) === null ? now().toISOString() : null;
        // Marked first: a crash in between is found by the dispatcher.
        if (!(await jobs.markSent(part, sentAt)) || sentAt === null) return;
        await sendOrLeave({ sendWakeUps, jobs, log }, [{ ...part, sentAt }]);
      },
      startFiring: async (firing) => {
        await startScheduledJob({ tasks: TASKS, jobs, noteRun, now, newId }, firing);
      },
      entryById: entries.byId,
      hurry: entries.hurry,
      wakeRosters: async (messages) => {
        if ((await suspension('team_sync')) === null) await sendRoster(messages);
      },
      now,
    }),
    rows: {
      save: (jobId, subject, row) => jobs.saveRow(jobId, subject, row),
      all: async (jobId) => {
        const rows = [];
        let after: string | null = null;
        for (;;) {
          const page = await jobs.pageOfRows(jobId, { limit: ROWS_AT_ONCE, after });
          rows.push(...page.rows);
          after = page.rows.at(-1)?.subject ?? null;
          if (page.end || after === null) return rows;
        }
      },
    },
    now,
  };
}
