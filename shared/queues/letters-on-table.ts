import type { TaskType } from '../jobs/task-types.ts';
import { createJobRepository } from '../table/job-repository.ts';
import { createRosterRepository } from '../table/roster-repository.ts';
import type { Table } from '../table/table.ts';
import { createTeamRepository } from '../table/team-repository.ts';
import { createReadFacts, type ReadFacts } from './letter-facts.ts';

/** A score sync starts every few minutes: these are some hours of it, and days of everything else. */
const NEWEST_JOBS = 100;

/** What dead letters point at, on the table; a new reader for each walk. */
export function lettersOnTable(table: Table): () => ReadFacts {
  const jobs = createJobRepository(table);
  const entries = createRosterRepository(table);
  const teams = createTeamRepository(table);
  return () =>
    createReadFacts({
      jobById: (jobId) => jobs.byId(jobId),
      part: (jobId, part) => jobs.part(jobId, part),
      newestJobs: (taskType: TaskType) => jobs.page({ taskType }, { limit: NEWEST_JOBS, before: null }),
      entryById: entries.byId,
      teamById: (teamId) => teams.byId(teamId, { consistent: true }),
    });
}
