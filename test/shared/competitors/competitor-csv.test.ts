import { describe, expect, test } from 'vitest';
import { rosterHeader, rosterLine } from '#shared/competitors/competitor-csv.ts';
import { competitorToRow } from '#shared/competitors/competitor-to-view.ts';
import type { Competitor } from '#shared/competitors/competitor.ts';
import { decideImport } from '#shared/competitors/import/decide-import.ts';
import { readImportFile } from '#shared/competitors/import/import-file.ts';
import { readCsv } from '#shared/kernel/csv/read-csv.ts';
import { csvFile } from '#shared/kernel/csv/write-csv.ts';
import { aCompetitor, APPROVED_ACCOUNT } from '#test/support/competitors.ts';

const NOW = new Date('2026-11-24T20:00:00Z');
const rosterOf = (competitor: Competitor) => {
  const relatedRecords = { team: undefined, stats: undefined, reading: undefined };
  const row = competitorToRow(competitor, relatedRecords, { now: NOW, slaHours: 8, inactiveDays: 14 });
  const timeZone = 'America/Los_Angeles';
  return csvFile(rosterHeader(timeZone), [rosterLine({ competitor, row }, NOW.toISOString(), timeZone)]);
};
const cellsOf = (csv: string): Record<string, string> => {
  const [header, line] = [...readCsv(csv.slice(1), ',')].map(({ cells }) => cells);
  return Object.fromEntries(header?.map((name, index) => [name, line?.[index] ?? '']) ?? []);
};

describe('The roster as a file', () => {
  test('of somebody on the platform names states as the screen does and times in the program’s zone', () => {
    const person = aCompetitor({
      division: 'high_school',
      gamePlatformId: 'gp_1',
      platform: APPROVED_ACCOUNT,
    });
    expect(cellsOf(rosterOf(person))).toMatchObject({
      id: person.id,
      'First name': person.firstName,
      Division: 'High School',
      Status: 'On the platform',
      'Account status': 'approved',
      'As of (Pacific Time)': '2026-11-24 12:00 PM',
    });
  });

  test('of somebody whose profile has gaps names them as the columns are named', () => {
    const cells = cellsOf(rosterOf(aCompetitor({ email: null, guardianName: null, adult: false })));
    expect(cells).toMatchObject({ Status: 'Profile incomplete', Missing: 'Email, Guardian name' });
  });

  test('that a spreadsheet saved with semicolons comes back unchanged, its own columns passed over', () => {
    const person = aCompetitor({ firstName: 'Mira;=1+1', division: 'middle_school' });
    const saved = [...readCsv(rosterOf(person).slice(1), ',')]
      .map(({ cells }) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(';'))
      .join('\r\n');
    const file = readImportFile(Buffer.from(saved));
    expect(file).toMatchObject({ separator: ';', leftOut: [] });
    expect(decideImport(file, [person], '2026-11-24')).toMatchObject([{ outcome: 'unchanged' }]);
  });
});
