/** The answer to what goes on as a job. */
export const jobStarted = (jobId: string) => ({
  status: 202 as const,
  body: { jobId },
  headers: { location: `/api/jobs/${jobId}` },
});
