import { createTeamRepository } from '#shared/teams/team-repository.ts';
import { DEFAULT_PROGRAM_SETTINGS } from '#shared/settings/sync-settings.ts';
import { PutCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createCompetitorRepository } from '#shared/competitors/competitor-repository.ts';
import { createPlanPage } from '#shared/composition/planners.ts';
import { createDynamoProfileRefresh } from '#shared/composition/profile-refresh.ts';
import { TASKS, type TaskPayloads } from '#shared/composition/tasks.ts';
import { createReadingRepository } from '#shared/game-platform/reading-repository.ts';
import { createIdentityRepository } from '#shared/identity/identity-repository.ts';
import { createCleanupWorker } from '#shared/jobs/cleanup-worker.ts';
import { createJobArchive } from '#shared/jobs/job-archive.ts';
import { createJobRepository } from '#shared/jobs/job-repository.ts';
import type { Job, JobPart, WorkMessage } from '#shared/jobs/job.ts';
import { handlePartMessages } from '#shared/jobs/part-entry.ts';
import type { HandleMessage } from '#shared/jobs/queue-entry.ts';
import { newJob } from '#shared/jobs/start-job.ts';
import { workEach } from '#shared/jobs/task-handlers.ts';
import { handleWorkMessages } from '#shared/jobs/work-entry.ts';
import { createNewId } from '#shared/kernel/ids.ts';
import { createLog } from '#shared/kernel/log.ts';
import { createProfileRefreshWorker, readAccount } from '#shared/onboarding/profile-refresh-worker.ts';
import type { SYNC_TASKS } from '#shared/score-sync/contract.ts';
import { orDryRun } from '#shared/score-sync/dry-run.ts';
import { finishMetrics } from '#shared/score-sync/finish-metrics.ts';
import { createFlashRepository } from '#shared/score-sync/flash-repository.ts';
import { createPartObservations } from '#shared/score-sync/part-observations.ts';
import { createPolicyRepository } from '#shared/score-sync/policy-repository.ts';
import { createQuarantineRepository } from '#shared/score-sync/quarantine-repository.ts';
import { readAlone } from '#shared/score-sync/read-alone.ts';
import { createRefreshWorker } from '#shared/score-sync/refresh-worker.ts';
import { createRoundRepository } from '#shared/score-sync/round-repository.ts';
import { syncStateItem, totalsDueItem } from '#shared/score-sync/score-items.ts';
import type { SyncState } from '#shared/score-sync/score-records.ts';
import { createSolveRepository } from '#shared/score-sync/solve-repository.ts';
import {
  createSyncStateRepository,
  type SyncStateRepository,
} from '#shared/score-sync/sync-state-repository.ts';
import { createFlashWorker, startEventJob, createSyncWorker } from '#shared/score-sync/sync-worker.ts';
import { createTotalsRepository } from '#shared/score-sync/totals-repository.ts';
import { createTotalsWorker } from '#shared/score-sync/totals-worker.ts';
import { createProcessingSwitch } from '#shared/settings/processing-switch.ts';
import { createScheduleRunRepository } from '#shared/schedules/schedule-run-repository.ts';
import { createSettingsRepository } from '#shared/settings/settings-repository.ts';
import type { Table } from '#shared/table/table.ts';
import { ScorePlatform } from './score-platform.ts';

export const TIME_ZONE = 'America/Los_Angeles';
const MAX_RECEIVES = 5;

interface QueuedMessage {
  readonly body: unknown;
  receives: number;
}

/** The worker is killed at an await: this call and every later one of the invocation is lost. */
class Killed extends Error {}

/** What the document client's one method takes; its overloads are of no use here. */
type SendArgument = Parameters<DynamoDBDocumentClient['send']>[0];

export interface TableCall {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** Capacity units that it took. */
  readonly units: number;
}

function unitsOf(answer: object): number {
  const consumed: unknown = 'ConsumedCapacity' in answer ? answer.ConsumedCapacity : [];
  const each = [consumed].flat() as { readonly CapacityUnits?: number }[];
  return each.reduce((sum, one) => sum + (one.CapacityUnits ?? 0), 0);
}

const readsAlone = (states: SyncStateRepository): SyncStateRepository => ({
  ...states,
  recordTogether: async (_, { reads, afterReads }) => {
    try {
      return await reads(states.recordRead);
    } finally {
      await afterReads?.();
    }
  },
});

export const syncState = (id: string, change: Partial<SyncState> = {}): SyncState => ({
  competitorId: id,
  coachId: 'coach_1',
  gamePlatformId: `gp_${id}`,
  cursorUnix: 0,
  lastReadAt: null,
  lastFlashReadAt: null,
  lastFailure: null,
  ...change,
});

/** The types that this world processes. */
type Processed = (typeof SYNC_TASKS)[number] | 'competitor_refresh' | 'profile_refresh' | 'job_cleanup';

/** The two queues, the workers behind them, a clock and a fake platform, on a real table. */
export class SyncWorld {
  now = new Date('2026-11-03T18:00:00.000Z');
  readonly platform = new ScorePlatform(() => Math.floor(this.now.getTime() / 1000));
  readonly sync: QueuedMessage[] = [];
  readonly deadLetters: unknown[] = [];
  readonly tableCalls: TableCall[] = [];
  readonly metrics: { name: string; value: number }[] = [];
  readonly finished: Job[] = [];
  readonly jobs;
  wakeUpsFail = false;
  /** Off: every read writes the state of the competitor, as if no two shared a row. */
  sharesNoOpReads = true;
  /** Which policy reads a competitor. */
  variantOf: (competitorId: string) => string = () => 'all';
  /** Whether the last invocation was killed. */
  killed = false;
  /** Milliseconds an invocation may take; the clock of the world does not move by itself. */
  remainingMs: () => number = () => 60_000;
  #started = 0;
  #callsUntilKilled = Infinity;
  #answerLost = false;

  readonly table: Table;
  constructor(table: Table) {
    this.table = table;
    this.jobs = createJobRepository(table);
    this.platform.onCall = () => this.#step();
  }

  #step(): Promise<void> {
    this.#callsUntilKilled -= 1;
    if (this.#callsUntilKilled < 0) this.killed = true;
    return this.#callsUntilKilled < 0 ? Promise.reject(new Killed()) : Promise.resolve();
  }

  /** The table as workers see it: it notes calls, and dies with the worker before or after the fatal call. */
  get #workerTable(): Table {
    const { client, name } = this.table;
    const send: DynamoDBDocumentClient['send'] = async (command: SendArgument) => {
      const call = { name: command.constructor.name, input: { ...command.input }, units: 0 };
      this.tableCalls.push(call);
      if (!this.#answerLost) await this.#step();
      Object.assign(command.input, { ReturnConsumedCapacity: 'TOTAL' });
      const answer = await client.send(command);
      call.units = unitsOf(answer);
      if (this.#answerLost) await this.#step();
      return answer;
    };
    return { name, client: Object.assign(Object.create(client), { send }) };
  }

  #deps() {
    const table = this.#workerTable;
    const now = () => this.now;
    const settings = createSettingsRepository(table);
    const processing = createProcessingSwitch({ settings, now });
    const jobs = createJobRepository(table);
    const metrics = { add: (name: string, value: number) => void this.metrics.push({ name, value }) };
    const states = createSyncStateRepository(table);
    const shared = {
      platform: this.platform,
      solves: createSolveRepository(table),
      syncStates: this.sharesNoOpReads ? states : readsAlone(states),
      quarantine: createQuarantineRepository(table),
      processing,
      metrics,
      timeZone: TIME_ZONE,
      now,
      newId: createNewId(now),
      newObservations: createPartObservations({
        policy: createPolicyRepository(table),
        variants: () => Promise.resolve({ variantOf: this.variantOf, slaSeconds: 8 * 3600 }),
        timeZone: TIME_ZONE,
        now,
      }),
    };
    const totals = createTotalsRepository(table);
    const finish = finishMetrics(metrics);
    const common = {
      jobs,
      now,
      suspension: () => processing.suspension(),
      onFinished: (job: Job) => {
        this.finished.push(job);
        finish(job);
      },
    };
    const flash = { ...createFlashRepository(table), onOpenEvent: startEventJob({ jobs, now }) };
    const alone = { readings: createReadingRepository(table), now };
    const syncWorker = readAlone(alone, createSyncWorker({ ...shared, flash }));
    const flashWorker = readAlone(alone, createFlashWorker({ ...shared, flash }));
    const totalsWorker = readAlone(alone, createTotalsWorker({ ...shared, totals }));
    const profileDeps = { ...shared, ...createDynamoProfileRefresh(table) };
    const archive = createJobArchive(table);
    const cleanupWorker = createCleanupWorker({
      jobById: (id) => jobs.byId(id),
      archive: archive.archive,
      keepDays: () => Promise.resolve(DEFAULT_PROGRAM_SETTINGS.keepDays),
      now,
    });
    const refreshWorker = readAlone(
      alone,
      createRefreshWorker({
        scores: { ...shared, flash },
        totals: { ...shared, totals },
        account: async (competitorId, job, context) =>
          readAccount(profileDeps, await profileDeps.competitorById(competitorId), job, context),
      }),
    );
    const profileWorker = readAlone(alone, createProfileRefreshWorker(profileDeps));
    return {
      part: handlePartMessages({
        ...common,
        worker: workEach<Pick<TaskPayloads, Processed>>(TASKS, {
          game_platform_sync: orDryRun(
            { ...shared, flash, saveRows: (jobId, rows) => jobs.saveRows(jobId, rows) },
            syncWorker,
          ),
          game_platform_totals_sweep: totalsWorker,
          game_platform_flash_ctf_sync: flashWorker,
          profile_refresh: profileWorker,
          competitor_refresh: refreshWorker,
          job_cleanup: cleanupWorker,
        }),
      }),
      work: handleWorkMessages({
        ...common,
        newId: shared.newId,
        tasks: TASKS,
        noteRun: createScheduleRunRepository(table).note,
        planPage: createPlanPage({
          syncStates: shared.syncStates,
          totals,
          flash,
          competitors: createCompetitorRepository(table),
          teams: createTeamRepository(table),
          coaches: createIdentityRepository(table).coaches,
          allCoachIds: () => Promise.resolve([]),
          backfill: {
            callsLeft: () => Promise.resolve({ today: 1_000, perDay: 1_000 }),
            noteForecast: (job, forecast) => jobs.noteForecast(job, forecast),
          },
          ended: archive.madeBefore,
          keepDays: () => Promise.resolve(DEFAULT_PROGRAM_SETTINGS.keepDays),
          rounds: createRoundRepository(table),
          observed: createPolicyRepository(table).observed,
          settings: async () => (await settings.syncSettings()).settings,
          jobs,
          timeZone: TIME_ZONE,
          eligible: () => true,
          now,
          onOldestRead: (age) => metrics.add('OldestReadAgeSeconds', age),
        }),
        sendWakeUps: async (parts: readonly JobPart[]) => {
          await this.#step();
          if (this.wakeUpsFail) throw new Error('The queue is not there.');
          for (const { jobId, part } of parts)
            this.sync.push({ body: { kind: 'job_part', jobId, part }, receives: 0 });
        },
      }),
    };
  }

  async #invoke(
    handle: HandleMessage,
    body: unknown,
    receiveCount: number,
    killAt: number,
  ): Promise<boolean> {
    this.#callsUntilKilled = killAt;
    this.killed = false;
    try {
      const delivery = { receiveCount, remainingMs: () => this.remainingMs() };
      const log = createLog(() => undefined);
      return (await handle(body, delivery, log)) === 'acknowledge';
    } catch {
      return false;
    } finally {
      this.#callsUntilKilled = Infinity;
    }
  }

  /** What kills the next invocations: before a call is made, or after it, when its answer is on the way. */
  losesAnswers(lost: boolean): void {
    this.#answerLost = lost;
  }

  async addCompetitor(id: string, change: Partial<SyncState> = {}): Promise<void> {
    const state = syncState(id, change);
    const put = (Item: Record<string, unknown>) =>
      this.table.client.send(new PutCommand({ TableName: this.table.name, Item }));
    await put(syncStateItem(state));
    await put(totalsDueItem({ competitorId: id, coachId: state.coachId, mark: 'onboarded' }));
  }

  advance(seconds: number): void {
    this.now = new Date(this.now.getTime() + seconds * 1000);
  }

  work(message: WorkMessage, killAt = Infinity): Promise<boolean> {
    return this.#invoke(this.#deps().work, message, 1, killAt);
  }

  fire(taskType: Job['taskType'] = 'game_platform_sync', killAt = Infinity): Promise<boolean> {
    const scheduledTime = this.now.toISOString();
    return this.work(
      { kind: 'start_task', scheduleName: `every-${taskType}`, taskType, scheduledTime },
      killAt,
    );
  }

  /** Fires a round, which reads who is due. */
  round(killAt = Infinity): Promise<boolean> {
    const scheduledTime = this.now.toISOString();
    const firing = { scheduleName: 'score-sync', taskType: 'game_platform_sync', scheduledTime } as const;
    return this.work({ kind: 'start_task', ...firing, payload: { due: true } }, killAt);
  }

  /** Has these people (or all) read in full, as an admin would. */
  async readInFull(competitorIds?: readonly string[], killAt = Infinity): Promise<string> {
    this.#started += 1;
    const payload = { full: true, ...(competitorIds === undefined ? {} : { competitorIds }) };
    const input = { taskType: 'game_platform_sync', payload, startedBy: 'user:sub-1' } as const;
    const job = newJob(`job_full-${this.#started}`, input, this.now);
    await this.jobs.create(job);
    await this.work({ kind: 'plan_job', jobId: job.id }, killAt);
    return job.id;
  }

  dispatch(killAt = Infinity): Promise<boolean> {
    return this.work({ kind: 'dispatch_due', scheduledTime: this.now.toISOString() }, killAt);
  }

  /** Delivers one message; what is not acknowledged comes back until it is a dead letter. */
  async deliver(
    index = 0,
    options: { readonly keepCopy?: boolean; readonly killAt?: number } = {},
  ): Promise<void> {
    const [message] = this.sync.splice(index, 1);
    if (message === undefined) return;
    if (options.keepCopy === true) this.sync.push({ body: message.body, receives: 0 });
    message.receives += 1;
    const done = await this.#invoke(
      this.#deps().part,
      message.body,
      message.receives,
      options.killAt ?? Infinity,
    );
    if (done) return;
    if (message.receives >= MAX_RECEIVES) this.deadLetters.push(message.body);
    else this.sync.push(message);
  }

  async deliverAll(): Promise<void> {
    for (let guard = 0; this.sync.length > 0 && guard < 200; guard += 1) await this.deliver();
  }

  /** Time passes, claims of dead workers end, the dispatcher comes round, until no job is left. */
  async drain(): Promise<void> {
    for (let round = 0; round < 12; round += 1) {
      await this.deliverAll();
      await this.dispatch();
      if (this.sync.length === 0 && (await this.openJobs()) === 0) return;
      this.advance(11 * 60);
    }
    throw new Error('Jobs did not end.');
  }

  async openJobs(): Promise<number> {
    let open = 0;
    for (const state of ['pending', 'running'] as const) {
      for await (const _ of this.jobs.inState(state)) open += 1;
    }
    return open;
  }

  async allJobs(taskType: Job['taskType'] = 'game_platform_sync'): Promise<Job[]> {
    return this.jobs.page({ taskType }, { limit: 200, before: null });
  }
}
