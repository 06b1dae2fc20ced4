import { csvFile } from '#shared/kernel/csv/write-csv.ts';
import type { RosterPlanView } from '#shared/teams/contract.ts';

const HEADER = [
  'Action',
  'Competitor',
  'Competitor id',
  'Coach id',
  'From team',
  'To team',
  'Why',
  'Points kept here',
  'Empties the team',
  'Held by',
  'State',
  'Platform user',
  'Platform team',
] as const;

/** The plan for a spreadsheet: a line per change, then what nobody here knows. */
export const planCsv = ({ rows, unknown }: Pick<RosterPlanView, 'rows' | 'unknown'>): string =>
  csvFile(HEADER, [
    ...rows.map((row) => [
      row.action,
      row.name,
      row.competitorId,
      row.coachId,
      row.from?.name ?? null,
      row.to?.name ?? null,
      row.why,
      row.points,
      row.emptiesTeam ? 'yes' : 'no',
      row.heldBy,
      row.state,
      null,
      null,
    ]),
    ...unknown.map(({ platformUserId, platformTeamId }) => [
      'unknown',
      ...Array.from({ length: HEADER.length - 3 }, () => null),
      platformUserId,
      platformTeamId,
    ]),
  ]);

/** How many of the plan's changes and unknown users the page, and so the file, does not list. */
export function leftOut({ rows, unknown, counts }: RosterPlanView): number {
  const { add, move, remove, unknownUsers } = counts;
  return Math.max(0, add + move + remove - rows.length) + Math.max(0, unknownUsers - unknown.length);
}
