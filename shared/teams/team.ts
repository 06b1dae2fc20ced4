import * as z from 'zod';
import { divisionSchema } from '../competitors/competitor-view.ts';

/** A team as the table keeps it. Members are the competitors whose `teamId` names it. */
export const teamSchema = z.object({
  id: z.string(),
  version: z.int(),
  coachId: z.string(),
  name: z.string(),
  affiliation: z.string(),
  division: divisionSchema,
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
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
});
export type Team = z.infer<typeof teamSchema>;
