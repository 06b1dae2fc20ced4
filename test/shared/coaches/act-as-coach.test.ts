import { describe, expect, test } from 'vitest';
import { createAuditRepository } from '#shared/audit/audit-repository.ts';
import type { AuditEntry } from '#shared/audit/audit-entry.ts';
import { createActAsCoach } from '#shared/coaches/act-as-coach.ts';
import { createIdentityRepository } from '#shared/identity/identity-repository.ts';
import { aCoach } from '#test/support/competitors.ts';
import { useTestTables } from '../../support/dynamodb.ts';

const newTable = useTestTables();
const START = Date.parse('2026-11-24T12:00:00.000Z');
const ACTOR = { sub: 'admin-1', actingAs: null, requestId: 'req-1' };

async function world() {
  const table = await newTable();
  const { acting } = createIdentityRepository(table);
  const audit = createAuditRepository(table);
  const written: AuditEntry[] = [];
  const time = { minutes: 0 };
  let ids = 0;
  const also = async (entry: AuditEntry) => {
    written.push(entry);
    return [await audit.appendTransaction(entry)];
  };
  const act = createActAsCoach({
    coachById: (id) => Promise.resolve(id === 'coa_1' ? aCoach({ id }) : undefined),
    actingById: acting.byId,
    start: async (one, entry) => acting.start(one, await also(entry)),
    end: async (one, at, entry) => acting.end(one, at, await also(entry)),
    now: () => new Date(START + time.minutes * 60_000),
    newId: (prefix) => `${prefix}_${(ids += 1)}`,
  });
  return { act, acting, written, time };
}

const WHY = { reason: 'They asked for help with the import.', continues: false };

describe('acting as a coach', () => {
  test('lasts half an hour, and its start and reason are in the audit log', async () => {
    const { act, written } = await world();
    const view = await act.start('coa_1', WHY, ACTOR);
    expect(view).toMatchObject({ coachId: 'coa_1', secondsLeft: 1_800, endsAt: '2026-11-24T12:30:00.000Z' });
    expect(written).toEqual([
      expect.objectContaining({
        action: 'coach.act_start',
        actor: 'admin-1',
        subject: 'coa_1',
        details: { reason: WHY.reason, actingId: view.id, endsAt: '2026-11-24T12:30:00.000Z' },
      }),
    ]);
  });

  test('that goes on is an act of its own, with its own reason', async () => {
    const { act, written, time } = await world();
    const first = await act.start('coa_1', WHY, ACTOR);
    time.minutes = 29;
    const second = await act.start('coa_1', { reason: 'Not done yet.', continues: true }, ACTOR);
    expect(second.id).not.toBe(first.id);
    expect(second.secondsLeft).toBe(1_800);
    expect(written.map(({ action }) => action)).toEqual(['coach.act_start', 'coach.act_continue']);
  });

  test('ends once, when it was ended or at its time, with how', async () => {
    const { act, acting, written, time } = await world();
    const { id } = await act.start('coa_1', WHY, ACTOR);
    time.minutes = 10;
    const ended = await act.end('coa_1', id, 'stopped', ACTOR);
    expect(ended).toMatchObject({ endsAt: '2026-11-24T12:10:00.000Z', secondsLeft: 0 });
    time.minutes = 12;
    expect(await act.end('coa_1', id, 'signout', ACTOR)).toEqual(ended);
    expect(await acting.byId('admin-1', id)).toMatchObject({ endedAt: '2026-11-24T12:10:00.000Z' });
    expect(written.filter(({ action }) => action === 'coach.act_end')).toEqual([
      expect.objectContaining({
        details: {
          how: 'stopped',
          actingId: id,
          startedAt: '2026-11-24T12:00:00.000Z',
          endedAt: '2026-11-24T12:10:00.000Z',
        },
      }),
    ]);
  });

  test('that is told of late ended at its time', async () => {
    const { act, time } = await world();
    const { id } = await act.start('coa_1', WHY, ACTOR);
    time.minutes = 300;
    expect((await act.end('coa_1', id, 'time', ACTOR)).endsAt).toBe('2026-11-24T12:30:00.000Z');
  });

  test('is refused of a coach whom nobody knows, and its end to anyone else', async () => {
    const { act } = await world();
    await expect(act.start('coa_9', WHY, ACTOR)).rejects.toMatchObject({ kind: 'not_found' });
    const { id } = await act.start('coa_1', WHY, ACTOR);
    const other = { ...ACTOR, sub: 'admin-2' };
    await expect(act.end('coa_1', id, 'stopped', other)).rejects.toMatchObject({ kind: 'not_found' });
    await expect(act.end('coa_2', id, 'stopped', ACTOR)).rejects.toMatchObject({ kind: 'not_found' });
  });
});
