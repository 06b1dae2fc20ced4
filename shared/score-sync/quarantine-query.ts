import * as z from 'zod';
import { pageQuerySchema } from '#shared/kernel/paging.ts';

/** `GET /api/admin/quarantine?competitorId&from&to`: days are UTC, both included. */
export const quarantineQuerySchema = pageQuerySchema.extend({
  competitorId: z.string().min(1).max(100).optional(),
  from: z.iso.date().optional(),
  to: z.iso.date().optional(),
});
