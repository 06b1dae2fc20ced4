/** One plan for one job, however often its part is processed. */
export const planIdOf = (jobId: string): string => `plan_${jobId.replace(/^job_/, '')}`;
