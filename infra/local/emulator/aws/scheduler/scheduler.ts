import * as z from 'zod';
import type { Deployment } from '../../deployment.ts';
import type { ResourceNames } from '../access/resource-names.ts';
import { schedulerAccess } from '../access/scheduler-access.ts';
import { AwsError, jsonAnswer } from '../gateway/aws-answer.ts';
import type { StandIn } from '../gateway/dispatcher.ts';
import { roleUnknown } from '../gateway/service-errors.ts';
import type { LocalAwsLog } from '../local-aws.ts';
import type { Documents } from '../state-database.ts';
import { scheduleInputSchema, scheduleSchema, type Schedule } from './schedule.ts';

/**
 * When an expression fires, in milliseconds since 1970. It is given, so that whoever shows runs in advance reckons as
 * this scheduler fires. Throws for what AWS would refuse.
 */
export type FiringTimes = (
  expression: string,
  timeZone: string,
) => {
  /** It fires once, whatever its dates. */
  readonly once: boolean;
  /** The first firing after `after`; a rate counts from `countsFrom`, which is its first one. */
  readonly next: (countsFrom: number, after: number) => number | undefined;
};

export interface SchedulerParts {
  readonly documents: Documents;
  readonly deployment: Deployment;
  readonly names: ResourceNames;
  /** Why the role cannot be taken for the group; undefined when it can. */
  readonly whyNotAssumable: (roleArn: string, groupName: string) => string | undefined;
  readonly deliver: (schedule: Schedule, scheduledTime: number, signal: AbortSignal) => Promise<void>;
  readonly firingTimes: FiringTimes;
  readonly onLog: (entry: LocalAwsLog) => void;
  readonly now: () => number;
  readonly random: () => number;
}

export interface Scheduler {
  readonly standIn: StandIn;
  /** Fires what is due. */
  tick(): void;
  /** Fires a schedule out of turn, as if it were due now. */
  fire(groupName: string, name: string): void;
  stop(): Promise<void>;
}

const COLLECTION = 'schedules';
const TICK_MS = 250;

interface Armed {
  readonly schedule: Schedule;
  readonly times: ReturnType<FiringTimes>;
  /** Undefined when it will not fire any more, or is switched off. */
  next: number | undefined;
}

const listSchema = z.object({
  GroupName: z.string().optional(),
  NamePrefix: z.string().optional(),
  State: z.string().optional(),
  MaxResults: z.coerce.number().int().min(1).max(100).default(100),
  NextToken: z.string().optional(),
});

/**
 * EventBridge Scheduler: schedules on disk, fired by a clock that looks four times a second. What should have fired
 * while the process was away is not made up for.
 */
export function startScheduler(parts: SchedulerParts): Scheduler {
  const { documents, names, now } = parts;
  const armed = new Map<string, Armed>();
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();
  const groupNames = new Set(['default', ...parts.deployment.scheduleGroups.map((group) => group.name)]);

  const arm = (schedule: Schedule, after: number): void => {
    const times = parts.firingTimes(schedule.ScheduleExpression, schedule.ScheduleExpressionTimezone);
    armed.set(keyOf(schedule), { schedule, times, next: firingAfter(schedule, times, after) });
  };
  const remove = (key: string): void => {
    armed.delete(key);
    documents.delete(COLLECTION, key);
  };
  const find = (body: unknown): Armed => {
    const { Name: name, GroupName: group } = z
      .object({ Name: z.string(), GroupName: z.string().default('default') })
      .parse(body);
    const found = armed.get(`${group}/${name}`);
    if (found !== undefined) return found;
    throw new AwsError('ResourceNotFoundException', `Schedule ${name} does not exist.`, 404);
  };

  const save = (input: unknown, existing: Schedule | undefined): Schedule => {
    const valid = validated(input, groupNames, parts);
    const seconds = Math.floor(now() / 1000);
    const schedule: Schedule = {
      ...valid,
      Arn: names.arn('scheduler', `schedule/${valid.GroupName}/${valid.Name}`),
      CreationDate: existing?.CreationDate ?? seconds,
      LastModificationDate: seconds,
    };
    documents.put(COLLECTION, keyOf(schedule), schedule);
    // A new rate fires at once; one that was changed keeps its beat.
    arm(schedule, existing === undefined ? schedule.CreationDate * 1000 - 1 : now());
    return schedule;
  };

  const operations: Readonly<Record<string, (body: unknown) => unknown>> = {
    CreateSchedule: (body) => {
      const key = keyOf(z.object({ Name: z.string(), GroupName: z.string().default('default') }).parse(body));
      if (armed.has(key)) {
        throw new AwsError('ConflictException', `Schedule ${key.split('/')[1] ?? ''} already exists.`, 409);
      }
      return { ScheduleArn: save(body, undefined).Arn };
    },
    UpdateSchedule: (body) => ({ ScheduleArn: save(body, find(body).schedule).Arn }),
    GetSchedule: (body) => find(body).schedule,
    DeleteSchedule: (body) => {
      remove(keyOf(find(body).schedule));
      return {};
    },
    ListSchedules: (body) => listSchedules([...armed.values()], listSchema.parse(body)),
    ListScheduleGroups: () => ({ ScheduleGroups: parts.deployment.scheduleGroups.map(groupView) }),
    GetScheduleGroup: (body) => {
      const { Name: name } = z.object({ Name: z.string() }).parse(body);
      const group = parts.deployment.scheduleGroups.find((candidate) => candidate.name === name);
      if (group === undefined) {
        throw new AwsError('ResourceNotFoundException', `Schedule group ${name} does not exist.`, 404);
      }
      return groupView(group);
    },
  };

  const fire = ({ schedule }: Armed, scheduledTime: number): void => {
    const windowMinutes =
      schedule.FlexibleTimeWindow.Mode === 'FLEXIBLE'
        ? (schedule.FlexibleTimeWindow.MaximumWindowInMinutes ?? 0)
        : 0;
    const delivery = delayed(parts.random() * windowMinutes * 60_000, stopping.signal)
      .then(() =>
        stopping.signal.aborted ? undefined : parts.deliver(schedule, scheduledTime, stopping.signal),
      )
      .catch((error: unknown) => {
        const message = error instanceof Error ? error.message : String(error);
        parts.onLog({ level: 'error', source: 'scheduler', message: `${schedule.Name}: ${message}` });
      })
      .finally(() => running.delete(delivery));
    running.add(delivery);
  };
  const tick = (): void => {
    const time = now();
    for (const [key, entry] of armed) {
      if (entry.next === undefined || entry.next > time) continue;
      fire(entry, entry.next);
      // A clock that jumped, or a machine that slept: one firing, not all that were missed.
      entry.next = firingAfter(entry.schedule, entry.times, time);
      if (entry.next === undefined && entry.schedule.ActionAfterCompletion === 'DELETE') remove(key);
    }
  };

  for (const { key, value } of documents.list(COLLECTION)) {
    const schedule = scheduleSchema.parse(value);
    arm(schedule, now());
    const gone = armed.get(key)?.next === undefined && schedule.State === 'ENABLED';
    if (gone && schedule.ActionAfterCompletion === 'DELETE') {
      remove(key);
      const message = `${schedule.Name} was due while the stack was not running; it is not made up for.`;
      parts.onLog({ level: 'warning', source: 'scheduler', message });
    }
  }
  const timer = setInterval(tick, TICK_MS);
  timer.unref();

  return {
    standIn: {
      access: (operation, body) => schedulerAccess(operation, body, names),
      answer: ({ operation, body }) => {
        const answer = operations[operation];
        if (answer === undefined) throw new AwsError('UnknownOperationException', operation, 404);
        try {
          return jsonAnswer('scheduler', answer(body));
        } catch (error) {
          if (error instanceof z.ZodError) throw invalid(z.prettifyError(error));
          throw error;
        }
      },
    },
    tick,
    fire: (GroupName, Name) => fire(find({ GroupName, Name }), now()),
    stop: async () => {
      clearInterval(timer);
      stopping.abort();
      await Promise.allSettled(running);
    },
  };
}

function keyOf(schedule: { readonly GroupName: string; readonly Name: string }): string {
  return `${schedule.GroupName}/${schedule.Name}`;
}

function firingAfter(schedule: Schedule, times: ReturnType<FiringTimes>, after: number): number | undefined {
  if (schedule.State === 'DISABLED') return undefined;
  const begin = (times.once ? schedule.CreationDate : (schedule.StartDate ?? schedule.CreationDate)) * 1000;
  const next = times.next(begin, Math.max(after, schedule.StartDate === undefined ? 0 : begin - 1));
  const end = times.once ? undefined : schedule.EndDate;
  return next === undefined || (end !== undefined && next >= end * 1000) ? undefined : next;
}

function validated(
  input: unknown,
  groupNames: ReadonlySet<string>,
  parts: SchedulerParts,
): z.infer<typeof scheduleInputSchema> {
  const schedule = scheduleInputSchema.parse(input);
  if (!groupNames.has(schedule.GroupName)) {
    throw new AwsError(
      'ResourceNotFoundException',
      `Schedule group ${schedule.GroupName} does not exist.`,
      404,
    );
  }
  try {
    parts.firingTimes(schedule.ScheduleExpression, schedule.ScheduleExpressionTimezone);
  } catch {
    throw invalid(`Invalid Schedule Expression ${schedule.ScheduleExpression}.`);
  }
  if (!schedule.Target.Arn.startsWith('arn:aws:sqs:')) {
    throw invalid(`The local stack has no target ${schedule.Target.Arn}: queues only.`);
  }
  const why = parts.whyNotAssumable(schedule.Target.RoleArn, schedule.GroupName);
  if (why !== undefined) throw roleUnknown(why);
  return schedule;
}

function listSchedules(all: readonly Armed[], input: z.infer<typeof listSchema>): unknown {
  const matching = all
    .filter(
      ({ schedule }) =>
        (input.GroupName === undefined || schedule.GroupName === input.GroupName) &&
        (input.NamePrefix === undefined || schedule.Name.startsWith(input.NamePrefix)) &&
        (input.State === undefined || schedule.State === input.State),
    )
    .toSorted((one, other) => (keyOf(one.schedule) < keyOf(other.schedule) ? -1 : 1));
  const { NextToken: token } = input;
  const from = token === undefined ? 0 : matching.findIndex(({ schedule }) => keyOf(schedule) > token);
  const page = from < 0 ? [] : matching.slice(from, from + input.MaxResults);
  const last = page.at(-1);
  const more = last !== undefined && matching.at(-1) !== last;
  return {
    Schedules: page.map(({ schedule }) => ({
      Name: schedule.Name,
      GroupName: schedule.GroupName,
      Arn: schedule.Arn,
      State: schedule.State,
      CreationDate: schedule.CreationDate,
      LastModificationDate: schedule.LastModificationDate,
      Target: { Arn: schedule.Target.Arn },
    })),
    NextToken: more ? keyOf(last.schedule) : undefined,
  };
}

function groupView(group: { readonly name: string; readonly arn: string }): unknown {
  return { Name: group.name, Arn: group.arn, State: 'ACTIVE' };
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

function delayed(ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
