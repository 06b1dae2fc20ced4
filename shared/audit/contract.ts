import * as z from 'zod';
import { route } from '#shared/kernel/contract.ts';
import { pageQuerySchema } from '#shared/kernel/paging.ts';
import { idInput } from '#shared/kernel/text.ts';
import { auditEntrySchema } from './audit-entry.ts';

/** What counts as reading: who opened a person's details, or took them out. */
export const READ_ACTIONS: readonly string[] = ['competitor.read', 'competitor.export'];

/** An id with the name that it has now; null: nobody has it any more, or it never named anything. */
const namedSchema = z.object({ id: z.string(), name: z.string().nullable() });

export const auditItemSchema = auditEntrySchema.omit({ actor: true, actingAs: true, subject: true }).extend({
  actor: namedSchema,
  actingAs: namedSchema.nullable().describe('The coach that an admin acted as.'),
  subject: namedSchema,
  names: z.record(z.string(), z.string()).describe('Names of ids in the details.'),
});
export type AuditItem = z.infer<typeof auditItemSchema>;

export const auditFilterSchema = z.object({
  actor: idInput.optional().describe('`sub` of the person.'),
  action: z
    .string()
    .regex(/^[a-z_]+(\.[a-z_]+)?$/)
    .max(60)
    .optional()
    .describe(
      'An action such as `team.update`, or a group such as `team`; `read`: the read log, `change`: all but that.',
    ),
  subject: idInput.optional(),
  actingAs: idInput.optional().describe('Only what an admin did as this coach.'),
  since: z.iso.datetime().optional().describe('Not before this moment.'),
  until: z.iso.datetime().optional().describe('Not after this moment.'),
  from: z.iso.date().optional().describe('First day, of the program’s time zone.'),
  to: z.iso.date().optional(),
});
export type AuditFilter = z.infer<typeof auditFilterSchema>;

export const auditListSchema = z.object({
  items: z.array(auditItemSchema),
  nextCursor: z.string().nullable(),
});

export const auditRoutes = {
  listAudit: route('GET', '/api/admin/audit', {
    served: 'settings-api',
    access: 'admin',
    rate: 'read',
    summary: 'Who did what to whom and when, newest first; a page may be short and still have a next one',
    query: pageQuerySchema.extend(auditFilterSchema.shape),
    success: { status: 200, description: 'A page.', schema: auditListSchema },
  }),
  exportAudit: route('GET', '/api/admin/audit.csv', {
    served: 'settings-api',
    access: 'admin',
    rate: 'bulk',
    summary: 'The same as a file; that it was taken out is an entry of its own',
    query: auditFilterSchema,
    success: {
      status: 200,
      description: 'CSV in UTF-8 with a byte order mark, newest first. Times are the program’s.',
      contentType: 'text/csv',
    },
    problems: { 413: ['EXPORT_TOO_LARGE'] },
  }),
} as const;
