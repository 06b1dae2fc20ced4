import type { Actor } from '#shared/audit/actor.ts';
import type { AuditEntry } from '#shared/audit/audit-entry.ts';
import type { Job } from '#shared/jobs/job.ts';
import type { StartJobInput } from '#shared/jobs/start-job.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { DomainError, notFound } from '#shared/kernel/errors.ts';
import type { NewId } from '#shared/kernel/ids.ts';
import { cutText } from '#shared/kernel/text.ts';
import type { ScheduleCreate, SchedulePatch, ScheduleView } from './contract.ts';
import { parseExpression } from './expression.ts';
import { nextFiring } from './firing-times.ts';
import { ScheduleRefusedError, type SchedulerStore } from './scheduler-store.ts';
import {
  type ScheduledTask,
  type ScheduleRelatedRecords,
  type ScheduleSettings,
  settingsInput,
  type StoredSchedule,
  taskInput,
} from './stored-schedule.ts';

export interface ChangeSchedulesDeps {
  readonly store: Omit<SchedulerStore, 'page'>;
  readonly related: ScheduleRelatedRecords;
  readonly isBuiltIn: (name: string) => boolean;
  /** The payload as its task type has it. @throws DomainError invalid */
  readonly checkTask: (task: ScheduledTask) => ScheduledTask;
  readonly view: (schedule: StoredSchedule) => Promise<ScheduleView>;
  readonly leases: {
    readonly take: (name: string, owner: string, until: Date, now: Date) => Promise<boolean>;
    readonly end: (name: string, owner: string, quietUntil: Date | null) => Promise<void>;
  };
  readonly appendAudit: (entry: AuditEntry) => Promise<void>;
  readonly removeRun: (name: string) => Promise<void>;
  /** Makes the job, notes who ran which schedule, and that it ran: all or none. */
  readonly startJob: (input: StartJobInput, actor: Actor, scheduleName: string) => Promise<Job>;
  readonly wait: (milliseconds: number) => Promise<unknown>;
  readonly now: Clock;
  readonly newId: NewId;
}

/** Longer than the function lives: a lease that is left behind frees itself. */
const LEASE_MS = 30_000;
const LEASE_ASKED_EVERY_MS = 250;
const LEASE_TRIES = 12;

/** Letters of a value in the audit log: a payload may hold hundreds of ids. */
const TOLD = 1_000;
/** As EventBridge Scheduler has names. */
const ANY_NAME = /^[\w.-]{1,64}$/;

const invalid = (path: string, message: string): DomainError =>
  new DomainError('invalid', 'VALIDATION_FAILED', message, { errors: [{ path, message }] });

const nameTaken = (): DomainError => {
  const message = 'There is a schedule of this name already. Choose another name.';
  return new DomainError('conflict', 'SCHEDULE_NAME_TAKEN', message, { errors: [{ path: 'name', message }] });
};

const stale = (current: ScheduleView | undefined): DomainError =>
  new DomainError(
    'stale',
    'STALE_VERSION',
    'Someone else changed this schedule in the meantime. Look at it again, then repeat your change.',
    current === undefined ? {} : { version: current.version, current },
  );

const asText = (value: unknown): string =>
  value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);

/** From field to its value before and after; what did not change is left out. */
function changesOf(
  before: Partial<ScheduleSettings & ScheduledTask>,
  after: ScheduleSettings & ScheduledTask,
) {
  const pairs = [
    ['expression', before.expression, after.expression],
    ['timezone', before.timezone, after.timezone],
    ['taskType', before.taskType, after.taskType],
    ['payload', before.payload, after.payload],
    ['enabled', before.enabled, after.enabled],
  ] as const;
  return pairs
    .map(([field, was, is]) => ({ field, from: asText(was), to: asText(is) }))
    .filter(({ from, to }) => from !== to);
}

const detailsOf = (changes: ReturnType<typeof changesOf>): AuditEntry['details'] => ({
  fields: changes.map(({ field }) => field),
  ...Object.fromEntries(
    changes.map(({ field, from, to }) => [field, `${cutText(from, TOLD)} → ${cutText(to, TOLD)}`]),
  ),
});

const written = async (write: () => Promise<boolean>): Promise<boolean> => {
  try {
    return await write();
  } catch (error) {
    if (!(error instanceof ScheduleRefusedError)) throw error;
    throw new DomainError(
      'invalid',
      'VALIDATION_FAILED',
      'The scheduler does not take this expression or time zone. Write it another way.',
      {
        errors: [{ path: 'expression', message: 'The scheduler does not take this expression.' }],
        cause: error,
      },
    );
  }
};

/**
 * What admins do with schedules. Each act is in the audit log before the service is asked: one that then fails is told
 * there all the same, none is done untold.
 */
export function createChangeSchedules(deps: ChangeSchedulesDeps) {
  const { store, related, isBuiltIn, now } = deps;

  const audit = (action: string, subject: string, actor: Actor, details: AuditEntry['details']) =>
    deps.appendAudit({
      id: deps.newId('aud'),
      at: now().toISOString(),
      actor: actor.sub,
      actingAs: actor.actingAs,
      action,
      subject,
      coachId: null,
      requestId: actor.requestId,
      details,
    });

  const existing = async (name: string): Promise<StoredSchedule> => {
    const found = ANY_NAME.test(name) ? await store.byName(name) : undefined;
    if (found === undefined) throw notFound();
    return found;
  };

  /** The expression as it is stored. @throws DomainError when it never fires again */
  function timesOf({ expression, timezone }: Pick<ScheduleSettings, 'expression' | 'timezone'>): string {
    const { text, recurrence } = parseExpression(expression);
    const at = now().getTime();
    if (nextFiring({ recurrence, timeZone: timezone, countsFrom: at }, at) !== undefined) return text;
    throw invalid(
      'expression',
      recurrence.kind === 'at'
        ? 'Choose a time in the future that the clock of this time zone shows.'
        : 'This never runs. Choose a day and a time to come.',
    );
  }

  /**
   * Between reading a schedule and writing it nobody else may write it: the service takes whatever comes last. Whoever
   * changes schedules by another way, a deployment or the console, holds no lease; in the moment between our reading
   * and writing such a change is lost.
   */
  async function alone<T>(name: string, change: () => Promise<T>): Promise<T> {
    if (!ANY_NAME.test(name)) throw notFound();
    const lease = `schedule:${name}`;
    const owner = deps.newId('own');
    for (let attempt = 1; ; attempt += 1) {
      const at = now();
      if (await deps.leases.take(lease, owner, new Date(at.getTime() + LEASE_MS), at)) break;
      if (attempt >= LEASE_TRIES) throw stale(undefined);
      await deps.wait(LEASE_ASKED_EVERY_MS);
    }
    try {
      return await change();
    } finally {
      await deps.leases.end(lease, owner, null);
    }
  }

  function taskAfter(found: StoredSchedule, patch: SchedulePatch): ScheduledTask | null {
    if (patch.taskType === undefined && patch.payload === undefined) return found.task;
    const taskType = patch.taskType ?? found.task?.taskType ?? '';
    // Options of one type say nothing to another.
    const before = taskType === found.task?.taskType ? found.task.payload : {};
    const task = deps.checkTask({ taskType, payload: patch.payload ?? before });
    // Stored with or without its defaults, it is the same.
    const stored = found.task === null ? null : deps.checkTask(found.task);
    if (JSON.stringify(task) === JSON.stringify(stored)) return found.task;
    if (isBuiltIn(found.name)) {
      throw new DomainError(
        'conflict',
        'SCHEDULE_BUILT_IN',
        'What a built-in schedule starts cannot be changed. Change its times, or make a schedule of your own.',
      );
    }
    return task;
  }

  return {
    /** A repeated request finds what it made the first time. @throws DomainError conflict `SCHEDULE_NAME_TAKEN` */
    async create(input: ScheduleCreate, actor: Actor): Promise<ScheduleView> {
      const { name, timezone, enabled } = input;
      const task = deps.checkTask(input);
      const settings = { expression: timesOf(input), timezone, enabled };
      const isThis = (found: StoredSchedule): boolean =>
        found.task !== null &&
        changesOf(
          { expression: found.expression, timezone: found.timezone, enabled: found.enabled, ...found.task },
          { ...settings, ...task },
        ).length === 0;
      const before = await store.byName(name);
      if (before !== undefined) {
        if (isBuiltIn(name) || !isThis(before)) throw nameTaken();
        return deps.view(before);
      }
      if (isBuiltIn(name)) throw nameTaken();
      // Of an earlier schedule of this name.
      await deps.removeRun(name);
      await audit('schedule.create', name, actor, detailsOf(changesOf({}, { ...settings, ...task })));
      const made = await written(() =>
        store.create({
          Name: name,
          ...settingsInput(settings),
          FlexibleTimeWindow: { Mode: 'OFF' },
          Target: taskInput(related, name, task),
        }),
      );
      const found = await existing(name);
      if (!made && !isThis(found)) throw nameTaken();
      return deps.view(found);
    },

    /** @throws DomainError not_found, or stale with what is there now */
    change: (name: string, version: number, patch: SchedulePatch, actor: Actor): Promise<ScheduleView> =>
      alone(name, async () => {
        const found = await existing(name);
        if (found.version !== version) throw stale(await deps.view(found));
        const task = taskAfter(found, patch);
        const { expression = found.expression, timezone = found.timezone } = patch;
        const timed = patch.expression !== undefined || patch.timezone !== undefined;
        const settings = {
          expression: timed ? timesOf({ expression, timezone }) : expression,
          timezone,
          enabled: patch.enabled ?? found.enabled,
        };
        const { taskType = '', payload = {} } = task ?? {};
        const was = { ...found, ...(found.task ?? { taskType: '', payload: {} }) };
        const changes = changesOf(was, { ...settings, taskType, payload });
        if (changes.length === 0) return deps.view(found);
        await audit('schedule.change', name, actor, detailsOf(changes));
        const saved = await written(() =>
          store.replace({
            ...found.whole,
            ...settingsInput(settings),
            Target: task === null ? found.whole.Target : taskInput(related, name, task),
          }),
        );
        if (!saved) throw stale(undefined);
        return deps.view(await existing(name));
      }),

    /** @throws DomainError not_found, or conflict `SCHEDULE_BUILT_IN` */
    async remove(name: string, actor: Actor): Promise<void> {
      if (isBuiltIn(name)) {
        throw new DomainError(
          'conflict',
          'SCHEDULE_BUILT_IN',
          'A built-in schedule cannot be deleted. Switch it off instead.',
        );
      }
      await alone(name, async () => {
        const { expression, timezone } = await existing(name);
        await audit('schedule.delete', name, actor, { expression, timezone });
        await store.remove(name);
        await deps.removeRun(name);
      });
    },

    /** @throws DomainError not_found, or conflict `SCHEDULE_STARTS_NO_JOB` */
    async run(name: string, actor: Actor, idempotencyId: string | undefined): Promise<Job> {
      const { task } = await existing(name);
      if (task === null) {
        throw new DomainError(
          'conflict',
          'SCHEDULE_STARTS_NO_JOB',
          'This schedule starts no job: it sends work again that is due, every minute by itself.',
        );
      }
      return deps.startJob(
        {
          ...deps.checkTask(task),
          startedBy: `user:${actor.sub}`,
          ...(idempotencyId === undefined ? {} : { idempotencyId }),
        },
        actor,
        name,
      );
    },
  };
}
