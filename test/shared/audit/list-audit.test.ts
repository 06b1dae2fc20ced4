import { beforeEach, describe, expect, it } from 'vitest';
import type { AuditEntry } from '#shared/audit/audit-entry.ts';
import { createAuditRepository } from '#shared/audit/audit-repository.ts';
import { createExportAudit, createListAudit } from '#shared/audit/list-audit.ts';
import type { AuditFilter } from '#shared/audit/contract.ts';
import type { Table } from '#shared/table/table.ts';
import { useTestTables } from '#test/support/dynamodb.ts';

const newTable = useTestTables();
const NOW = new Date('2026-11-24T20:00:00.000Z');
let table: Table;

const entry = (over: Partial<AuditEntry>): AuditEntry => ({
  id: 'aud_1',
  at: '2026-11-24T10:00:00.000Z',
  actor: 'ines',
  actingAs: null,
  action: 'settings.change',
  subject: 'settings',
  coachId: null,
  requestId: 'req-1',
  details: {},
  ...over,
});

const deps = () => ({
  page: createAuditRepository(table).page,
  keptDays: () => Promise.resolve({ audit: 400, readLog: 400 }),
  namesOf: {
    people: () => Promise.resolve(new Map([['ines', 'Ines Salgado']])),
    subjects: (ids: readonly string[]) =>
      Promise.resolve(new Map(ids.filter((id) => id === 'cmp_1').map((id) => [id, 'Wren Hollis']))),
  },
  timeZone: 'America/Los_Angeles',
  now: () => NOW,
});
const list = (filter: AuditFilter = {}, limit = 50, before: string | null = null) =>
  createListAudit(deps())(filter, limit, before);
const idsOf = async (filter: AuditFilter) => (await list(filter)).items.map(({ id }) => id);

/** All pages of a filter, of so many entries each. */
async function walk(filter: AuditFilter, limit: number): Promise<string[]> {
  const ids: string[] = [];
  let before: string | null = null;
  for (let page = 0; page < 100; page += 1) {
    const { items, next } = await list(filter, limit, before);
    ids.push(...items.map(({ id }) => id));
    if (next === null) return ids;
    before = next;
  }
  throw new Error('The pages do not end.');
}

describe('the audit log', () => {
  beforeEach(async () => {
    table = await newTable();
    const audit = createAuditRepository(table);
    await audit.append(entry({ id: 'aud_old', at: '2026-09-01T10:00:00.000Z', actor: 'dev' }));
    await audit.append(
      entry({ id: 'aud_team', at: '2026-11-23T10:00:00.000Z', action: 'team.update', subject: 'tea_1' }),
    );
    await audit.append(
      entry({
        id: 'aud_comp',
        at: '2026-11-23T11:00:00.000Z',
        action: 'competitor.update',
        subject: 'cmp_1',
        actingAs: 'coa_a',
        coachId: 'coa_a',
        details: { fields: ['grade'], reason: '=1+1' },
      }),
    );
    // 11 PM of the day before in Los Angeles.
    await audit.append(entry({ id: 'aud_night', at: '2026-11-24T07:00:00.000Z', actor: 'dev' }));
    await audit.appendOncePerHour(
      entry({ id: 'read_1', at: '2026-11-24T12:40:00.000Z', action: 'competitor.read', subject: 'cmp_1' }),
    );
  });

  it('lists everything newest first, over months without entries', async () => {
    const all = ['read_1', 'aud_night', 'aud_comp', 'aud_team', 'aud_old'];
    expect(await walk({}, 50)).toEqual(all);
    expect(await walk({}, 1)).toEqual(all);
    expect(await walk({}, 2)).toEqual(all);
  });

  it.each<[string, AuditFilter, string[]]>([
    ['an actor', { actor: 'dev' }, ['aud_night', 'aud_old']],
    ['a subject', { subject: 'cmp_1' }, ['read_1', 'aud_comp']],
    ['both', { actor: 'dev', subject: 'cmp_1' }, []],
    ['the read log', { action: 'read', subject: 'cmp_1' }, ['read_1']],
    ['all but the read log', { action: 'change', subject: 'cmp_1' }, ['aud_comp']],
    ['an action', { action: 'competitor.update', actor: 'ines' }, ['aud_comp']],
    ['a group of actions', { action: 'team', from: '2026-11-01' }, ['aud_team']],
    ['the program’s days', { from: '2026-11-23', to: '2026-11-23' }, ['aud_night', 'aud_comp', 'aud_team']],
    ['days long past', { subject: 'cmp_1', from: '2020-01-01', to: '2020-01-02' }, []],
    ['days the wrong way round', { actor: 'dev', from: '2026-11-24', to: '2026-11-01' }, []],
    ['a day without entries', { from: '2026-11-20', to: '2026-11-20' }, []],
  ])('finds by %s', async (_what, filter, ids) => {
    expect(await idsOf(filter)).toEqual(ids);
    expect(await walk(filter, 1)).toEqual(ids);
  });

  it('lists what was done as a coach, between two moments', async () => {
    expect(await idsOf({ actingAs: 'coa_a' })).toEqual(['aud_comp']);
    const since = '2026-11-23T10:30:00.000Z';
    expect(await idsOf({ actor: 'ines', since, until: '2026-11-23T11:00:00.000Z' })).toEqual(['aud_comp']);
    expect(await idsOf({ actingAs: 'coa_a', since: '2026-11-23T11:00:01.000Z' })).toEqual([]);
    expect(await idsOf({ actingAs: 'coa_a', until: '2026-11-23T10:59:00.000Z' })).toEqual([]);
  });

  it('names ids when it is read, and leaves alone what nobody has any more', async () => {
    const { items } = await list({ subject: 'cmp_1', action: 'change' });
    expect(items).toMatchObject([
      {
        actor: { id: 'ines', name: 'Ines Salgado' },
        actingAs: { id: 'coa_a', name: null },
        subject: { id: 'cmp_1', name: 'Wren Hollis' },
      },
    ]);
  });

  it('looks at a bounded number of entries for a page, however many do not match', async () => {
    const audit = createAuditRepository(table);
    for (let number = 0; number < 1_050; number += 50) {
      await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          audit.append(
            entry({ id: `aud_${number + index}`, at: '2026-11-24T15:00:00.000Z', subject: 'cmp_2' }),
          ),
        ),
      );
    }
    const { items, next } = await list({ subject: 'cmp_2', action: 'read' });
    expect(items).toEqual([]);
    expect(next).not.toBeNull();
    expect(await walk({ subject: 'cmp_2', action: 'read' }, 50)).toEqual([]);
    expect(await walk({ subject: 'cmp_2' }, 200)).toHaveLength(1_050);
  });

  it('is a file with the same entries, safe to open in a spreadsheet', async () => {
    const { csv, lines } = await createExportAudit(deps())({ subject: 'cmp_1' });
    expect(lines).toBe(2);
    const [header, read, update] = csv.trimEnd().split('\r\n');
    expect(header).toContain('When (Pacific Time),Who,Acting as,Action,About,Id');
    expect(read).toBe('2026-11-24 4:40 AM,Ines Salgado,,competitor.read,Wren Hollis,cmp_1,,,,,,req-1');
    expect(update).toContain("grade,,,'=1+1,");
  });
});
