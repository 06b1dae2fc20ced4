import { createHash } from 'node:crypto';
import type { NoOpRead } from './no-op-read.ts';
import { packReason, unpackReason } from './read-reason.ts';

/**
 * No-op reads as short strings: the time in seven characters, the job in six, then the reason. What is left of a job's
 * id is enough to know it again, and not to find it by.
 */

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** Milliseconds since 1970 until the year 2109. */
const TIME_LENGTH = 7;
const JOB_LENGTH = 6;

function packTime(at: number): string {
  let packed = '';
  for (let left = at; packed.length < TIME_LENGTH; left = Math.floor(left / DIGITS.length))
    packed = (DIGITS[left % DIGITS.length] ?? '') + packed;
  return packed;
}

const unpackTime = (packed: string): number =>
  packed.split('').reduce((at, digit) => at * DIGITS.length + DIGITS.indexOf(digit), 0);

/** What no-op reads keep of the id of the job that made them. Of a packed one the same. */
export const packJob = (jobId: string): string =>
  jobId.length === JOB_LENGTH
    ? jobId
    : createHash('sha256').update(jobId).digest('base64url').slice(0, JOB_LENGTH);

/** Whether what is kept of a read says that this job made it. */
export const isOfJob = (read: { readonly jobId: string } | undefined, jobId: string): boolean =>
  read !== undefined && (read.jobId === jobId || read.jobId === packJob(jobId));

export const packOdl = ({ at, jobId, reason }: NonNullable<NoOpRead['odl']>): string =>
  packTime(at) + packJob(jobId) + packReason(reason);

export const packFlash = ({ at, jobId }: NonNullable<NoOpRead['flash']>): string =>
  packTime(at) + (jobId === undefined ? '' : packJob(jobId));

const REASON_FROM = TIME_LENGTH + JOB_LENGTH;

export const unpackOdl = (packed: string): NonNullable<NoOpRead['odl']> => ({
  at: unpackTime(packed.slice(0, TIME_LENGTH)),
  jobId: packed.slice(TIME_LENGTH, REASON_FROM),
  reason: unpackReason(packed.slice(REASON_FROM)),
});

export function unpackFlash(packed: string): NonNullable<NoOpRead['flash']> {
  const at = unpackTime(packed.slice(0, TIME_LENGTH));
  return packed.length === TIME_LENGTH ? { at } : { at, jobId: packed.slice(TIME_LENGTH) };
}
