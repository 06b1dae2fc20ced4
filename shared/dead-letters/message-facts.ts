import type { Job, JobPart } from '#shared/jobs/job.ts';
import { scheduledJobId } from '#shared/jobs/start-scheduled-job.ts';
import type { RosterEntry } from '#shared/teams/rosters/roster-entry.ts';
import type { Team } from '#shared/teams/team.ts';
import type { About } from './dead-letter.ts';
import { covers, type Facts } from './classify-message.ts';

export interface MessageFactsDeps {
  /** Whether there are jobs of this type. */
  readonly isTask: (taskType: string) => boolean;
  /** Consistent. */
  readonly jobById: (jobId: string) => Promise<Job | undefined>;
  /** Consistent. */
  readonly part: (jobId: string, part: number) => Promise<JobPart | undefined>;
  /** The newest jobs of a type, from the index. */
  readonly newestJobs: (taskType: string) => Promise<readonly Job[]>;
  readonly entryById: (competitorId: string) => Promise<RosterEntry | undefined>;
  readonly teamById: (teamId: string) => Promise<Team | undefined>;
}

export type ReadFacts = (about: About) => Promise<Facts>;

const entryWaits = (entry: RosterEntry | undefined): boolean =>
  entry !== undefined && (entry.wantedTeamId !== entry.confirmedTeamId || entry.doubtTeamId !== null);

const teamWaits = (team: Team | undefined): boolean =>
  team !== undefined && (team.wantedState === 'deleted' || team.platform === null || team.recreate !== null);

/**
 * Reads what a message points at. Later jobs of a type are looked up once for each scan through a queue, so make a new
 * one for each; everything else is read anew, since the scan itself changes it.
 */
export function createReadFacts(deps: MessageFactsDeps): ReadFacts {
  const newest = new Map<string, Promise<readonly Job[]>>();
  const coveringJob = async (run: Parameters<typeof covers>[1]): Promise<string | null> => {
    const jobs = newest.get(run.taskType) ?? deps.newestJobs(run.taskType);
    newest.set(run.taskType, jobs);
    return (await jobs).find((job) => covers(job, run))?.id ?? null;
  };
  const ofJob = async (jobId: string, partNumber: number | null): Promise<Facts> => {
    const [job, part] = await Promise.all([
      deps.jobById(jobId),
      partNumber === null ? undefined : deps.part(jobId, partNumber),
    ]);
    const coveredBy = job?.status === 'failed' ? await coveringJob(job) : null;
    return { kind: 'job', job, part, coveredBy };
  };

  return async (about) => {
    switch (about.kind) {
      case 'job_part':
        return ofJob(about.jobId, about.part);
      case 'plan_job':
        return ofJob(about.jobId, null);
      case 'start_task': {
        if (!deps.isTask(about.taskType)) return { kind: 'unknown' };
        const id = scheduledJobId(about);
        const facts = await ofJob(id, null);
        if (facts.kind === 'job' && facts.job !== undefined) return facts;
        const startedBy = `schedule:${about.scheduleName}`;
        // No payload is that of another order: only the schedule's own runs count.
        const run = {
          id,
          taskType: about.taskType,
          startedBy,
          payload: { unknown: id },
          createdAt: about.scheduledTime,
        };
        return { kind: 'firing', coveredBy: await coveringJob(run) };
      }
      case 'roster': {
        const entry = await deps.entryById(about.competitorId);
        return { kind: 'member', waits: entryWaits(entry), failure: entry?.failure ?? null };
      }
      case 'team': {
        const team = await deps.teamById(about.teamId);
        return { kind: 'team', waits: teamWaits(team), failure: team?.sync.failure ?? null };
      }
      case 'dispatch_due':
        return { kind: 'clock' };
      case 'unknown':
        break;
    }
    return { kind: 'unknown' };
  };
}
