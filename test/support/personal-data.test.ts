import { describe, expect, it } from 'vitest';
import { namelessRows, notePeople, PersonalData } from './personal-data.ts';
import { aCompetitor } from './competitors.ts';

const MIRA = aCompetitor({ lastName: 'Okaforova', guardianName: 'Ada Brimblewick' });

const found = (text: string): string[] => {
  const people = new PersonalData();
  people.note(MIRA);
  return people.find(new Map([['log', ['a line before', text]]])).map(({ what }) => what);
};

describe('What finds people in logs, traces, messages and rows', () => {
  it.each([
    ['a whole name', '{"message":"cannot add Mira Okaforova"}', ['mira okaforova', 'okaforova']],
    ['a whole name in capitals, last name first', 'OKAFOROVA, MIRA', ['okaforova, mira', 'okaforova']],
    ['a last name alone', '{"path":"Okaforova"}', ['okaforova']],
    ['a guardian', 'asked Ada Brimblewick', ['ada brimblewick']],
    ['an address', '<mira@example.org>', ['mira@example.org']],
    ['an address that nobody is known by', 'x-1@mail.example.test', ['x-1@mail.example.test']],
  ])('finds %s', (_, text, what) => {
    expect(found(text)).toEqual(what);
  });

  it.each([
    ['a part of a longer word', '{"id":"xokaforovay"}'],
    ['a first name alone', 'the mira endpoint'],
    ['a sentence of the product', 'Enter a whole email address, such as name@example.org.'],
    ['ids and counts', '{"competitorId":"cmp_1","total":4711}'],
  ])('finds nobody in %s', (_, text) => {
    expect(found(text)).toEqual([]);
  });

  it('lets a last name pass that is a word of the product, but not with its first name', () => {
    const people = new PersonalData();
    people.note({ firstName: 'Juno', lastName: 'Competitor' });
    expect(people.find(new Map([['log', ['competitor read']]]))).toEqual([]);
    expect(people.find(new Map([['trace', ['Juno Competitor']]]))).toEqual([
      { where: 'trace', what: 'juno competitor' },
    ]);
  });

  it('looks into every row but those that hold what people typed in, and learns people from those', () => {
    const rows = [
      { pk: 'COMP#cmp_1', type: 'competitor', ...MIRA },
      { pk: 'JOB#job_1', type: 'job', payload: { reason: 'Mira Okaforova asked' } },
      { pk: 'COACHES', type: 'coach', name: 'Mira Okaforova' },
    ];
    const people = new PersonalData();
    notePeople(people, rows);
    expect(people.find(namelessRows(rows))).toEqual([
      { where: 'row job', what: 'mira okaforova' },
      { where: 'row job', what: 'okaforova' },
    ]);
  });
});
