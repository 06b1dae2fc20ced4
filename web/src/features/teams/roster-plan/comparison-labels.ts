import type { JobView } from '#shared/jobs/contract.ts';
import type { RosterPlanView } from '#shared/teams/contract.ts';

/** What is said of the run that draws a plan up or carries it out; pure. */

type Purpose = 'draw' | 'confirm' | null;

export function underWayLabel(job: JobView | null | undefined, purpose: Purpose): string {
  if (job?.status === 'pending' || job === undefined || job === null)
    return 'Requested. It starts automatically.';
  return purpose === 'confirm'
    ? 'The confirmed part is being handed over.'
    : 'Everyone is being compared with the platform’s list.';
}

/** The job's own sentence without the count of its parts: there is one. */
const reasonOf = ({ error }: JobView): string | null =>
  error?.replace(/^\d+ of \d+ parts failed\. /, '') ?? null;

interface FailureLabel {
  readonly title: string;
  readonly text: string;
}

/** Why the newest run came to nothing; null when it did not, or when a plan has been drawn up since. */
export function failureLabel(
  job: JobView | null | undefined,
  purpose: Purpose,
  plan: Pick<RosterPlanView, 'drawnAt'> | null,
): FailureLabel | null {
  if (!job || (job.status !== 'failed' && job.status !== 'cancelled')) return null;
  if (job.finishedAt !== null && plan !== null && plan.drawnAt > job.finishedAt) return null;
  if (job.status === 'cancelled') {
    return { title: 'The last run was canceled.', text: 'What it had not done yet was left as it is.' };
  }
  return purpose === 'confirm'
    ? {
        title: 'Not all of it was handed over.',
        text: `${reasonOf(job) ?? 'The run failed.'} What was not handed over is unchanged; it is safe to confirm again.`,
      }
    : {
        title: 'The platform’s list could not be trusted. Nothing was changed.',
        text: `${reasonOf(job) ?? 'It did not come, or came incomplete.'} It is compared again automatically.`,
      };
}
