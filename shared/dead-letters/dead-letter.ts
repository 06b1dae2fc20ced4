import { createHash } from 'node:crypto';
import * as z from 'zod';
import { jobPartMessageSchema, workMessageSchema } from '#shared/jobs/job.ts';
import { rosterWakeUpSchema } from '#shared/teams/rosters/roster-entry.ts';
import type { DeadLetterSource } from './contract.ts';

/** A message that nobody could process, as it lies in its dead-letter queue. */
export interface DeadLetter {
  /** SQS's id of the message. */
  readonly id: string;
  readonly source: DeadLetterSource;
  readonly body: string;
  /** When it was first sent, ISO 8601 UTC; a dead letter keeps that time. */
  readonly sentAt: string;
  /** Names this receive to SQS. */
  readonly receipt: string;
}

const messageSchema = z.union([jobPartMessageSchema, rosterWakeUpSchema, workMessageSchema]);
/** What a message points at; `unknown`: it is no message of ours. */
export type About = z.infer<typeof messageSchema> | { readonly kind: 'unknown' };

/** Our ids, schedule names and times. Whatever else a message holds is not shown and not looked up. */
const SAFE = /^[\w.:-]{1,120}$/;

/** What the message points at. Of a body that we do not know nothing is kept, since it may hold anything. */
export function aboutOf(message: Pick<DeadLetter, 'body'>): About {
  let body: unknown;
  try {
    body = JSON.parse(message.body);
  } catch {
    return { kind: 'unknown' };
  }
  const parsed = messageSchema.safeParse(body);
  if (!parsed.success) return { kind: 'unknown' };
  const ids = Object.values(parsed.data).filter((value) => typeof value === 'string');
  return ids.every((id) => SAFE.test(id)) ? parsed.data : { kind: 'unknown' };
}

/** The job that a message points at; null when it is about none. */
export const jobIdOf = (about: About): string | null => ('jobId' in about ? about.jobId : null);

const CAUSE_LENGTH = 10;

/** A stable id of a cause, fit for a body and an address. */
export const causeId = (kind: string, text: string): string =>
  `${kind}-${createHash('sha256').update(text).digest('hex').slice(0, CAUSE_LENGTH)}`;
