import { divisionSchema } from '#shared/competitors/contract.ts';
import type { TeamView } from '#shared/teams/contract.ts';
import * as z from 'zod';

/** What the form of a team holds, and what is sent of it. Pure. */
export const teamBodySchema = z.object({
  name: z.string(),
  affiliation: z.string(),
  division: divisionSchema,
});
export type TeamBody = Readonly<z.infer<typeof teamBodySchema>>;

export const teamFormOf = ({ name, affiliation, division }: TeamView): TeamBody => ({
  name,
  affiliation,
  division,
});

export const trimmed = ({ name, affiliation, division }: TeamBody): TeamBody => ({
  name: name.trim(),
  affiliation: affiliation.trim(),
  division,
});

/** Only what differs from the record. */
export function teamPatchOf(values: TeamBody, team: TeamView): Partial<TeamBody> {
  const after = trimmed(values);
  return {
    ...(after.name === team.name ? {} : { name: after.name }),
    ...(after.affiliation === team.affiliation ? {} : { affiliation: after.affiliation }),
    ...(after.division === team.division ? {} : { division: after.division }),
  };
}
