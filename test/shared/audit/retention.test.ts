import { expect, test } from 'vitest';
import { createActivityRepository } from '#shared/audit/activity-repository.ts';
import { createAuditRepository } from '#shared/audit/audit-repository.ts';
import { itemsOf, useTestTables } from '#test/support/dynamodb.ts';

const newTable = useTestTables();

const AT = '2026-11-24T20:00:00.000Z';
const AFTER_400_DAYS = Date.parse('2027-12-29T20:00:00.000Z') / 1000;

test('lines of the audit, of the read log and of the activity end after 400 days', async () => {
  const table = await newTable();
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
  expect(rows.map(({ expiresAt }) => expiresAt)).toEqual([AFTER_400_DAYS, AFTER_400_DAYS, AFTER_400_DAYS]);
});
