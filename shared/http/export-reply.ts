import type { ExportAnswer } from '#shared/exports/answer-export.ts';
import type { ApiReply } from './api-types.ts';
import { jobStarted } from './job-started.ts';

/** A file that the browser saves as `<name>.csv`. */
export const csvReply = (name: string, csv: string) => ({
  status: 200 as const,
  body: csv,
  headers: {
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename="${name}.csv"`,
  },
});

/** The file, or where the job is that prepares it. */
export const exportReply = (name: string, answer: ExportAnswer): ApiReply =>
  answer.kind === 'file' ? csvReply(name, answer.csv) : jobStarted(answer.jobId);
