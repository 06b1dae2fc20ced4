import type { QueueName } from '#shared/jobs/task-definition.ts';

/** Queues that hold dead letters: one for each of ours, and the scheduler's. Constants only. */
export const LETTER_SOURCES = ['roster', 'sync', 'work', 'scheduler'] as const;
export type LetterSource = (typeof LETTER_SOURCES)[number];

/** What the scheduler could not deliver was meant for the `work` queue, so it is shown and redriven with it. */
export const SOURCES_OF: Readonly<Record<QueueName, readonly LetterSource[]>> = {
  roster: ['roster'],
  sync: ['sync'],
  work: ['work', 'scheduler'],
};
