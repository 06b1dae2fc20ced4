import { cancelJob } from '#shared/jobs/cancel-job.ts';
import { dispatchDue } from '#shared/jobs/dispatch-due.ts';
import { eachSubject } from '#shared/jobs/each-subject.ts';
import type { Job, JobPart } from '#shared/jobs/job.ts';
import { planJob } from '#shared/jobs/plan-job.ts';
import { reopenJob } from '#shared/jobs/reopen-job.ts';
import { newJob } from '#shared/jobs/start-job.ts';
import { TASKS, type TaskType } from '#shared/composition/tasks.ts';
import { workPart } from '#shared/jobs/work-part.ts';
import { createAuditRepository } from '#shared/audit/audit-repository.ts';
import { createJobRepository } from '#shared/jobs/job-repository.ts';
import { keys } from '#shared/table/keys.ts';
import type { Table } from '#shared/table/table.ts';
import { recordingLog } from '#test/shared/kernel/recording-log.ts';
import { itemsOf } from '#test/support/dynamodb.ts';
import { dyingTable, KilledError, type Crash } from '#test/support/dying-table.ts';

export const DOER = { sub: 'ada', actingAs: null, requestId: 'req-1' };
export const JOB = 'job_1';

/**
 * One job over some subjects, two in a part, on a real table: its parts are processed by a worker that remembers whom
 * it dealt with, as real ones do.
 */
export class JobWorld {
  now = new Date('2026-11-24T20:00:00.000Z');
  /** Hints on their way. */
  readonly queue: number[] = [];
  /** Subjects in the order in which the platform was asked about them. */
  readonly asked: string[] = [];
  readonly finished: Job['status'][] = [];
  /** Runs before a subject is dealt with; rejecting fails the whole attempt of the part. */
  onSubject: (subject: string) => Promise<void> = () => Promise.resolve();
  readonly table: Table;
  readonly jobs;
  #id = 0;

  constructor(table: Table) {
    this.table = table;
    this.jobs = createJobRepository(table);
  }

  deps(table: Table) {
    const jobs = createJobRepository(table);
    const audit = createAuditRepository(table);
    const newId = (prefix: string) => `${prefix}_${(this.#id += 1)}`;
    return {
      jobs,
      jobById: (id: string) => jobs.byId(id),
      reopen: async (job: Job, at: string, entry: Parameters<typeof audit.appendTransaction>[0]) =>
        jobs.reopen(job, at, [await audit.appendTransaction(entry)]),
      cancel: async (job: Job, at: string, entry: Parameters<typeof audit.appendTransaction>[0]) =>
        jobs.cancel(job, at, [await audit.appendTransaction(entry)]),
      superseded: () => Promise.resolve(null),
      tasks: TASKS,
      planPage: () => Promise.resolve({ subjects: [], next: null }),
      suspension: () => Promise.resolve(null),
      sendWakeUps: (parts: readonly JobPart[]) => {
        this.queue.push(...parts.map(({ part }) => part));
        return Promise.resolve();
      },
      onFinished: ({ status }: Job) => void this.finished.push(status),
      now: () => this.now,
      newId,
      log: recordingLog().log,
    };
  }

  /** Runs something as one process that may be killed; answers how many calls to the table it made. */
  async #process(
    crash: Crash | undefined,
    run: (deps: ReturnType<JobWorld['deps']>) => Promise<unknown>,
  ): Promise<number> {
    const { table, calls } = dyingTable(this.table, crash);
    await run(this.deps(table)).catch((error: unknown) => {
      if (!(error instanceof KilledError)) throw error;
    });
    return calls();
  }

  /** A running job, planned, its parts hinted. */
  async begin(subjects: readonly string[], taskType: TaskType = 'game_platform_sync'): Promise<void> {
    await this.jobs.create(newJob(JOB, { taskType, payload: {}, startedBy: 'user:ines' }, this.now));
    const begun = await this.jobs.begin(JOB, this.now.toISOString());
    if (begun === undefined) throw new Error('The job is not there.');
    for (let from = 0; from < subjects.length; from += 2) {
      const sentAt = this.now.toISOString();
      const last = from + 2 >= subjects.length;
      const plan = { subjects: subjects.slice(from, from + 2), cursor: null, last, sentAt };
      await this.jobs.addPart({ ...begun, parts: from / 2 }, plan);
      this.queue.push(from / 2);
    }
  }

  retry(crash?: Crash): Promise<number> {
    return this.#process(crash, async (deps) => {
      const outcome = await reopenJob(deps, JOB, DOER);
      if (outcome.kind === 'reopened') await planJob(deps, JOB, () => 60_000);
    });
  }

  retryOutcome = () => reopenJob(this.deps(this.table), JOB, DOER);

  cancel(crash?: Crash): Promise<number> {
    return this.#process(crash, (deps) => cancelJob(deps, JOB, DOER));
  }

  cancelOutcome = () => cancelJob(this.deps(this.table), JOB, DOER);

  dispatch(crash?: Crash): Promise<number> {
    return this.#process(crash, (deps) => dispatchDue(deps, () => 60_000));
  }

  work(part: number, crash?: Crash): Promise<number> {
    return this.#process(crash, (deps) =>
      workPart(
        {
          ...deps,
          worker: (_job, { subjects }, context) =>
            eachSubject(
              subjects,
              context,
              { concurrency: 1, startWithMs: 1, suspension: deps.suspension, block: () => Promise.resolve() },
              async (subject) => {
                if (this.asked.includes(subject)) return 'ok';
                await this.onSubject(subject);
                this.asked.push(subject);
                return 'ok';
              },
            ),
        },
        { kind: 'job_part', jobId: JOB, part },
        { receiveCount: 1, remainingMs: () => 60_000 },
      ),
    );
  }

  /** Processes what is hinted, round by round, until the job is over. */
  async drain(): Promise<void> {
    for (let round = 0; round < 12; round += 1) {
      for (let part = this.queue.shift(); part !== undefined; part = this.queue.shift())
        await this.work(part);
      await this.dispatch();
      const { status } = await this.job();
      if (this.queue.length === 0 && status !== 'running' && status !== 'pending') return;
      this.now = new Date(this.now.getTime() + 11 * 60_000);
    }
    throw new Error('The job did not end.');
  }

  async job(): Promise<Job> {
    const job = await this.jobs.byId(JOB);
    if (job === undefined) throw new Error('The job is gone.');
    return job;
  }

  parts(): Promise<JobPart[]> {
    return this.jobs.pageOfParts(JOB, { limit: 100, after: null });
  }

  /** What the audit log says was done, in order. */
  async audited(): Promise<unknown[]> {
    const { pk } = keys.audit('2026-11-24', '', '');
    return (await itemsOf(this.table, pk)).map((item) => item['action']);
  }

  async inState(state: Job['status']): Promise<string[]> {
    const found: string[] = [];
    for await (const { id } of this.jobs.inState(state)) found.push(id);
    return found;
  }
}
