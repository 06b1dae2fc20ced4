import type { TeamView } from '#shared/teams/contract.ts';

/** What the form of a team holds, and what is sent of it. Pure. */
export interface TeamBody {
  readonly name: string;
  readonly affiliation: string;
  readonly division: TeamView['division'];
}

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
