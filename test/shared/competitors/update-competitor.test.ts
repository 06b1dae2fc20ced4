import { describe, expect, test } from 'vitest';
import type { AuditEvents } from '#shared/competitors/competitor-changes.ts';
import type { Competitor } from '#shared/competitors/competitor.ts';
import { createUpdateCompetitor } from '#shared/competitors/update-competitor.ts';
import { aCompetitor } from '#test/support/competitors.ts';

const DOER = { sub: 'sub-1', actingAs: null, requestId: 'req-1' };
const everybody = () => true;
const notMine = (coachId: string) => coachId === 'coa_2';

/** The use case over one record in memory; `meanwhile` runs between its read and its write. */
function editor(
  stored: Competitor,
  meanwhile: (record: Competitor) => Competitor = (record) => record,
  seasonStart: string | null = null,
) {
  let record: Competitor = stored;
  const auditEvents: AuditEvents[] = [];
  const update = createUpdateCompetitor({
    byId: (id) => Promise.resolve(id === record.id ? record : undefined),
    update: (next, written) => {
      record = meanwhile(record);
      if (record.version !== next.version - 1) return Promise.resolve(false);
      record = next;
      auditEvents.push(written);
      return Promise.resolve(true);
    },
    today: () => '2026-11-19',
    seasonStart: () => Promise.resolve(seasonStart),
    now: () => new Date('2026-11-19T20:00:00.000Z'),
    newId: (prefix) => `${prefix}_new`,
  });
  return { update, auditEvents, record: () => record };
}

test('a change raises the version and leaves one trace for the coach and one for the audit', async () => {
  const { update, auditEvents, record } = editor(aCompetitor({ version: 3 }));
  const changed = await update('cmp_1', 3, { grade: 10, email: null }, DOER, everybody);

  expect(changed).toMatchObject({
    version: 4,
    grade: 10,
    email: null,
    updatedAt: '2026-11-19T20:00:00.000Z',
  });
  expect(record()).toEqual(changed);
  expect(auditEvents).toHaveLength(1);
  expect(auditEvents[0]?.activity).toMatchObject({
    kind: 'competitor_changed',
    actor: 'user:sub-1',
    coachId: 'coa_1',
  });
  expect(auditEvents[0]?.audit).toMatchObject({
    action: 'competitor.update',
    subject: 'cmp_1',
    actor: 'sub-1',
    requestId: 'req-1',
  });
  expect(auditEvents[0]?.audit.details).toEqual({
    fields: expect.arrayContaining(['grade', 'email']) as unknown,
  });
});

test('the audit says which fields changed, never what they say', async () => {
  const { update, auditEvents } = editor(aCompetitor());
  await update('cmp_1', 1, { firstName: 'Secretname', email: 'secret@example.org' }, DOER, everybody);
  expect(JSON.stringify(auditEvents)).not.toMatch(/secret/i);
});

test.each([
  [false, 'competitor_deactivated'],
  [true, 'competitor_reactivated'],
])('active: %s is told as %s', async (active, kind) => {
  const { update, auditEvents } = editor(aCompetitor({ active: !active }));
  await update('cmp_1', 1, { active }, DOER, everybody);
  expect(auditEvents[0]?.activity.kind).toBe(kind);
});

test('a patch that changes nothing leaves version and traces alone', async () => {
  const { update, auditEvents } = editor(aCompetitor());
  expect(await update('cmp_1', 1, { firstName: 'Mira' }, DOER, everybody)).toEqual(aCompetitor());
  expect(auditEvents).toEqual([]);
});

describe('consent', () => {
  const onPlatform = aCompetitor({ gamePlatformId: 'cmp_1' });

  test.each([
    ['the release is taken out', { mediaReleaseDate: null }, ['mediaReleaseDate']],
    ['a wish is recorded', { consentWithdrawnDate: '2026-11-18' }, ['consentWithdrawnDate']],
  ])('%s: on hold, told as such', async (_what, patch, fields) => {
    const { update, auditEvents } = editor(onPlatform);
    await update('cmp_1', 1, patch, DOER, everybody);
    expect(auditEvents).toMatchObject([
      {
        activity: { kind: 'competitor_put_on_hold' },
        audit: { action: 'competitor.hold', details: { fields } },
      },
    ]);
  });

  test('a new release lifts it and clears the wish', async () => {
    const { update, auditEvents } = editor({ ...onPlatform, consentWithdrawnDate: '2026-11-10' });
    const lifted = await update('cmp_1', 1, { mediaReleaseDate: '2026-11-18' }, DOER, everybody);
    expect(lifted).toMatchObject({ mediaReleaseDate: '2026-11-18', consentWithdrawnDate: null });
    expect(auditEvents).toMatchObject([
      {
        activity: { kind: 'competitor_hold_lifted' },
        audit: {
          action: 'competitor.lift_hold',
          details: { fields: ['mediaReleaseDate', 'consentWithdrawnDate'] },
        },
      },
    ]);
  });

  test('a release older than the wish, and a wish entered with it, leave the hold', async () => {
    const older = editor({ ...onPlatform, consentWithdrawnDate: '2026-11-10' });
    expect(await older.update('cmp_1', 1, { mediaReleaseDate: '2026-11-09' }, DOER, everybody)).toMatchObject(
      {
        consentWithdrawnDate: '2026-11-10',
      },
    );
    const both = { mediaReleaseDate: '2026-11-18', consentWithdrawnDate: '2026-11-17' };
    const { update } = editor(onPlatform);
    expect(await update('cmp_1', 1, both, DOER, everybody)).toMatchObject(both);
  });

  test('the season bounds what is entered, not what is on record or when it was taken back', async () => {
    const { update } = editor(onPlatform, undefined, '2026-10-01');
    const early = update('cmp_1', 1, { mediaReleaseDate: '2026-09-30' }, DOER, everybody);
    await expect(early).rejects.toMatchObject({ kind: 'invalid', code: 'VALIDATION_FAILED' });
    const kept = { mediaReleaseDate: '2026-09-02', grade: 10, consentWithdrawnDate: '2026-09-20' };
    expect(await update('cmp_1', 1, kept, DOER, everybody)).toMatchObject({ version: 2, grade: 10 });
    const ahead = update('cmp_1', 2, { consentWithdrawnDate: '2026-11-20' }, DOER, everybody);
    await expect(ahead).rejects.toMatchObject({ kind: 'invalid' });
  });
});

describe('refused', () => {
  test('when the version is not the current one, which is told', async () => {
    const { update } = editor(aCompetitor({ version: 5 }));
    await expect(update('cmp_1', 4, { grade: 10 }, DOER, everybody)).rejects.toMatchObject({
      kind: 'stale',
      code: 'STALE_VERSION',
      detail: expect.stringContaining('version 5') as unknown,
      extra: { version: 5 },
    });
  });

  test('when somebody else saves between our read and our write', async () => {
    const { update, record } = editor(aCompetitor(), (stored) => ({ ...stored, grade: 11, version: 2 }));
    await expect(update('cmp_1', 1, { grade: 10 }, DOER, everybody)).rejects.toMatchObject({
      kind: 'stale',
      extra: { version: 2 },
    });
    expect(record().grade).toBe(11);
  });

  test('as not found when it is another coach’s, whatever the version', async () => {
    const { update } = editor(aCompetitor());
    await expect(update('cmp_1', 99, { grade: 10 }, DOER, notMine)).rejects.toMatchObject({
      kind: 'not_found',
    });
    await expect(update('cmp_9', 1, { grade: 10 }, DOER, everybody)).rejects.toMatchObject({
      kind: 'not_found',
    });
  });

  test('when a release is said to be signed tomorrow', async () => {
    const { update } = editor(aCompetitor());
    await expect(
      update('cmp_1', 1, { mediaReleaseDate: '2026-11-20' }, DOER, everybody),
    ).rejects.toMatchObject({ kind: 'invalid', code: 'VALIDATION_FAILED' });
  });
});
