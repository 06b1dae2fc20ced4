import { finishJobIfDone } from '#shared/jobs/finish-job.ts';
import type { Job, JobPart } from '#shared/jobs/job.ts';
import { planJob } from '#shared/jobs/plan-job.ts';
import { newJob, type StartJobInput } from '#shared/jobs/start-job.ts';
import { workEach } from '#shared/jobs/task-handlers.ts';
import { DEAD_LETTER_TASKS } from '#shared/dead-letters/tasks.ts';
import { workPart } from '#shared/jobs/work-part.ts';
import { createDynamoDeadLetters } from '#shared/composition/dead-letters.ts';
import { createDynamoRedrive } from '#shared/composition/redrive.ts';
import { createRedriveWorker } from '#shared/dead-letters/redrive-worker.ts';
import type { RosterWakeUp } from '#shared/teams/rosters/roster-entry.ts';
import { createJobRepository } from '#shared/jobs/job-repository.ts';
import { createRosterRepository } from '#shared/teams/rosters/roster-repository.ts';
import type { Table } from '#shared/table/table.ts';
import { recordingLog } from '#test/shared/kernel/recording-log.ts';
import { FakeDeadLetterQueues } from './fake-dead-letter-queues.ts';

class DiedError extends Error {
  override readonly name = 'DiedError';
}

const noSuspension = () => Promise.resolve(null);
const planPage = () => Promise.resolve({ subjects: ['cmp_0'], next: null });

/** Jobs, members and dead letters on a real table, and the worker that redrives them. */
export class RedriveWorld {
  readonly table: Table;
  readonly queues: FakeDeadLetterQueues;
  readonly jobs: ReturnType<typeof createJobRepository>;
  readonly hinted: JobPart[] = [];
  readonly rosterWakeUps: RosterWakeUp[] = [];
  readonly waits: number[] = [];
  /** What happens while the worker keeps to its rate. */
  onWait: (() => Promise<void>) | undefined;
  paused = false;
  private time = Date.parse('2026-11-24T20:00:00.000Z');
  private ids = 0;

  constructor(table: Table) {
    this.table = table;
    this.queues = new FakeDeadLetterQueues(this.now);
    this.jobs = createJobRepository(table);
  }

  now = (): Date => new Date(this.time);
  later(seconds: number): void {
    this.time += seconds * 1_000;
  }

  /** A job whose parts ended like this; their messages are for the test to put. */
  async endedJob(
    id: string,
    input: Partial<StartJobInput>,
    ends: readonly ('failed' | 'succeeded')[],
    error = 'The Game Platform did not do what was asked (UNAVAILABLE, get_odl_scores).',
  ): Promise<void> {
    const whole = { taskType: 'game_platform_sync', payload: {}, startedBy: 'user:ada', ...input } as const;
    await this.jobs.create(newJob(id, whole, this.now()));
    await this.begun(id);
    for (const [index] of ends.entries()) {
      const last = index === ends.length - 1;
      await this.jobs.addPart(await this.job(id), {
        subjects: [`cmp_${index}`],
        cursor: null,
        last,
        sentAt: null,
      });
    }
    for (const [index, status] of ends.entries()) {
      const part = await this.jobs.part(id, index);
      if (part === undefined) throw new Error('The part is not there.');
      const counts = { [status]: 1 };
      const result = { status, done: 1, counts, error: status === 'failed' ? error : null };
      await this.jobs.closePart(part, result, this.now().toISOString());
    }
    const closed = await this.job(id);
    const failed = ends.includes('failed');
    await this.jobs.finish(
      closed,
      failed ? 'failed' : 'succeeded',
      failed ? `1 of ${ends.length} parts failed. ${error}` : null,
      this.now().toISOString(),
    );
  }

  /** A member who is wanted on another team than the platform has them on. */
  async waitingMember(competitorId: string): Promise<void> {
    await createRosterRepository(this.table).put({
      competitorId,
      coachId: 'coa_1',
      wantedTeamId: 'team_a',
      wantedAt: this.now().toISOString(),
      editedBy: 'ada',
      confirmedTeamId: null,
      confirmedAt: null,
      doubtTeamId: null,
      failure: null,
      attempts: 0,
      notBefore: null,
      lastEditSeconds: null,
      closedWish: null,
      repairedBy: null,
      erasedPlatformId: null,
    });
  }

  async job(id: string): Promise<Job> {
    const job = await this.jobs.byId(id);
    if (job === undefined) throw new Error(`There is no job ${id}.`);
    return job;
  }

  private async begun(id: string): Promise<Job> {
    const job = await this.jobs.begin(id, this.now().toISOString());
    if (job === undefined) throw new Error(`Job ${id} did not begin.`);
    return job;
  }

  readFacts = () => createDynamoDeadLetters(this.table)();

  /** Starts a redrive and works it off; the first process that does dies before its n-th call. */
  async redrive(
    choice: {
      readonly queue?: 'roster' | 'sync' | 'work';
      readonly jobIds?: readonly string[];
      readonly cause?: string;
      readonly all?: boolean;
      readonly trial?: boolean;
      readonly maxPerSecond?: number;
    },
    diesBefore?: number,
  ): Promise<{ readonly job: Job; readonly calls: number }> {
    this.ids += 1;
    const id = `job_redrive_${this.ids}`;
    const payload = { queue: 'sync', trial: false, maxPerSecond: 4, ...choice };
    const input = { taskType: 'dead_letter_redrive', payload, startedBy: 'user:ines' } as const;
    await this.jobs.create(newJob(id, input, this.now()));
    const job = await this.begun(id);
    await this.jobs.addPart(job, { subjects: ['letters'], cursor: null, last: true, sentAt: null });
    const { calls } = await this.work(id, diesBefore);
    for (let round = 0; (await this.job(id)).status === 'running' && round < 10; round += 1) {
      // The claim of who died runs out, and the messages in their hands are visible again.
      this.later(120);
      await this.work(id);
    }
    return { job: await this.job(id), calls };
  }

  /** One process: every call to the table and the queues is counted. */
  private async work(jobId: string, diesBefore?: number): Promise<{ readonly calls: number }> {
    let calls = 0;
    let dead = false;
    const call = async <T>(make: () => Promise<T>): Promise<T> => {
      dead ||= calls === diesBefore;
      if (dead) throw new DiedError();
      calls += 1;
      const answer = await make();
      // Also for answers that come in after another call of the same process died.
      if (dead) throw new DiedError();
      return answer;
    };
    const client = new Proxy(this.table.client, {
      get: (target, property, receiver) =>
        property === 'send'
          ? (command: Parameters<typeof target.send>[0]) => call(() => target.send(command))
          : Reflect.get(target, property, receiver),
    });
    const table = { ...this.table, client };
    const jobs = createJobRepository(table);
    const suspension = () => Promise.resolve(this.paused ? ({ kind: 'off' } as const) : null);
    const sendWakeUps = (parts: readonly JobPart[]) =>
      call(() => {
        this.hinted.push(...parts);
        return Promise.resolve();
      });
    const common = { jobs, now: this.now, onFinished: () => undefined, log: recordingLog().log };
    const redriveWorker = createRedriveWorker({
      ...createDynamoRedrive({
        table,
        queues: {
          receive: (...args) => call(() => this.queues.receive(...args)),
          giveBack: (letters) => call(() => this.queues.giveBack(letters)),
          remove: (message) => call(() => this.queues.remove(message)),
        },
        superseded: () => Promise.resolve(null),
        plan: (id, remainingMs, log) =>
          planJob({ ...common, log, planPage, suspension, sendWakeUps }, id, remainingMs),
        suspension,
        sendWakeUps,
        sendRoster: (wakeUps) =>
          call(() => {
            this.rosterWakeUps.push(...wakeUps);
            return Promise.resolve();
          }),
        now: this.now,
        newId: (prefix) => {
          this.ids += 1;
          return `${prefix}_${this.ids}`;
        },
      }),
      wait: (milliseconds) => {
        this.waits.push(milliseconds);
        return this.onWait?.() ?? Promise.resolve();
      },
    });
    const worker = workEach(DEAD_LETTER_TASKS, { dead_letter_redrive: redriveWorker });
    const work = async () => {
      const message = { kind: 'job_part', jobId, part: 0 } as const;
      const delivery = { receiveCount: 1, remainingMs: () => 60_000 };
      await workPart({ ...common, worker, suspension: noSuspension }, message, delivery);
      // As the dispatcher does each minute.
      await finishJobIfDone(common, jobId);
    };
    await work().catch((error: unknown) => {
      if (!(error instanceof DiedError)) throw error;
    });
    return { calls };
  }
}
