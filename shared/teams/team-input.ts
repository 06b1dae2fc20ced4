import { teamPatchSchema, type TeamPatch } from './contract.ts';
import type { Team } from './team.ts';

/** The fields a patch really changes; empty when the record says all of it already. */
export const changedTeamFields = (team: Team, patch: TeamPatch): (keyof TeamPatch)[] =>
  teamPatchSchema
    .keyof()
    .options.filter((field) => patch[field] !== undefined && patch[field] !== team[field]);
