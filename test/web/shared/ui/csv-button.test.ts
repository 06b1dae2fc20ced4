import { csvFileName, tableCsv, type CsvColumn } from '#web/shared/ui/csv-button.tsx';
import { expect, test } from 'vitest';

interface Line {
  readonly name: string;
  readonly solvedAt: string | null;
}
const COLUMNS: readonly CsvColumn<Line>[] = [
  { name: 'Challenge', of: ({ name }) => name },
  { name: 'Solved', at: ({ solvedAt }) => solvedAt },
];

test('a table as a file has times of the program’s zone, as of when it is, and runs no formula', () => {
  const rows = [
    { name: '=Cookie; +Jar', solvedAt: '2026-11-20T05:30:00.000Z' },
    { name: 'Cellar', solvedAt: null },
  ];
  const csv = tableCsv({ columns: COLUMNS, rows, asOf: '2026-11-24T19:30:00Z' }, 'America/Los_Angeles');
  expect(csv.slice(1).split('\r\n')).toEqual([
    'Challenge,Solved (Pacific Time),As of (Pacific Time)',
    `"'=Cookie; +Jar",2026-11-19 9:30 PM,2026-11-24 11:30 AM`,
    'Cellar,,2026-11-24 11:30 AM',
    '',
  ]);
});

test('a file is named like its table, in letters that every system takes', () => {
  expect(csvFileName('Streaks: three or more days in a row')).toBe('streaks-three-or-more-days-in-a-row.csv');
});
