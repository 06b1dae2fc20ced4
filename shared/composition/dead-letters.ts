import { createReadFacts, type ReadFacts } from '#shared/dead-letters/message-facts.ts';
import { createJobRepository } from '#shared/jobs/job-repository.ts';
import type { Table } from '#shared/table/table.ts';
import { createRosterRepository } from '#shared/teams/rosters/roster-repository.ts';
import { createTeamRepository } from '#shared/teams/team-repository.ts';
import { TASKS } from './tasks.ts';

/** A score sync starts every few minutes: these are some hours of it, and days of everything else. */
const NEWEST_JOBS = 100;

/** What dead letters point at, on the table; a new reader for each scan. */
export function createDynamoDeadLetters(table: Table): () => ReadFacts {
  const jobs = createJobRepository(table);
  const entries = createRosterRepository(table);
  const teams = createTeamRepository(table);
  return () =>
    createReadFacts({
      isTask: (taskType) => Object.hasOwn(TASKS, taskType),
      jobById: (jobId) => jobs.byId(jobId),
      part: (jobId, part) => jobs.part(jobId, part),
      newestJobs: (taskType) => jobs.page({ taskType }, { limit: NEWEST_JOBS, before: null }),
      entryById: entries.byId,
      teamById: (teamId) => teams.byId(teamId, { consistent: true }),
    });
}
