import { TASKS, type TaskPayloads } from '#shared/composition/tasks.ts';
import { workEach } from '#shared/jobs/task-handlers.ts';
import type { Job } from '#shared/jobs/job.ts';
import { newJob } from '#shared/jobs/start-job.ts';
import { PartFailedError, type PartOutcome } from '#shared/jobs/work-part.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import type { FlashEvent } from '#shared/score-sync/score-records.ts';
import { createDynamoPlanApi } from '#shared/composition/roster-plan.ts';
import { createReconcileWorker } from '#shared/teams/reconcile/reconcile-worker.ts';
import { createDynamoReconcile } from '#shared/composition/reconcile.ts';
import type { PlanConfirmation, RosterPlanView } from '#shared/teams/contract.ts';
import { createFlashRepository } from '#shared/score-sync/flash-repository.ts';
import { createIdentityRepository } from '#shared/identity/identity-repository.ts';
import { createJobRepository } from '#shared/jobs/job-repository.ts';
import type { Table } from '#shared/table/table.ts';
import { recordingLog } from '#test/shared/kernel/recording-log.ts';
import { RosterWorld, type Crash } from '../rosters/roster-world.ts';

class Died extends Error {}

const ADMIN = { sub: 'sub-ines', actingAs: null, requestId: 'req-2' };

/** Reconciliation runs and their confirmation beside the edits and workers of a roster world. */
export class ReconcileWorld {
  readonly world: RosterWorld;
  /** What the runs told the alarms. */
  readonly stopped: number[] = [];
  readonly held: string[] = [];
  /** The last job whose part was attempted. */
  lastJob: Job | undefined;
  #ids = 0;

  constructor(table: Table) {
    this.world = new RosterWorld(table);
  }

  get #api() {
    const { table } = this.world;
    return createDynamoPlanApi({
      table,
      people: createIdentityRepository(table),
      now: () => this.world.now,
      newId: (prefix) => `${prefix}_admin_${(this.#ids += 1)}`,
    });
  }

  newJob(payload: Readonly<Record<string, unknown>> = {}): Job {
    this.#ids += 1;
    const id = `job_reconcile_${this.#ids}`;
    return newJob(id, { taskType: 'roster_reconcile', payload, startedBy: 'schedule:test' }, this.world.now);
  }

  /** One attempt at the job's part; `died`, or the sentence of a failure for good. */
  async attempt(
    job: Job,
    options: { readonly crash?: Crash; readonly remainingMs?: () => number } = {},
  ): Promise<
    PartOutcome | { readonly kind: 'died' } | { readonly kind: 'failed'; readonly sentence: string }
  > {
    this.world.later(5);
    this.lastJob = job;
    const { crash, remainingMs = () => 60_000 } = options;
    let calls = 0;
    let died = false;
    const step = async <T>(effect: () => Promise<T>): Promise<T> => {
      if (died) throw new Died();
      const mine = calls;
      calls += 1;
      if (crash?.at === mine && crash.side === 'before') died = true;
      if (died) throw new Died();
      const [end] = await Promise.allSettled([effect()]);
      if (crash?.at === mine) died = true;
      if (died) throw new Died();
      if (end.status === 'rejected') throw end.reason;
      return end.value;
    };
    const { client, name } = this.world.table;
    const table = {
      name,
      client: { send: (command: unknown) => step<unknown>(() => client.send(command as never)) },
    } as unknown as Table;
    const reconcile = createReconcileWorker({
      ...createDynamoReconcile(
        table,
        (prefix) => `${prefix}_run_${(this.#ids += 1)}`,
        () => this.world.now,
      ),
      platform: {
        getTeamAssignments: (...args) => step(() => this.world.platform.api.getTeamAssignments(...args)),
      },
      processing: {
        suspension: () => Promise.resolve(null),
        block: (code) => {
          this.held.push(code);
          return Promise.resolve();
        },
      },
      wakeUp: (wakeUps) =>
        step(() => {
          for (const wakeUp of wakeUps) this.world.send(wakeUp);
          return Promise.resolve();
        }),
      metrics: { add: (_metric, value) => this.stopped.push(value) },
    });
    const work = workEach<Pick<TaskPayloads, 'roster_reconcile'>>(TASKS, { roster_reconcile: reconcile });
    const part = { jobId: job.id, part: 0, subjects: ['everybody'] } as never;
    try {
      return await work(job, part, { remainingMs, log: recordingLog().log, lastAttempt: false });
    } catch (error) {
      if (error instanceof Died) return { kind: 'died' };
      if (error instanceof PartFailedError) return { kind: 'failed', sentence: error.sentence };
      throw error;
    }
  }

  /** A run to its end; its counts. */
  async run(payload: Readonly<Record<string, unknown>> = {}): Promise<Readonly<Record<string, number>>> {
    const outcome = await this.attempt(this.newJob(payload));
    if (outcome.kind !== 'finished') throw new Error(`The run ended otherwise: ${JSON.stringify(outcome)}`);
    return outcome.counts;
  }

  async plan(): Promise<RosterPlanView> {
    const plan = await this.#api.latestPlan();
    if (plan === null) throw new Error('There is no plan.');
    return plan;
  }

  readonly hasPlan = async (): Promise<boolean> => (await this.#api.latestPlan()) !== null;

  /** The last plan is confirmed; the job that follows, or the code of the refusal. */
  async confirm(over: Partial<PlanConfirmation> = {}, planId?: string): Promise<Job | string> {
    this.world.later(1);
    const plan = await this.plan();
    const body = {
      scope: 'all',
      reason: 'Looked at with the vendor',
      removals: plan.removals,
      ...over,
    } as const;
    let jobId: string;
    try {
      jobId = await this.#api.confirmPlan(planId ?? plan.id, body, ADMIN);
    } catch (error) {
      if (error instanceof DomainError) return error.code;
      throw error;
    }
    const job = await createJobRepository(this.world.table).byId(jobId);
    if (job === undefined) throw new Error('There is no job.');
    return job;
  }

  /** Confirms, and works the job off. */
  async release(over: Partial<PlanConfirmation> = {}) {
    const job = await this.confirm(over);
    if (typeof job === 'string') throw new Error(`Refused: ${job}`);
    return this.attempt(job);
  }

  async startEvent(): Promise<FlashEvent> {
    const { now } = this.world;
    const event = {
      eventId: 'evt',
      name: 'November Flash CTF',
      startsAt: new Date(now.getTime() - 3_600_000).toISOString(),
      endsAt: new Date(now.getTime() + 3_600_000).toISOString(),
      firstSeenAt: now.toISOString(),
    };
    await createFlashRepository(this.world.table).saveEvent(event);
    return event;
  }

  /** What somebody at the vendor does: nobody here knows of it. */
  moveThere(userId: string, teamId: string | null): void {
    const { platform } = this.world.platform.model;
    if (platform.account(userId).teamId !== null) platform.deleteAssignment(userId);
    if (teamId !== null) platform.assignTeam(userId, teamId);
  }

  /** The platform has forgotten everybody's team. */
  loseAllThere(): void {
    for (const id of this.world.platform.model.userIds()) this.moveThere(id, null);
  }

  async there(): Promise<Readonly<Record<string, string>>> {
    return (await this.world.assignments()).there;
  }
}
