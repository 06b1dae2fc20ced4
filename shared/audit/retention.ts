import { GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { systemClock } from '#shared/kernel/clock.ts';
import { keys, TTL_ATTRIBUTE } from '#shared/table/keys.ts';
import type { Table } from '#shared/table/table.ts';
import { auditKeepDaysSchema, type AuditKeepDays } from './keep-days.ts';

const DAY_SECONDS = 24 * 3600;
/** A change of the settings reaches every process within this time, and costs one read in it. */
const CACHED_MS = 60_000;

/** Of the settings' row, which belongs to a capability to the right of this one, what is asked here. */
const settingsRowSchema = z.object({
  program: z.object({ keepDays: auditKeepDaysSchema.prefault({}) }).prefault({}),
});

const known = new WeakMap<Table, { readonly until: number; readonly days: Promise<AuditKeepDays> }>();

async function readKeepDays(table: Table): Promise<AuditKeepDays> {
  const key = keys.setting('sync');
  const { Item: item } = await table.client.send(new GetCommand({ TableName: table.name, Key: key }));
  return settingsRowSchema.parse(item ?? {}).program.keepDays;
}

/** How many days rows written now are kept, as set at most a minute ago. */
export function keepDays(table: Table): Promise<AuditKeepDays> {
  const now = systemClock().getTime();
  const last = known.get(table);
  if (last !== undefined && now < last.until) return last.days;
  const days = readKeepDays(table);
  known.set(table, { until: now + CACHED_MS, days });
  // The next row asks again.
  days.catch(() => known.delete(table));
  return days;
}

/** When the table deletes a row of this time (ISO 8601). */
export async function kept(
  table: Table,
  kind: keyof AuditKeepDays,
  at: string,
): Promise<Readonly<Record<string, number>>> {
  const days = (await keepDays(table))[kind];
  return { [TTL_ATTRIBUTE]: Math.ceil(Date.parse(at) / 1000) + days * DAY_SECONDS };
}
