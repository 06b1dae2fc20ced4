import { COMPETITOR_STATUSES, type CompetitorListItem } from '#shared/competitors/contract.ts';
import { csvFile } from '#shared/kernel/csv/write-csv.ts';
import { columnInZone, divisionName, spreadsheetTime } from '#shared/kernel/format.ts';
import { NO_TEAM } from './list-filters.tsx';
import { statusFilterOf } from './status-filter.ts';
import { STATUS_NAMES } from '#shared/competitors/state-names.ts';

/** What the roster's export takes of the list's filters, and the names of those that it knows nothing of. */
export function rosterFilters(params: URLSearchParams) {
  const { id: shown, text } = statusFilterOf(params.get('status'));
  const status = COMPETITOR_STATUSES.find((one) => one === shown) ?? null;
  const teamId = params.get('team');
  const noTeam = teamId === NO_TEAM;
  return {
    query: {
      status,
      teamId: noTeam ? null : teamId,
      division: params.get('division'),
      grade: params.get('grade'),
    },
    aside: [...(status === null && shown !== 'all' ? [text] : []), ...(noTeam ? ['No team'] : [])],
  };
}

/** The people who were chosen, as a file for spreadsheets: what the list shows and nothing more. */
export const listCsv = (people: readonly CompetitorListItem[], timeZone: string, asOf: string): string =>
  csvFile(
    [
      'First name',
      'Last name',
      'Team',
      'Grade',
      'Division',
      'Status',
      columnInZone('Last solve', timeZone),
      'Coach',
      'School',
      columnInZone('As of', timeZone),
    ],
    people.map((one) => [
      one.firstName,
      one.lastName,
      one.team?.name ?? null,
      one.grade,
      one.division === null ? null : divisionName(one.division),
      one.active ? STATUS_NAMES[one.status] : 'Deactivated',
      one.lastSolveAt === null ? null : spreadsheetTime(one.lastSolveAt, timeZone),
      one.coach?.name ?? null,
      one.coach?.school ?? null,
      spreadsheetTime(asOf, timeZone),
    ]),
  );
