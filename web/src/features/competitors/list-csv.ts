import { COMPETITOR_STATUSES, type CompetitorListItem } from '#shared/competitors/contract.ts';
import { divisionName } from '#shared/kernel/format.ts';
import type { CsvColumn } from '#web/shared/ui/csv-button.tsx';
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
export const LIST_CSV: readonly CsvColumn<CompetitorListItem>[] = [
  { name: 'First name', of: ({ firstName }) => firstName },
  { name: 'Last name', of: ({ lastName }) => lastName },
  { name: 'Team', of: ({ team }) => team?.name ?? null },
  { name: 'Grade', of: ({ grade }) => grade },
  { name: 'Division', of: ({ division }) => (division === null ? null : divisionName(division)) },
  { name: 'Status', of: ({ active, status }) => (active ? STATUS_NAMES[status] : 'Deactivated') },
  { name: 'Last solve', at: ({ lastSolveAt }) => lastSolveAt },
  { name: 'Coach', of: ({ coach }) => coach?.name ?? null },
  { name: 'School', of: ({ coach }) => coach?.school ?? null },
];
