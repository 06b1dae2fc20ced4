import { beforeEach, describe, expect, test } from 'vitest';
import { competitorExportSchema, competitorListSchema } from '#shared/competitors/contract.ts';
import { createDynamoPersonRepository } from '#shared/composition/erasure.ts';
import { decodeText } from '#shared/kernel/csv/decode-text.ts';
import { readCsv } from '#shared/kernel/csv/read-csv.ts';
import type { Solve } from '#shared/score-sync/score-records.ts';
import { keys } from '#shared/table/keys.ts';
import { dayItem, solveItem, syncStateItem } from '#shared/score-sync/score-items.ts';
import { aDay, aSyncState } from '#test/support/records.ts';
import { itemsOf, useTestTables } from '#test/support/dynamodb.ts';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { problemOf, type Call } from '../api-harness.ts';
import { competitorsApiOn, type CompetitorsApiHarness } from './harness.ts';

const newTable = useTestTables();
let api: CompetitorsApiHarness;
beforeEach(async () => {
  api = await competitorsApiOn(await newTable());
});

const named = (firstName: string, lastName: string) => ({ firstName, lastName });
async function found(body: object, as: Call = {}): Promise<string[]> {
  const answer = await api.call('POST /api/competitors/search', { ...as, body });
  expect(answer.status).toBe(200);
  return competitorListSchema.parse(answer.body).items.map(({ firstName }) => firstName);
}

const refused = async (body: object) => problemOf(await api.call('POST /api/competitors/search', { body }));

describe('searching by name', () => {
  beforeEach(async () => {
    await api.created({}, named('Zoë', 'Müller'));
    await api.created({}, named('Juno', 'Vale'));
    await api.created({ as: 'ben' }, named('Mira', 'Muller-Vale'));
    await api.created({ as: 'ben' }, named('Vale', 'Valero'));
  });

  test('a coach finds words anywhere in the names of their own people, accents or not', async () => {
    expect(await found({ q: 'muller' })).toEqual(['Zoë']);
    expect(await found({ q: 'ZOË  mül' })).toEqual(['Zoë']);
    expect(await found({ q: 'ale' })).toEqual(['Juno']);
    expect(await found({ q: 'Mira' })).toEqual([]);
    expect(await found({ q: '' })).toHaveLength(2);
  });

  test('an admin finds everybody whose first or last name begins so, each once, page after page', async () => {
    const as = { as: 'ines' };
    expect((await found({ q: 'mul' }, as)).toSorted()).toEqual(['Mira', 'Zoë']);
    expect((await found({ q: 'vale' }, as)).toSorted()).toEqual(['Juno', 'Vale']);
    expect(await found({ q: 'vale v' }, as)).toEqual(['Vale']);
    expect(await found({ q: 'uller' }, as)).toEqual([]);
    expect(await found({ q: 'ale', coachId: 'coa_b' }, as)).toHaveLength(2);
    expect(await found({ q: 'ale' }, { ...as, actAs: 'coa_a' })).toEqual(['Juno']);
    expect(await found({ q: 'mul', status: 'complete' }, as)).toEqual([]);

    const first = await api.call('POST /api/competitors/search', { ...as, body: { q: 'm', limit: 1 } });
    const { nextCursor } = competitorListSchema.parse(first.body);
    const second = await found({ q: 'm', limit: 1, cursor: nextCursor }, as);
    expect([String(first.body.items[0].firstName), ...second].toSorted()).toEqual(['Mira', 'Zoë']);
  });

  test('follows a changed name', async () => {
    const { id } = await api.created({}, named('Ada', 'Quill'));
    const headers = { 'if-match': '"1"' };
    await api.call('PATCH /api/competitors/{id}', { id, headers, body: { lastName: 'Xantos' } });
    expect(await found({ q: 'qui' }, { as: 'ines' })).toEqual([]);
    expect(await found({ q: 'xan' }, { as: 'ines' })).toEqual(['Ada']);
  });

  test('refuses a foreign coach, a bad cursor and unknown fields', async () => {
    expect(await refused({ q: 'a', coachId: 'coa_b' })).toEqual([404, 'NOT_FOUND']);
    expect(await refused({ q: 'a', cursor: 'x' })).toEqual([400, 'BAD_CURSOR']);
    expect((await refused({ query: 'a' }))[0]).toBe(422);
  });
});

describe('one person’s data', () => {
  test('is told whole: profile, scores, reading, activity and who looked', async () => {
    const { id, coachId } = await api.created();
    const { table } = api;
    const solve = {
      competitorId: id,
      coachId,
      source: 'odl',
      eventId: 'odl',
      challengeId: 3,
      title: 'Warm-up',
      points: 10,
      category: 'Web',
      solvedAt: '2026-11-20T23:00:00.000Z',
      day: '2026-11-20',
      retired: false,
      workRoles: [],
      storedAt: '2026-11-20T23:30:00.000Z',
    } satisfies Omit<Solve, 'solveId'>;
    const rows = [
      ...Array.from({ length: 30 }, (_, solveId) => solveItem({ ...solve, solveId })),
      dayItem(aDay({ competitorId: id, coachId })),
      syncStateItem(aSyncState({ competitorId: id, coachId })),
    ];
    for (const Item of rows) await table.client.send(new PutCommand({ TableName: table.name, Item }));

    const answer = await api.call('GET /api/competitors/{id}/export', { id });
    const told = competitorExportSchema.parse(answer.body);
    expect(answer.headers['content-disposition']).toContain(`${id}.json`);
    expect(told.profile).toMatchObject({ id, firstName: 'Mira' });
    expect(told.solves).toHaveLength(30);
    expect(told.days).toHaveLength(1);
    expect(told.syncState).toMatchObject({ competitorId: id });
    expect(told.activity).toMatchObject([{ kind: 'competitor_created' }]);
    expect(told.audit.map(({ action }) => String(action)).toSorted()).toEqual([
      'competitor.create',
      'competitor.export',
      'competitor.read',
    ]);
    expect(JSON.stringify(answer.body)).not.toContain('gsi1pk');
  });

  test('is read and taken out by nobody unnoticed, noted once an hour', async () => {
    const { id, createdAt } = await api.created();
    const read = (as: Call) => api.call('GET /api/competitors/{id}', { ...as, id });
    for (const as of [{}, {}, { as: 'ines' }, { as: 'ines', actAs: 'coa_a' }]) {
      expect((await read(as)).status).toBe(200);
    }
    expect((await read({ as: 'ben' })).status).toBe(404);
    expect((await api.call('GET /api/competitors/{id}/export', { id, as: 'ben' })).status).toBe(404);
    const audit = await itemsOf(api.table, keys.audit(createdAt.slice(0, 10), '', '').pk);
    const reads = audit.filter(({ action }) => action === 'competitor.read');
    // An hour may have turned in between; nobody waits an hour here.
    expect(new Set(reads.map(({ actor, actingAs }) => `${String(actor)} ${String(actingAs)}`))).toEqual(
      new Set(['ada null', 'ines null', 'ines coa_a']),
    );
    expect(reads.length).toBeLessThan(5);
  });
});

describe('files', () => {
  test('the roster is a file that a spreadsheet shows and does not run', async () => {
    await api.created({}, { ...named('=HYPERLINK("x")', 'O"Neill, Jr.'), email: 'a@example.org', grade: 9 });
    await api.created({ as: 'ben' });
    const answer = await api.call('GET /api/game-platform/exports/roster.csv');
    expect(answer.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="roster.csv"',
    });
    const text: string = answer.body;
    expect(text.charCodeAt(0)).toBe(0xfeff);
    const [header, line, ...rest] = [...readCsv(decodeText(Buffer.from(text)).text, ',')].map(
      ({ cells }) => cells,
    );
    expect(rest).toEqual([]);
    const cell = (name: string) => line?.[header?.indexOf(name) ?? -1];
    expect(cell('First name')).toBe(`'=HYPERLINK("x")`);
    expect(cell('Last name')).toBe('O"Neill, Jr.');
    expect(cell('Adult')).toBe('no');
    expect(cell('Status')).toBe('Profile incomplete');
  });

  test('the roster is filtered, and its export audited', async () => {
    const { createdAt } = await api.created({}, { ...named('Mira', 'Okafor'), division: 'college' });
    const lines = async (query: Record<string, string>, as = 'ada') => {
      const answer = await api.call('GET /api/game-platform/exports/roster.csv', { as, query });
      return [...readCsv(answer.body, ',')].length - 1;
    };
    expect(await lines({ division: 'college' })).toBe(1);
    expect(await lines({ division: 'high_school' })).toBe(0);
    expect(await lines({ coachId: 'coa_b' }, 'ines')).toBe(0);
    expect(
      problemOf(await api.call('GET /api/game-platform/exports/roster.csv', { query: { coachId: 'coa_b' } })),
    ).toEqual([404, 'NOT_FOUND']);
    const audit = await itemsOf(api.table, keys.audit(createdAt.slice(0, 10), '', '').pk);
    expect(audit.filter(({ action }) => action === 'roster.export')).toHaveLength(3);
    expect(await lines({ grade: '9' })).toBe(0);
    expect(await lines({ status: 'pending' })).toBe(1);
    expect(await lines({ status: 'complete' })).toBe(0);
  });

  test('the import’s template holds its columns and an invented person', async () => {
    const { body } = await api.call('GET /api/competitors/import/template.csv');
    const [header, example] = [...readCsv(body.slice(1), ',')].map(({ cells }) => cells);
    expect(header?.slice(0, 3)).toEqual(['first_name', 'last_name', 'email']);
    expect(example?.[2]).toMatch(/@example\.org$/);
  });
});

const readers = async (id: string): Promise<string[]> => {
  const lines: string[] = [];
  for await (const line of createDynamoPersonRepository(api.table).auditAbout(id)) {
    if (line['action'] === 'competitor.read') lines.push(String(line['actor']));
  }
  return lines.toSorted();
};

describe('who saw a whole record', () => {
  const NO_GUARDIAN = /guardian|@|birth|ReleaseDate|Agreement/iu;
  const whole = {
    ...named('Mira', 'Okafor'),
    email: 'mira@example.org',
    guardianName: 'Ada Okafor',
    guardianEmail: 'ada@example.org',
    mediaReleaseDate: '2026-09-02',
  };
  test('is noted by whichever route they saw it: made, opened, changed, changed by nothing', async () => {
    const { id } = await api.created({}, whole);
    expect(await readers(id)).toEqual(['ada']);
    const change = (as: string, body: object, version: number) =>
      api.call('PATCH /api/competitors/{id}', { as, id, body, headers: { 'if-match': `"${version}"` } });
    expect((await change('ines', {}, 1)).status).toBe(200);
    expect(await readers(id)).toEqual(['ada', 'ines']);
    expect((await api.call('GET /api/competitors/{id}', { as: 'ines', actAs: 'coa_a', id })).status).toBe(
      200,
    );
    expect(await readers(id)).toEqual(['ada', 'ines', 'ines']);
    expect((await change('ben', { grade: 9 }, 1)).status).toBe(404);
    expect(await readers(id)).toHaveLength(3);
  });

  test('lists and search say nothing of guardians and no address, and note nobody', async () => {
    const { id } = await api.created({}, whole);
    const list = await api.call('GET /api/competitors', { as: 'ines' });
    const search = await api.call('POST /api/competitors/search', { as: 'ines', body: { q: 'mir' } });
    for (const { body } of [list, search]) {
      const { items } = competitorListSchema.parse(body);
      expect(items).toMatchObject([{ id, coach: { name: 'Ada', school: 'Harbor Middle School' } }]);
      expect(JSON.stringify(body.items)).not.toMatch(NO_GUARDIAN);
    }
    const own = competitorListSchema.parse((await api.call('GET /api/competitors')).body);
    expect(own.items).toMatchObject([{ id, coach: null }]);
    expect(await readers(id)).toEqual(['ada']);
  });
});
