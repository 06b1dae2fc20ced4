import * as z from 'zod';

/** What every route that starts a job answers. Apart from the contract: whoever offers a file does not need all job routes. */

export const jobStartedSchema = z.object({ jobId: z.string() });

/** A file that is too much for one answer. */
export const FILE_AS_JOB = {
  description:
    'Too much for one answer: a job prepares the file, which is then under `/api/jobs/{jobId}/download`.',
  schema: jobStartedSchema,
} as const;
