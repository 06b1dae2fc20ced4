import * as z from 'zod';
import { route } from '#shared/kernel/contract.ts';

/** Hours for which a prepared file is offered; the bucket deletes it a little later. */
export const OFFERED_HOURS = 24;

/** `GET /api/jobs/{jobId}/download`. */
export const exportDownloadSchema = z.object({
  /** `expired`: it is not offered any more, and `message` says why. */
  state: z.enum(['preparing', 'ready', 'failed', 'expired']),
  /** Rows of the file; of one that is being prepared, those so far. */
  rows: z.int(),
  /** Of a file that is ready: opens the download for two minutes, for whoever has it. */
  url: z.url().nullable(),
  /** A sentence for a person: what to do. Null while all is well. */
  message: z.string().nullable(),
});
export type ExportDownload = z.infer<typeof exportDownloadSchema>;

export const exportRoutes = {
  downloadExport: route('GET', '/api/jobs/{jobId}/download', {
    served: 'jobs-api',
    access: 'coach',
    rate: 'read',
    summary: 'Where to get the file that a job prepared; for who asked for it, and for admins',
    success: {
      status: 200,
      description: 'How far the file is; once it is ready, an address that is good for two minutes.',
      schema: exportDownloadSchema,
    },
    actAs: true,
  }),
} as const;
