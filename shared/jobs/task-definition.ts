import * as z from 'zod';

/**
 * What a type of job is, in a form that the CDK app, the functions and the site all read: constants and schemas only.
 * Each capability declares its own in `tasks.ts`; the engine knows none of them by name.
 */

export const QUEUES = ['roster', 'sync', 'work'] as const;
export type QueueName = (typeof QUEUES)[number];

/**
 * Messages that one invocation of a queue's worker takes at most. Those of `roster` are processed together, as they mostly
 * wait for the platform's answers; `sync` reads several people of one part at once instead.
 */
export const BATCH_SIZES: Readonly<Record<QueueName, number>> = { roster: 4, sync: 1, work: 10 };

/** The name of a type in the table, in messages and in answers. Which names there are, the list of tasks says. */
export const taskTypeSchema = z.string();
/** One of those that may be started by their name. */
const startableTypeSchema = z.string();

/** Ids in one payload: it lies in the job's row, which every finished part updates. */
export const MAX_IDS = 500;
/** Ids have no spaces and no “@”: neither a name nor an address gets into a payload. */
export const idSchema = z.string().regex(/^[\w.:#-]{1,100}$/, { error: 'Enter an id.' });
export const idsSchema = z.array(idSchema).min(1).max(MAX_IDS);

export type TaskPayload = Readonly<Record<string, unknown>>;

interface TaskTraits {
  /** What the site calls it; `about`: what it does, in a sentence, for those who start it by hand. */
  readonly labels: { readonly name: string; readonly about?: string };
  /** It follows from a request about certain people or files; nobody starts it by its name. */
  readonly startedByRequest?: true;
  /** Trying it again needs no second thought: it reads and stores, and changes nothing on the platform. */
  readonly harmless?: true;
  /** It keeps a result for each of its subjects, which people look at; `dryRun`: only a dry run does. */
  readonly tellsRows?: true | 'dryRun';
  /** Calls to the platform for each of its subjects; `orMore`: at least so many. @default none */
  readonly calls?: { readonly each: number; readonly orMore?: true };
  /** Why it goes on to its end once it is started; left out: it can be canceled. */
  readonly notCancellable?: string;
  /** Seeded once per stage; admins may change or switch it off later, which no deployment undoes. */
  readonly schedule?: {
    readonly name: string;
    /** EventBridge Scheduler expression; cron expressions are read in UTC, or in the program's time zone. */
    readonly expression: string;
    /** @default UTC */
    readonly zone?: 'program';
    /** @default empty */
    readonly payload?: TaskPayload;
  };
  /** Subjects in a part; also of a page that a planner is asked for. */
  readonly partSize: number;
}

type Subjects = readonly string[] | undefined;

export interface TaskDefinition<
  Schema extends z.ZodType<TaskPayload> = z.ZodType<TaskPayload>,
  Queue extends QueueName = QueueName,
  Named extends Subjects = Subjects,
> extends TaskTraits {
  /** Where its parts are processed. */
  readonly queue: Queue;
  /** Ids and options only, never personal data. */
  readonly payload: Schema;
  /** Whom or what a stored payload names; undefined: a planner lists them. */
  readonly subjectsOf: (payload: unknown) => Named;
}

/** A stored payload of a task, parsed. */
export type PayloadOf<T extends TaskDefinition> = z.output<T['payload']>;

/** The declarations of some tasks, by type. */
export type Tasks = Readonly<Record<string, TaskDefinition>>;

/** Payloads by type, of the tasks that are processed from a queue. */
export type PayloadsOfQueue<T extends Tasks, Queue extends QueueName> = {
  readonly [K in keyof T as T[K]['queue'] extends Queue ? K : never]: z.output<T[K]['payload']>;
};

/** Payloads by type, of the tasks that need a planner. */
export type PayloadsToPlan<T extends Tasks> = {
  readonly [K in keyof T as undefined extends ReturnType<T[K]['subjectsOf']> ? K : never]: z.output<
    T[K]['payload']
  >;
};

/** @param task `subjects`: whom or what a payload names; undefined where a planner has to list them */
export function defineTask<
  Schema extends z.ZodType<TaskPayload>,
  const Queue extends QueueName,
  Named extends Subjects,
>({
  subjects,
  ...task
}: TaskTraits & {
  readonly queue: Queue;
  readonly payload: Schema;
  readonly subjects: (payload: z.output<Schema>) => Named;
}): TaskDefinition<Schema, Queue, Named> {
  return { ...task, subjectsOf: (stored) => subjects(task.payload.parse(stored)) };
}

/** Nobody is named: a planner lists the subjects of every such job. */
export const listed = (): undefined => undefined;

/** Of an unknown type: where jobs are planned, which is also where a part of it fails for good. */
export const queueOf = (tasks: Tasks, taskType: string): QueueName => tasks[taskType]?.queue ?? 'work';

/** `POST /api/admin/jobs`, as it is described; {@link startJobSchemaOf} says which types there are. */
export const startJobRequestSchema = z.strictObject({
  taskType: startableTypeSchema,
  payload: z.record(z.string(), z.unknown()).default({}),
  /** Not before this time; at once when left out or past. */
  runAt: z.iso.datetime({ offset: true }).optional(),
});

const startableTypes = (tasks: Tasks): string[] =>
  Object.keys(tasks).filter((taskType) => tasks[taskType]?.startedByRequest !== true);

/** The names behind the two schemas of a type, for the description of the API. */
export const taskTypeNames = (tasks: Tasks): ReadonlyMap<z.core.$ZodType, readonly string[]> =>
  new Map<z.core.$ZodType, readonly string[]>([
    [taskTypeSchema, Object.keys(tasks)],
    [startableTypeSchema, startableTypes(tasks)],
  ]);

interface TaskRequest {
  readonly taskType: string;
  readonly payload: TaskPayload;
}

/** The payload as its task type has it. */
const withTasksPayload =
  (tasks: Tasks) =>
  <R extends TaskRequest>(request: R, context: z.RefinementCtx): R => {
    const payload = tasks[request.taskType]?.payload.safeParse(request.payload);
    if (payload?.success === true) return { ...request, payload: payload.data };
    for (const issue of payload?.error.issues ?? []) {
      context.addIssue({ code: 'custom', path: ['payload', ...issue.path], message: issue.message });
    }
    return z.NEVER;
  };

/** The request; the payload is checked against its task type, and left out it is empty. */
export const startJobSchemaOf = (tasks: Tasks) =>
  startJobRequestSchema
    .extend({ taskType: z.enum(startableTypes(tasks)) })
    .transform(withTasksPayload(tasks));

/** What a schedule starts: the same types with the same payloads. */
export const scheduledTaskSchemaOf = (tasks: Tasks) =>
  z
    .object({ taskType: z.enum(startableTypes(tasks)), payload: startJobRequestSchema.shape.payload })
    .transform(withTasksPayload(tasks));

export interface SystemSchedule {
  readonly name: string;
  readonly expression: string;
  /** Left out: UTC. */
  readonly zone?: 'program';
  /** The body that Scheduler puts on the `work` queue; `<aws.scheduler.…>` is filled in by Scheduler. */
  readonly message: Readonly<Record<string, unknown>>;
}

const SCHEDULED_TIME = '<aws.scheduler.scheduled-time>';

/** The message of a schedule that starts a job. */
export const startTaskMessage = (
  scheduleName: string,
  { taskType, payload }: TaskRequest,
): SystemSchedule['message'] => ({
  kind: 'start_task',
  scheduleName,
  taskType,
  payload,
  scheduledTime: SCHEDULED_TIME,
});

/** The schedule of the minute's dispatch, which starts no job of its own. */
export const DISPATCHER_SCHEDULE = 'job-dispatcher';

/** The schedules of these tasks, and the minute's dispatch. */
export const systemSchedulesOf = (tasks: Tasks): readonly SystemSchedule[] => [
  ...Object.entries(tasks).flatMap(([taskType, { schedule }]) => {
    if (schedule === undefined) return [];
    const { name, expression, zone, payload = {} } = schedule;
    const inZone = zone === undefined ? {} : { zone };
    return [{ name, expression, ...inZone, message: startTaskMessage(name, { taskType, payload }) }];
  }),
  {
    name: DISPATCHER_SCHEDULE,
    expression: 'rate(1 minute)',
    message: { kind: 'dispatch_due', scheduledTime: SCHEDULED_TIME },
  },
];
