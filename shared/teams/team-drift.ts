import type { TeamView } from './contract.ts';
import type { Team } from './team.ts';

/** What was changed here after the platform had the team, and what it has; null when nothing was. */
export function driftOf({ platform, name, division, affiliation }: Team): TeamView['drift'] {
  if (platform === null) return null;
  const ours = { name, division, affiliation };
  const fields = (['name', 'division', 'affiliation'] as const).filter(
    (field) => ours[field] !== platform[field],
  );
  if (fields.length === 0) return null;
  return {
    fields,
    platform: { name: platform.name, division: platform.division, affiliation: platform.affiliation },
  };
}
