import type { Job } from './job.ts';
import { newJob, startJob, type StartJobDeps, type StartJobInput } from './start-job.ts';
import type { Started } from './start-planned.ts';
import type { Tasks } from './task-definition.ts';
import { OwnError } from '#shared/kernel/errors.ts';

interface Firing {
  readonly scheduleName: string;
  readonly taskType: string;
  /** @default empty */
  readonly payload?: Readonly<Record<string, unknown>> | undefined;
  /** As Scheduler tells it; the same in both copies of a doubled message. */
  readonly scheduledTime: string;
}

/** No job is made of a type that nobody declares; the message ends as a dead letter. */
class UnknownTaskError extends OwnError {
  override readonly name = 'UnknownTaskError';
}

/** That a schedule fired, and what came of it. */
export interface ScheduleRun {
  readonly scheduleName: string;
  /** When it was to fire, as Scheduler tells it; of a run by hand, when that was. ISO 8601. */
  readonly time: string;
  /** Null: the schedule starts no job. */
  readonly jobId: string | null;
  /** An admin ran it. */
  readonly byHand: boolean;
}

/** Keeps a schedule's run unless a later one is kept; twice does no harm. */
export type NoteRun = (run: ScheduleRun) => Promise<void>;

export interface StartScheduledJobDeps extends StartJobDeps {
  readonly tasks: Tasks;
  readonly noteRun: NoteRun;
  readonly jobs: StartJobDeps['jobs'] & {
    readonly inState: (state: 'pending' | 'running') => AsyncIterable<Job>;
  };
}

const firingId = ({ scheduleName, scheduledTime }: Pick<Firing, 'scheduleName' | 'scheduledTime'>): string =>
  `${scheduleName}_${scheduledTime}`.replaceAll(/[^\w-]/g, '');

/** The id of the job that a firing makes. */
export const scheduledJobId = (firing: Pick<Firing, 'scheduleName' | 'scheduledTime'>): string =>
  `job_${firingId(firing)}`;

/** An earlier scheduled job of this type that is still at work. Jobs that people started do not count. */
async function unfinished(deps: StartScheduledJobDeps, taskType: string): Promise<Job | undefined> {
  for (const state of ['running', 'pending'] as const) {
    for await (const job of deps.jobs.inState(state)) {
      if (job.taskType === taskType && job.startedBy.startsWith('schedule:')) return job;
    }
  }
  return undefined;
}

type Start = (input: StartJobInput & { readonly idempotencyId: string }) => Promise<Started>;

/**
 * The job of a firing, and the note that the schedule ran: a message that comes again makes up for either.
 *
 * @param start how a new job is written down; left out: pending, to be planned
 */
export async function startScheduledJob(
  deps: StartScheduledJobDeps,
  firing: Firing,
  start: Start = async (input) => ({ job: await startJob(deps)(input) }),
): Promise<Started> {
  const started = await jobOfFiring(deps, firing, start);
  const { scheduleName, scheduledTime: time } = firing;
  await deps.noteRun({ scheduleName, time, jobId: started.job.id, byHand: false });
  return started;
}

/**
 * One job for one firing, however often its message comes. While an earlier scheduled job of the type is still at
 * work (a slow vendor, a pause), the firing is recorded as done with `{ skippedOverlap: 1 }`: whom this one would read
 * the earlier one reads, or the next one finds due all the same.
 */
async function jobOfFiring(deps: StartScheduledJobDeps, firing: Firing, start: Start): Promise<Started> {
  const idempotencyId = firingId(firing);
  const known = await deps.jobs.byId(scheduledJobId(firing));
  if (known !== undefined) return { job: known };
  const task = deps.tasks[firing.taskType];
  if (task === undefined) throw new UnknownTaskError();
  const input = {
    taskType: firing.taskType,
    payload: task.payload.parse(firing.payload ?? {}),
    startedBy: `schedule:${firing.scheduleName}`,
    idempotencyId,
  };
  if ((await unfinished(deps, firing.taskType)) === undefined) return start(input);
  const now = deps.now();
  const skipped: Job = {
    ...newJob(scheduledJobId(firing), input, now),
    status: 'succeeded',
    startedAt: now.toISOString(),
    finishedAt: now.toISOString(),
    planned: true,
    counts: { skippedOverlap: 1 },
  };
  await deps.jobs.create(skipped);
  return { job: skipped };
}
