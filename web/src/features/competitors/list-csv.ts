import type { CompetitorListItem } from '#shared/competitors/contract.ts';
import { csvFile } from '#shared/kernel/csv/write-csv.ts';
import { divisionName, spreadsheetTime } from '#shared/kernel/format.ts';
import { STATUS_NAMES } from './competitor-labels.ts';

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
      'Last solve',
      'Coach',
      'School',
      'As of',
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
