/** Where things lie in the bucket of exports; the CDK app grants each to those that use it. Constants only. */

/** Finished files, each by the id of its job. */
export const FILES_PREFIX = 'files/';
/** What a worker needs again before its file is whole. */
export const SCRATCH_PREFIX = 'scratch/';
