import * as fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { rosterHeader, rosterLine } from '#shared/competitors/competitor-csv.ts';
import { competitorToRow } from '#shared/competitors/competitor-to-view.ts';
import type { Competitor } from '#shared/competitors/competitor.ts';
import { decideImport, decisionDigest } from '#shared/competitors/import/decide-import.ts';
import { readImportFile, readImportTable, type ImportTable } from '#shared/competitors/import/import-file.ts';
import { csvFile } from '#shared/kernel/csv/write-csv.ts';
import { aCompetitor } from '#test/support/competitors.ts';

const TODAY = '2026-11-24';
const decide = (text: string, competitors: readonly Competitor[] = []) =>
  decideImport(readImportTable(text, ','), competitors, TODAY);
const outcomes = (text: string, competitors: readonly Competitor[] = []) =>
  decide(text, competitors).map((one) => one.outcome);
const messageOf = (text: string, competitors: readonly Competitor[] = []) => {
  const [one] = decide(text, competitors);
  return one?.outcome === 'refused' ? one.message : one?.outcome;
};

const MIRA = aCompetitor({ id: 'cmp_m' });

const manyRows = (name: (index: number) => string, email: (index: number) => string) =>
  readImportTable(
    [
      'first_name,last_name,email',
      ...Array.from({ length: 10_000 }, (_, i) => `Ana,${name(i)},${email(i)}`),
    ].join('\n'),
    ',',
  );
const ownAddress = (index: number) => `s${index}@example.org`;
const decidedIn = (table: ImportTable) => {
  const start = performance.now();
  decideImport(table, [], TODAY);
  return performance.now() - start;
};

describe('whom a row is about', () => {
  const people = [MIRA, aCompetitor({ id: 'cmp_j', firstName: 'Juno', lastName: 'Vale', email: null })];

  test('its id, else its address and name together', () => {
    expect(decide('id,first_name,last_name\ncmp_m,Mirella,Okafor', people)).toMatchObject([
      { outcome: 'changed', competitorId: 'cmp_m', fields: ['firstName'] },
    ]);
    expect(decide('first_name,last_name,email,grade\nmira,OKAFOR,MIRA@example.org,10', people)).toMatchObject(
      [{ outcome: 'changed', competitorId: 'cmp_m', fields: ['firstName', 'grade', 'lastName'] }],
    );
  });

  test('an address alone makes nobody the same person: a sibling with it is refused, and whose it is is told', () => {
    const sibling = 'first_name,last_name,email,grade\nMirella,Okafor,mira@example.org,7';
    expect(decide(sibling, people)).toMatchObject([{ outcome: 'refused', competitorId: 'cmp_m' }]);
    expect(messageOf(sibling, people)).toMatch(/^email: .*someone else/);
    expect(decide('id,first_name,last_name,email\ncmp_j,Juno,Vale,mira@example.org', people)).toMatchObject([
      { outcome: 'refused', competitorId: 'cmp_m' },
    ]);
  });

  test('a name alone changes nobody: what it would change is refused, what says nothing new is unchanged', () => {
    expect(outcomes('first_name,last_name\nMira,Okafor', people)).toEqual(['unchanged']);
    for (const row of ['Juno,Vale,juno@example.org,', 'Juno,Vale,,11'])
      expect(decide(`first_name,last_name,email,grade\n${row}`, people)).toMatchObject([
        { outcome: 'refused', competitorId: 'cmp_j' },
      ]);
  });

  test.each([
    ['another kind of apostrophe', 'Shea,O’Brien', "O'Brien", 'unchanged'],
    ['another kind of dash', 'Shea,Lee‐Ann', 'Lee-Ann', 'unchanged'],
    ['an invisible character', 'Sh\u200Bea,Vance', 'Vance', 'unchanged'],
    ['an accent', 'Shea,Pena', 'Peña', 'new'],
  ])('%s in a name that is there makes the row %s', (_, row, lastName, outcome) => {
    const there = aCompetitor({ id: 'cmp_s', firstName: 'Shea', lastName, email: null });
    const decision = decide(`first_name,last_name\n${row}`, [there])[0];
    const same = decision?.outcome === 'refused' && decision.competitorId === 'cmp_s';
    expect(same ? 'unchanged' : decision?.outcome).toBe(outcome);
  });

  test('another address under the same name is somebody new', () => {
    expect(outcomes('first_name,last_name,email\nMira,Okafor,other@example.org', people)).toEqual(['new']);
  });

  test('an id of nobody here, or a name that two have, is refused', () => {
    expect(messageOf('id,first_name,last_name\ncmp_x,A,B', people)).toMatch(/^id: /);
    const twins = [MIRA, aCompetitor({ id: 'cmp_2', email: 'm2@example.org' })];
    expect(messageOf('first_name,last_name\nMira,Okafor', twins)).toContain('Several');
  });

  test('a second row about the same person is refused, naming the line of the first', () => {
    expect(outcomes('first_name,last_name\nA,B\nA,B')).toEqual(['new', 'refused']);
    expect(outcomes('first_name,last_name\nA\u200B,B\nA,B')).toEqual(['new', 'refused']);
    expect(outcomes('first_name,last_name\nMira,Okafor\nMira,OKAFOR', [MIRA])).toEqual([
      'unchanged',
      'refused',
    ]);
    for (const rows of ['A,B,a@example.org\nA,B,', 'A,B,\nA,B,a@example.org'])
      expect(outcomes(`first_name,last_name,email\n${rows}`)).toEqual(['new', 'refused']);
  });

  test('ten thousand rows of one name are decided about as fast as rows of as many names', () => {
    decidedIn(manyRows(String, ownAddress));
    const ordinary = decidedIn(manyRows(String, ownAddress));
    expect(decidedIn(manyRows(() => 'Reyes', ownAddress))).toBeLessThan(ordinary * 4);
    expect(
      decidedIn(
        manyRows(
          () => 'Reyes',
          () => '',
        ),
      ),
    ).toBeLessThan(ordinary * 4);
  });

  test('two rows of one address are refused unless they are one person, and two of one name are not', () => {
    const header = 'first_name,last_name,email';
    const [, second] = decide(`${header}\nAna,Reyes,f@example.org\nBen,Reyes,f@example.org`);
    expect(second).toMatchObject({ outcome: 'refused', message: expect.stringContaining('Line 2') });
    expect(outcomes(`${header}\nAna,Reyes,a1@example.org\nAna,Reyes,a2@example.org`)).toEqual(['new', 'new']);
  });
});

describe('what a row says', () => {
  const header = 'first_name,last_name,adult,grade,division,media_release_date';

  test('is understood as people and spreadsheets write it', () => {
    expect(decide(`${header}\nA,B,Yes,13,High School,9/2/2026`)).toMatchObject([
      {
        outcome: 'new',
        input: { adult: true, grade: 13, division: 'high_school', mediaReleaseDate: '2026-09-02' },
      },
    ]);
  });

  test('empty cells and missing columns leave what is there', () => {
    expect(outcomes(`${header}\nMira,Okafor,,,,`, [MIRA])).toEqual(['unchanged']);
  });

  test('what is not right is refused by column, without a word of the row', () => {
    const message = messageOf(`${header}\n,Secretname,perhaps,99,primary,2999-01-01`);
    for (const column of ['first_name', 'adult', 'grade', 'division'])
      expect(message).toContain(`${column}: `);
    expect(message).not.toContain('Secretname');
    for (const day of ['2999-01-01', '1/1/1900', '1970-01-01'])
      expect(messageOf(`${header}\nA,B,no,9,college,${day}`)).toMatch(/^media_release_date: /);
  });

  test.each(['9', '09', '9th', 'Grade 9', '9th grade'])('%s is the ninth grade', (grade) => {
    expect(decide(`first_name,last_name,grade\nA,B,${grade}`)).toMatchObject([{ input: { grade: 9 } }]);
  });

  test('more cells than columns are refused, empty ones are not', () => {
    const rows = decide('first_name,last_name,grade\nAna,Reyes,9,7\nBen,Li,8,,\nMo,Li');
    expect(rows.map(({ outcome }) => outcome)).toEqual(['refused', 'new', 'new']);
    expect(rows[0]).toMatchObject({ message: expect.stringContaining('more cells') });
  });

  test('only what nobody sees is an empty cell', () => {
    expect(messageOf('first_name,last_name\n\u200B,\u200B')).toContain('first_name: ');
  });

  test('a long cell is refused without work in proportion to its length', () => {
    const composing = vi.spyOn(String.prototype, 'normalize');
    expect(messageOf(`first_name,last_name\n${'a\u0323\u0301'.repeat(200_000)},B`)).toMatch(/^first_name: /);
    const composed = composing.mock.contexts.reduce<number>((sum, text) => sum + String(text).length, 0);
    composing.mockRestore();
    expect(composed).toBeLessThan(10_000);
  });
});

test('an exported roster comes back unchanged, whatever the names', () => {
  const name = fc
    .string({
      unit: fc.constantFrom('=', '+', '-', '@', '"', ',', ';', "'", 'a', 'Z', 'é', ' '),
      maxLength: 12,
    })
    .map((text) => text.replaceAll(/\s+/g, ' ').trim())
    .filter((text) => text !== '');
  const unchanged = fc.property(name, name, (firstName, lastName) => {
    const competitor = aCompetitor({ firstName, lastName });
    const relatedRecords = { team: undefined, stats: undefined, reading: undefined };
    const now = new Date(`${TODAY}T20:00:00Z`);
    const row = competitorToRow(competitor, relatedRecords, { now, slaHours: 8, inactiveDays: 14 });
    const timeZone = 'America/Los_Angeles';
    const line = rosterLine({ competitor, row }, now.toISOString(), timeZone);
    const csv = csvFile(rosterHeader(timeZone), [line]);
    const file = readImportFile(Buffer.from(csv));
    expect(file.leftOut).toEqual([]);
    return decideImport(file, [competitor], TODAY)[0]?.outcome === 'unchanged';
  });
  expect(fc.check(unchanged, { numRuns: 300 })).toMatchObject({ failed: false });
});

const fileOf = (text: string) => readImportFile(Buffer.from(text));

const named = ({ rows, column }: ReturnType<typeof fileOf>) =>
  rows.map(({ cells }) => [cells[column.get('firstName') ?? -1], cells[column.get('lastName') ?? -1]]);

describe('a file from elsewhere', () => {
  test.each([
    [
      'OneRoster',
      'sourcedId,status,role,username,givenName,familyName,middleName,email,grades,password\n9001,,student,areyes,Ana,Reyes,,ana.r@example.org,09,',
      ['sourcedId', 'role', 'username', 'middleName', 'password'],
    ],
    [
      'PowerSchool, below a title',
      'Roster 2026\n\nStudent_Number,First_Name,Last_Name,Grade_Level,Home_Room\n0012,Ana,Reyes,9th,B4',
      ['Student_Number', 'Home_Room'],
    ],
    [
      'semicolons below a title, and commas in it',
      'Roster, fall, 2026\n\nFirst Name;Last Name;Room\nAna;Reyes;B4',
      ['Room'],
    ],
    ['Excel with its separator line', 'sep=;\r\nfirst_name;last_name\r\nAna;Reyes\r\n', []],
    ['another script', 'first_name,last_name,名前,メール\nAna,Reyes,x,y', ['名前', 'メール']],
  ])('%s is taken, and what is left out is told', (_, text, leftOut) => {
    const file = fileOf(text);
    expect(named(file)).toEqual([['Ana', 'Reyes']]);
    expect(file.leftOut).toEqual(leftOut);
    expect(decideImport(file, [], TODAY)).toMatchObject([{ outcome: 'new' }]);
  });

  test('a damaged character costs its own row only', () => {
    const bytes = Buffer.concat([
      Buffer.from('first_name,last_name\nJosé,Núñez\nZo'),
      Buffer.from([0xc3]),
      Buffer.from(',Lee\nAna,Peña\n'),
    ]);
    const rows = decideImport(readImportFile(bytes), [], TODAY);
    expect(rows.map(({ outcome }) => outcome)).toEqual(['new', 'refused', 'new']);
    expect(rows[1]).toMatchObject({ line: 3, message: expect.stringMatching(/^first_name: .*damaged/) });
  });

  test('a header of 90,000 columns is refused with a short answer', () => {
    const header = Array.from({ length: 90_000 }, (_, index) => `column ${index}`).join(',');
    const refusal = (() => {
      try {
        return fileOf(`${header}\nA,B`);
      } catch (error) {
        return error;
      }
    })();
    expect(refusal).toMatchObject({ code: 'COLUMNS_NOT_KNOWN' });
    expect(JSON.stringify(refusal).length).toBeLessThan(2_000);
  });
});

test('the fingerprint changes with what would be done and with what would be overwritten', () => {
  const table = readImportTable('first_name,last_name,email,grade\nMira,Okafor,mira@example.org,12', ',');
  const digestOf = (people: readonly Competitor[]) =>
    decisionDigest(decideImport(table, people, TODAY), people);
  const first = digestOf([MIRA]);
  expect(digestOf([{ ...MIRA, version: 7, mediaReleaseDate: null }])).toBe(first);
  expect(digestOf([{ ...MIRA, grade: 10 }])).not.toBe(first);
  expect(digestOf([])).not.toBe(first);
});

const outcomeInSeason = (text: string, competitors: readonly Competitor[]) =>
  decideImport(readImportTable(text, ','), competitors, TODAY, { seasonStart: '2026-10-01' })[0]?.outcome;

test('a date before the season is refused where it is entered, not where it is on record', () => {
  const known = aCompetitor({ mediaReleaseDate: '2026-09-02' });
  const row = (day: string) => `id,first_name,last_name,media_release_date\n${known.id},Mira,Okafor,${day}\n`;
  expect(outcomeInSeason('first_name,last_name,media_release_date\nJuno,Vale,2026-09-30\n', [])).toBe(
    'refused',
  );
  expect(outcomeInSeason('first_name,last_name,media_release_date\nJuno,Vale,2026-10-01\n', [])).toBe('new');
  expect(outcomeInSeason(row('2026-09-02'), [known])).toBe('unchanged');
  expect(outcomeInSeason(row('2026-09-30'), [known])).toBe('refused');
  expect(outcomeInSeason(row('2026-10-02'), [known])).toBe('changed');
});
