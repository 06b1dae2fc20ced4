import * as z from 'zod';
import { divisionSchema } from '#shared/competitors/contract.ts';
import { syncFailureSchema } from './rosters/roster-entry.ts';

const metadata = { name: z.string(), affiliation: z.string(), division: divisionSchema };

/**
 * A team as the table keeps it. The API owns what coaches decide and raises `version`; the roster worker owns
 * `platform`, `createSent` and `sync`, and takes `recreate` back. Each writes its own fields only.
 */
export const teamSchema = z.object({
  id: z.string(),
  version: z.int(),
  coachId: z.string(),
  ...metadata,
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  /** The competitors whose `teamId` names this team, in the order of joining. */
  members: z.array(z.string()).default([]),
  /** `deleted`: gone for coaches, kept until the platform has deleted it too. */
  wantedState: z.enum(['present', 'deleted']).default('present'),
  /** What the platform confirmed last; null until it has the team. */
  platform: z
    .object({
      /** Null when a create timed out but worked: the platform has no look-up for teams. */
      teamId: z.int().nullable(),
      name: z.string(),
      affiliation: z.string(),
      division: z.string(),
      confirmedAt: z.iso.datetime(),
    })
    .nullable(),
  /** What a create was sent with whose end is not known yet; the same is sent again until it is. */
  createSent: z.object(metadata).nullable().default(null),
  /**
   * Asked for by a coach: everybody is taken off the team over there, it is deleted, and recreated with today's name.
   * Until it is gone there, its members are wanted nowhere.
   */
  recreate: z.object({ requestedAt: z.iso.datetime() }).nullable().default(null),
  /** When the platform last confirmed that somebody is off this team: their own entry tells of another team by then. */
  memberLeftAt: z.iso.datetime().nullable().default(null),
  sync: z
    .object({
      failure: syncFailureSchema.nullable(),
      attempts: z.int(),
      notBefore: z.iso.datetime().nullable(),
    })
    .default({ failure: null, attempts: 0, notBefore: null }),
});
export type Team = z.infer<typeof teamSchema>;

/** What a new team starts with beside what the coach says. */
export const UNTRIED: Pick<
  Team,
  'platform' | 'createSent' | 'recreate' | 'memberLeftAt' | 'sync' | 'wantedState'
> = {
  platform: null,
  createSent: null,
  recreate: null,
  memberLeftAt: null,
  sync: { failure: null, attempts: 0, notBefore: null },
  wantedState: 'present',
};
