import * as z from 'zod';

/** A school year, and the summer after it. */
const DEFAULT_KEEP_DAYS = 400;
const days = (least: number, what: string) =>
  z.int().min(least).max(1_830).default(DEFAULT_KEEP_DAYS).describe(what);

/** How long lines about people are kept: the settings' fields that this capability reads. */
export const auditKeepDaysSchema = z.object({
  activity: days(30, 'Days that a line of the activity log and the timeline is kept.'),
  audit: days(90, 'Days that an entry of the audit log is kept.'),
  readLog: days(90, 'Days that it is kept who opened a record.'),
});
export type AuditKeepDays = z.infer<typeof auditKeepDaysSchema>;
