import * as z from 'zod';
import { divisionSchema } from './division.ts';

/** What the API says of a competitor. Times are ISO 8601 UTC, dates `YYYY-MM-DD`. */

/**
 * A competitor as the table keeps it: what people typed in, and what the platform said. Status, missing fields and
 * the chain are computed (`competitor-status.ts`, `competitor-chain.ts`), never stored. Times are ISO 8601 UTC.
 */
export const competitorSchema = z.object({
  id: z.string(),
  /** Raised by one with every change; the `ETag` and `If-Match` of the API. */
  version: z.int(),
  coachId: z.string(),
  firstName: z.string(),
  lastName: z.string(),
  email: z.string().nullable(),
  /** 18 or older: a school email and a participation agreement instead of a guardian and a media release. */
  adult: z.boolean(),
  schoolEmail: z.string().nullable(),
  guardianName: z.string().nullable(),
  guardianEmail: z.string().nullable(),
  grade: z.int().nullable(),
  division: divisionSchema.nullable(),
  participationAgreementDate: z.iso.date().nullable(),
  mediaReleaseDate: z.iso.date().nullable(),
  /** The day a guardian (or the adult) took the release back; null: nobody did. See `consent.ts`. */
  consentWithdrawnDate: z.iso.date().nullable().default(null),
  active: z.boolean(),
  /** First day of the season that they were last rolled over into, or archived before; null: they never were. */
  season: z.iso.date().nullable().default(null),
  teamId: z.string().nullable(),
  teamJoinedAt: z.iso.datetime().nullable(),
  /** The id the platform knows this person by, chosen by us (`syned_user_id`); set when the account is confirmed. */
  gamePlatformId: z.string().nullable(),
  platform: z.object({
    userId: z.int().nullable(),
    username: z.string().nullable(),
    /** As the platform says it; unknown values are kept as they came. */
    accountStatus: z.string().nullable(),
    lastLoginAt: z.iso.datetime().nullable(),
    onboardedAt: z.iso.datetime().nullable(),
    /** When the account state was last asked for. */
    checkedAt: z.iso.datetime().nullable(),
    refusal: z
      .object({ code: z.string(), message: z.string(), remedy: z.string(), at: z.iso.datetime() })
      .nullable(),
  }),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type Competitor = z.infer<typeof competitorSchema>;
