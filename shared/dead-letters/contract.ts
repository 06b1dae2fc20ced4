import * as z from 'zod';
import { QUEUES, taskTypeSchema, type QueueName } from '#shared/jobs/task-definition.ts';
import { route } from '#shared/kernel/contract.ts';
import { idInput, textInput } from '#shared/kernel/text.ts';

/** Queues that hold dead letters: one for each of ours, and the scheduler's. Constants only. */
export const DEAD_LETTER_SOURCES = ['roster', 'sync', 'work', 'scheduler'] as const;
export type DeadLetterSource = (typeof DEAD_LETTER_SOURCES)[number];

/** What the scheduler could not deliver was meant for the `work` queue, so it is shown and redriven with it. */
export const SOURCES_OF: Readonly<Record<QueueName, readonly DeadLetterSource[]>> = {
  roster: ['roster'],
  sync: ['sync'],
  work: ['work', 'scheduler'],
};

/** `GET /api/admin/queues`: one line per queue. */
export const queueListSchema = z.object({
  /** When the queues were asked. */
  asOf: z.iso.datetime(),
  items: z.array(
    z.object({
      name: z.enum(QUEUES),
      /** Messages that wait, those that are put off included; about right, as SQS counts. */
      depth: z.int(),
      inFlight: z.int(),
      /** Seconds since the oldest work that is not done was asked for, by the table; null: nothing waits. */
      oldestAgeSeconds: z.int().nullable(),
      /** What the oldest age is of, in words. */
      oldestAge: z.string(),
      deadLetters: z.int(),
    }),
  ),
  nextCursor: z.null(),
});
export type QueueList = z.infer<typeof queueListSchema>;

/** Seconds that one figure of the history stands for. */
export const HISTORY_PERIOD_SECONDS = 900;
const HISTORY_HOURS = 24;
export const HISTORY_PERIODS = (HISTORY_HOURS * 3_600) / HISTORY_PERIOD_SECONDS;

const measured = z.array(z.number().nullable()).length(HISTORY_PERIODS);

/** `GET /api/admin/queues/history`: the last day, a quarter of an hour each, oldest first. */
export const queueHistorySchema = z.object({
  /** Beginning of the first period. */
  from: z.iso.datetime(),
  periodSeconds: z.literal(HISTORY_PERIOD_SECONDS),
  items: z.array(
    z.object({
      name: z.enum(QUEUES),
      /** The most messages that waited at once in each; null: not measured. */
      depth: measured,
      /** The same of its dead letters. */
      deadLetters: measured,
    }),
  ),
});
export type QueueHistory = z.infer<typeof queueHistorySchema>;

/** What a message needs today: `needed`: it can be redriven; `later`: the rest of its job is still at work. */
export const DEAD_LETTER_STATES = ['needed', 'superseded', 'later', 'unknown'] as const;
export type DeadLetterState = (typeof DEAD_LETTER_STATES)[number];

const deadLetterSchema = z.object({
  id: z.string(),
  source: z.enum(DEAD_LETTER_SOURCES),
  sentAt: z.iso.datetime(),
  /** What it says, ids only; of a message that we do not know, nothing. */
  message: z.record(z.string(), z.union([z.string(), z.int()])),
  state: z.enum(DEAD_LETTER_STATES),
  /** Why nothing is left to do; null otherwise. */
  why: z.string().nullable(),
});

const groupSchema = z.object({
  /** To be sent with a redrive or a discard of the group. */
  cause: z.string(),
  kind: z.enum(['job_part', 'plan_job', 'start_task', 'dispatch_due', 'roster', 'team', 'unknown']),
  taskType: taskTypeSchema.nullable(),
  /** Why they are dead, a sentence for a person. */
  title: z.string(),
  count: z.int(),
  states: z.object({ needed: z.int(), superseded: z.int(), later: z.int(), unknown: z.int() }),
  oldestSentAt: z.iso.datetime(),
  newestSentAt: z.iso.datetime(),
  /** The jobs that the messages point at; the first hundred. */
  jobIds: z.array(z.string()),
  /** The oldest ones. */
  letters: z.array(deadLetterSchema),
});
export type DeadLetterGroup = z.infer<typeof groupSchema>;

/** `GET /api/admin/queues/{name}/dead-letters`: what is dead, by cause, most messages first. */
export const deadLettersSchema = z.object({
  queue: z.enum(QUEUES),
  asOf: z.iso.datetime(),
  /** Messages that were looked at. */
  looked: z.int(),
  /** False: there are more than were looked at in one answer. */
  complete: z.boolean(),
  items: z.array(groupSchema),
  nextCursor: z.null(),
});
export type DeadLetters = z.infer<typeof deadLettersSchema>;

const MAX_IDS = 500;
const jobIds = z.array(idInput).min(1).max(MAX_IDS);
const cause = idInput;

const given = (choice: { readonly [name: string]: unknown }): number =>
  [choice['jobIds'], choice['cause'], choice['all'] === true || undefined].filter(
    (value) => value !== undefined,
  ).length;

const NOTHING = 'Say which: “jobIds”, “cause”, or “all”, one of the three.';

export const MAX_PER_SECOND = 20;
const DEFAULT_PER_SECOND = 2;

/** `POST …/redrive`. Nothing chosen is refused, so that leaving something out never means everything. */
export const redriveSchema = z
  .strictObject({
    jobIds: jobIds.optional(),
    cause: cause.optional(),
    all: z.boolean().optional(),
    /** Only one of those chosen. */
    trial: z.boolean().default(false),
    maxPerSecond: z.number().min(0.1).max(MAX_PER_SECOND).default(DEFAULT_PER_SECOND),
  })
  .refine((choice) => given(choice) === 1, { path: ['jobIds'], message: NOTHING });
export type Redrive = z.output<typeof redriveSchema>;

const MAX_REASON = 500;

/** `POST …/discard`. */
export const discardSchema = z
  .strictObject({
    jobIds: jobIds.optional(),
    cause: cause.optional(),
    reason: textInput('the reason', { min: 3, max: MAX_REASON }),
  })
  .refine((choice) => given(choice) === 1, {
    path: ['jobIds'],
    message: 'Say which: “jobIds” or “cause”, one of the two.',
  });
export type Discard = z.output<typeof discardSchema>;

export const discardedSchema = z.object({
  /** Messages that were taken away. */
  discarded: z.int(),
  /** The jobs whose records say so, the first hundred. */
  jobIds: z.array(z.string()),
  /** False: time ran out; ask again for the rest. */
  complete: z.boolean(),
});
export type Discarded = z.infer<typeof discardedSchema>;

const jobStartedSchema = z.object({ jobId: z.string() });

export const deadLetterRoutes = {
  listQueues: route('GET', '/api/admin/queues', {
    served: 'dead-letters-api',
    access: 'admin',
    rate: 'read',
    summary: 'What waits in each queue, since when, and how much is dead',
    success: { status: 200, description: 'One line per queue.', schema: queueListSchema },
  }),
  getQueueHistory: route('GET', '/api/admin/queues/history', {
    served: 'dead-letters-api',
    access: 'admin',
    rate: 'read',
    summary: 'How much waited in each queue, and was dead, over the last day',
    success: { status: 200, description: 'A quarter of an hour each.', schema: queueHistorySchema },
  }),
  listDeadLetters: route('GET', '/api/admin/queues/{name}/dead-letters', {
    served: 'dead-letters-api',
    access: 'admin',
    rate: 'read',
    summary:
      'Dead letters of a queue by cause, classified by what the table says now; those of the scheduler with `work`',
    success: {
      status: 200,
      description: 'Groups, those with most messages first; at most 200 messages are looked at.',
      schema: deadLettersSchema,
    },
  }),
  redrive: route('POST', '/api/admin/queues/{name}/redrive', {
    served: 'dead-letters-api',
    access: 'admin',
    rate: 'bulk',
    summary: 'Redrive chosen dead letters from what the table says now; what is done already closes itself',
    body: redriveSchema,
    largeBody: true,
    success: {
      status: 202,
      description: 'Accepted; the job counts what was redriven and superseded, with a row per message.',
      schema: jobStartedSchema,
    },
  }),
  discard: route('POST', '/api/admin/queues/{name}/discard', {
    served: 'dead-letters-api',
    access: 'admin',
    rate: 'bulk',
    summary: 'Take chosen dead letters away for good, with the reason',
    body: discardSchema,
    largeBody: true,
    success: {
      status: 200,
      description: 'Gone; `complete: false` when time ran out before the end.',
      schema: discardedSchema,
    },
  }),
} as const;
