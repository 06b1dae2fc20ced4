import { expect, test } from 'vitest';
import { createActivityRepository } from '#shared/audit/activity-repository.ts';
import { createAuditRepository } from '#shared/audit/audit-repository.ts';
import { createSettingsRepository } from '#shared/settings/settings-repository.ts';
import { UNCHANGED_SYNC_SETTINGS } from '#shared/settings/sync-settings.ts';
import type { Table } from '#shared/table/table.ts';
import { itemsOf, useTestTables } from '#test/support/dynamodb.ts';

const newTable = useTestTables();

const AT = '2026-11-24T20:00:00.000Z';
const AFTER_400_DAYS = Date.parse('2027-12-29T20:00:00.000Z') / 1000;

/** The end of a line of each kind, audit, read log and activity, written on this table. */
async function endsOn(table: Table): Promise<unknown[]> {
  const entry = {
    id: 'aud_1',
    at: AT,
    actor: 'ada',
    actingAs: null,
    action: 'competitor.create',
    subject: 'cmp_1',
    coachId: 'coa_a',
    requestId: 'req-1',
    details: {},
  };
  const audit = createAuditRepository(table);
  await audit.append(entry);
  await audit.appendOncePerHour({ ...entry, id: 'read_1', action: 'competitor.read' });
  await createActivityRepository(table).append({
    id: 'act_1',
    coachId: 'coa_a',
    at: AT,
    kind: 'competitor_created',
    actor: 'user:ada',
    competitorId: 'cmp_1',
    details: {},
  });
  const rows = [...(await itemsOf(table, 'AUDIT#2026-11-24')), ...(await itemsOf(table, 'ACTIVITY#coa_a'))];
  return rows
    .toSorted((a, b) => String(a['id']).localeCompare(String(b['id'])))
    .map(({ expiresAt }) => expiresAt);
}

test('lines of the audit, of the read log and of the activity end after 400 days', async () => {
  expect(await endsOn(await newTable())).toEqual([AFTER_400_DAYS, AFTER_400_DAYS, AFTER_400_DAYS]);
});

test('lines end after the days that the settings say, each kind after its own', async () => {
  const table = await newTable();
  const { program } = UNCHANGED_SYNC_SETTINGS;
  const keepDays = { ...program.keepDays, activity: 30, audit: 401, readLog: 399 };
  const row = { ...UNCHANGED_SYNC_SETTINGS, version: 1, program: { ...program, keepDays } };
  await createSettingsRepository(table).saveSyncSettings(row);
  const DAY = 86_400;
  expect(await endsOn(table)).toEqual([
    AFTER_400_DAYS - 370 * DAY,
    AFTER_400_DAYS + DAY,
    AFTER_400_DAYS - DAY,
  ]);
});
