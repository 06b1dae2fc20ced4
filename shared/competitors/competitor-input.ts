import * as z from 'zod';
import type { Competitor } from './competitor.ts';
import { divisionSchema } from './competitor-view.ts';

/**
 * What people may type in about a competitor. Text is trimmed and brought to Unicode NFC, e-mail addresses to lower
 * case, and an empty string means "not known". Unknown fields are refused, so that a misspelt one is noticed.
 */

const NAME_LENGTH = 100;
/** RFC 5321: 256 octets for a path, its angle brackets included. */
const EMAIL_LENGTH = 254;
/** School years; 13 to 16 are the college years. */
const GRADES = { first: 1, last: 16 } as const;

/** Control and bidirectional-override characters: never part of a name, able to disguise one. */
const HIDDEN_CHARACTERS = /[\p{Cc}\u202A-\u202E\u2066-\u2069]/u;

const tidy = (text: string): string => text.normalize('NFC').replaceAll(/\s+/gu, ' ').trim();

const nameSchema = (what: string) =>
  z
    .string({ error: `Enter ${what} as text.` })
    .transform(tidy)
    .pipe(
      z
        .string()
        .min(1, { error: `Enter ${what}.` })
        .max(NAME_LENGTH, { error: `Shorten ${what} to ${NAME_LENGTH} characters.` })
        .refine((text) => !HIDDEN_CHARACTERS.test(text), { error: `Remove hidden characters from ${what}.` }),
    );

/** Null and the empty string both clear the field. */
const clearable = <T extends z.ZodType>(schema: T) =>
  z.preprocess(
    (value) => (typeof value === 'string' && value.trim() === '' ? null : value),
    schema.nullable(),
  );

const emailSchema = z
  .string({ error: 'Enter the e-mail address as text.' })
  .transform((text) => text.normalize('NFC').trim().toLowerCase())
  .pipe(
    z
      .email({ error: 'Enter a whole e-mail address, such as name@example.org.' })
      .max(EMAIL_LENGTH, { error: `Shorten the e-mail address to ${EMAIL_LENGTH} characters.` }),
  );

const dateSchema = z.iso.date({ error: 'Enter a date as YYYY-MM-DD.' });

const gradeMessage = `Enter a grade from ${GRADES.first} to ${GRADES.last}.`;
const gradeSchema = z
  .int({ error: gradeMessage })
  .min(GRADES.first, { error: gradeMessage })
  .max(GRADES.last, { error: gradeMessage });

const divisionInputSchema = z.enum(divisionSchema.options, {
  error: `Choose one of ${divisionSchema.options.join(', ')}.`,
});

const adultSchema = z.boolean({ error: 'Say true (18 or older) or false.' });

const optionalFields = {
  email: clearable(emailSchema).optional(),
  schoolEmail: clearable(emailSchema).optional(),
  guardianName: clearable(nameSchema('the guardian’s name')).optional(),
  guardianEmail: clearable(emailSchema).optional(),
  grade: clearable(gradeSchema).optional(),
  division: clearable(divisionInputSchema).optional(),
  participationAgreementDate: clearable(dateSchema).optional(),
  mediaReleaseDate: clearable(dateSchema).optional(),
};

/** `POST /api/competitors`. */
export const competitorCreateSchema = z.strictObject({
  firstName: nameSchema('the first name'),
  lastName: nameSchema('the last name'),
  adult: adultSchema.default(false),
  ...optionalFields,
});
export type CompetitorCreate = z.infer<typeof competitorCreateSchema>;

/** `PATCH /api/competitors/{id}`: only what is given is changed; null clears. */
export const competitorPatchSchema = z.strictObject({
  firstName: nameSchema('the first name').optional(),
  lastName: nameSchema('the last name').optional(),
  adult: adultSchema.optional(),
  /** False deactivates: the competitor stays on record, and nothing is read or written for them any more. */
  active: z.boolean({ error: 'Say true or false.' }).optional(),
  ...optionalFields,
});
export type CompetitorPatch = z.infer<typeof competitorPatchSchema>;

/** Releases that are said to be signed later than `today` (`YYYY-MM-DD`, programme's time zone): a slip, so refused. */
export function futureDateErrors(
  input: Pick<CompetitorPatch, 'participationAgreementDate' | 'mediaReleaseDate'>,
  today: string,
): { path: string; message: string }[] {
  return (['participationAgreementDate', 'mediaReleaseDate'] as const)
    .filter((field) => (input[field] ?? '') > today)
    .map((field) => ({ path: field, message: 'Enter the day it was signed; this day is still to come.' }));
}

/** The fields a patch really changes, in no particular order; empty when the record says all of it already. */
export function changedFields(competitor: Competitor, patch: CompetitorPatch): (keyof CompetitorPatch)[] {
  return competitorPatchSchema
    .keyof()
    .options.filter((field) => patch[field] !== undefined && patch[field] !== competitor[field]);
}
