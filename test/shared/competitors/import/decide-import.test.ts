import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { competitorsToCsv } from '#shared/competitors/competitor-csv.ts';
import { competitorToView } from '#shared/competitors/competitor-to-view.ts';
import type { Competitor } from '#shared/competitors/competitor.ts';
import { decideImport, decisionDigest } from '#shared/competitors/import/decide-import.ts';
import { readImportFile, readImportTable } from '#shared/competitors/import/import-file.ts';
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

describe('whom a row is about', () => {
  const people = [MIRA, aCompetitor({ id: 'cmp_j', firstName: 'Juno', lastName: 'Vale', email: null })];

  test('its id, else its address, else its name', () => {
    expect(decide('id,first_name,last_name\ncmp_m,Mirella,Okafor', people)).toMatchObject([
      { outcome: 'changed', competitorId: 'cmp_m', fields: ['firstName'] },
    ]);
    expect(decide('first_name,last_name,email\nMirella,Okafor,MIRA@example.org', people)).toMatchObject([
      { outcome: 'changed', competitorId: 'cmp_m' },
    ]);
    expect(decide('first_name,last_name\nmíra,OKAFOR', people)).toMatchObject([{ competitorId: 'cmp_m' }]);
    expect(decide('first_name,last_name,email\nJuno,Vale,juno@example.org', people)).toMatchObject([
      { outcome: 'changed', competitorId: 'cmp_j', fields: ['email'] },
    ]);
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
    expect(outcomes('first_name,last_name\nMira,Okafor\nMíra,Okafor', [MIRA])).toEqual([
      'unchanged',
      'refused',
    ]);
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
    expect(messageOf(`${header}\nA,B,no,9,college,2999-01-01`)).toMatch(/^media_release_date: /);
  });
});

test('an exported roster comes back unchanged, whatever the names', () => {
  const name = fc
    .string({
      unit: fc.constantFrom('=', '+', '-', '@', '"', ',', ';', "'", 'a', 'Z', 'é', ' '),
      maxLength: 12,
    })
    .map((text) => text.replaceAll(/\s+/g, ' ').trim())
    // An apostrophe in front of a formula is taken for ours.
    .filter((text) => text !== '' && !/^'[=+\-@]/.test(text));
  const unchanged = fc.property(name, name, (firstName, lastName) => {
    const competitor = aCompetitor({ firstName, lastName });
    const relatedRecords = { team: undefined, stats: undefined, reading: undefined };
    const view = competitorToView(competitor, relatedRecords, {
      now: new Date(`${TODAY}T20:00:00Z`),
      slaHours: 8,
    });
    const file = readImportFile(Buffer.from(competitorsToCsv([view])));
    return decideImport(file, [competitor], TODAY)[0]?.outcome === 'unchanged';
  });
  expect(fc.check(unchanged, { numRuns: 300 })).toMatchObject({ failed: false });
});

test('the fingerprint changes with what would be done and with what would be overwritten', () => {
  const table = readImportTable('first_name,last_name,grade\nMira,Okafor,12', ',');
  const digestOf = (people: readonly Competitor[]) =>
    decisionDigest(decideImport(table, people, TODAY), people);
  const first = digestOf([MIRA]);
  expect(digestOf([{ ...MIRA, version: 7, mediaReleaseDate: null }])).toBe(first);
  expect(digestOf([{ ...MIRA, grade: 10 }])).not.toBe(first);
  expect(digestOf([])).not.toBe(first);
});
