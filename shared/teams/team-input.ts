import * as z from 'zod';
import { divisionSchema } from '#shared/competitors/competitor-view.ts';
import type { Team } from './team.ts';

/** What coaches may type in about a team; the platform wants all three, none of them empty. */

const NAME_LENGTH = 100;
/** Control and bidirectional-override characters: never part of a name, able to disguise one. */
const HIDDEN_CHARACTERS = /[\p{Cc}\u202A-\u202E\u2066-\u2069]/u;

const textSchema = (what: string) =>
  z
    .string({ error: `Enter ${what} as text.` })
    .transform((text) => text.normalize('NFC').replaceAll(/\s+/gu, ' ').trim())
    .pipe(
      z
        .string()
        .min(1, { error: `Enter ${what}.` })
        .max(NAME_LENGTH, { error: `Shorten ${what} to ${NAME_LENGTH} characters.` })
        .refine((text) => !HIDDEN_CHARACTERS.test(text), { error: `Remove hidden characters from ${what}.` }),
    );

const fields = {
  name: textSchema('the team’s name'),
  affiliation: textSchema('the affiliation'),
  division: z.enum(divisionSchema.options, { error: `Choose one of ${divisionSchema.options.join(', ')}.` }),
};

/** `POST /api/teams`. */
export const teamCreateSchema = z.strictObject(fields);
export type TeamCreate = z.infer<typeof teamCreateSchema>;

/** `PATCH /api/teams/{id}`: only what is given is changed. */
export const teamPatchSchema = z.strictObject(fields).partial();
export type TeamPatch = z.infer<typeof teamPatchSchema>;

/** The fields a patch really changes; empty when the record says all of it already. */
export const changedTeamFields = (team: Team, patch: TeamPatch): (keyof TeamPatch)[] =>
  teamPatchSchema
    .keyof()
    .options.filter((field) => patch[field] !== undefined && patch[field] !== team[field]);
