import * as z from 'zod';
import { counted } from '#shared/kernel/format.ts';
import { pastCause, pastReadSentence, READ_CAUSES } from './policy/explain-read.ts';

/**
 * Why a competitor was read, as a part of a job and a sync state keep it: `"<code>"` or `"<code> <expected> <enough>"`, with
 * new solves that were expected and that would have been enough. Contains no names.
 */

export const READ_REASONS = [
  ...READ_CAUSES,
  'tier_high',
  'tier_medium',
  'tier_low',
  'rotation',
  'everyone',
  'first',
  'asked',
  'removal',
  // New ones go to the end: no-op reads keep a code's place in this list.
] as const;
export type ReadReason = (typeof READ_REASONS)[number];

const codeSchema = z.enum(READ_REASONS);
/** Codes that came before there were reasons, or from a later release, are taken for a read of everyone. */
const FALLBACK: ReadReason = 'everyone';

interface Reason {
  readonly code: ReadReason;
  readonly expected: number | null;
  readonly enough: number | null;
}

const figure = (text: string | undefined): number | null => {
  const value = Number(text ?? NaN);
  return Number.isFinite(value) && value >= 0 ? value : null;
};

function parseReason(reason: string): Reason {
  const [code, expected, enough] = reason.split(' ');
  return {
    code: codeSchema.catch(FALLBACK).parse(code),
    expected: figure(expected),
    enough: figure(enough),
  };
}

/** Two significant figures, four characters at most: what is shown is no finer. */
const packFigure = (value: number | null): string =>
  value === null ? '' : value >= 10 ? Math.min(9_999, Math.round(value)).toString() : value.toFixed(2);

/** A reason in at most ten characters, figures rounded. */
export function packReason(reason: string): string {
  const { code, expected, enough } = parseReason(reason);
  const figures = [expected, enough].map(packFigure).join(' ').trimEnd();
  return READ_REASONS.indexOf(code).toString(36) + figures;
}

/** The reason as it was before {@link packReason}, but for rounded figures. */
export function unpackReason(packed: string): string {
  const code = READ_REASONS[Number.parseInt(packed.slice(0, 1), 36)] ?? FALLBACK;
  return packed.length > 1 ? `${code} ${packed.slice(1)}` : code;
}

/** Whether the rounds chose to make this read, and not a person. */
export const isOfRounds = (reason: string): boolean => {
  const { code } = parseReason(reason);
  return code !== 'asked' && code !== 'removal';
};

/** Whether it is a Flash CTF's solves that the read is to show. */
export const isForFlash = (reason: string): boolean => parseReason(reason).code === 'flash_ctf';

function causeOf(code: ReadReason): string {
  switch (code) {
    case 'tier_high':
      return 'they solve often, and such people are read most often';
    case 'tier_medium':
      return 'they solved something lately, and such people are read several times a day';
    case 'tier_low':
      return 'it was time again for someone who has not solved anything in a while';
    case 'rotation':
      return 'it was their turn in the rotation';
    case 'everyone':
      return 'everyone was read';
    case 'first':
      return 'there had been no read before';
    case 'asked':
      return 'someone asked for it';
    case 'removal':
      return 'they were about to leave a team';
    default:
      return pastCause(code);
  }
}

/** The reason as a sentence for people, once the read is over. */
export function reasonSentence(reason: string): string {
  const { code, expected, enough } = parseReason(reason);
  // No one weighs what a read is to show when a competitor's time is up.
  return pastReadSentence(causeOf(code), expected, code === 'sla_due' ? null : enough);
}

/** The same of a read that a dry run did not make. */
export const dryReadSentence = (reason: string, calls: number): string =>
  `Would have been read because ${causeOf(parseReason(reason).code)}, with ${counted(calls, 'call')} to the platform.`;
