import { aboutOf, jobIdOf, type DeadLetter } from './dead-letter.ts';
import { causeOf, type Facts } from './judge-letter.ts';

/** Which letters somebody chose; nothing given chooses nothing. */
export interface Choice {
  readonly jobIds?: readonly string[] | undefined;
  readonly cause?: string | undefined;
  readonly all?: boolean | undefined;
}

export function isChosen(choice: Choice, letter: Pick<DeadLetter, 'body'>, facts: Facts): boolean {
  if (choice.all === true) return true;
  const about = aboutOf(letter);
  if (choice.cause !== undefined) return causeOf(about, facts).id === choice.cause;
  // The job that a schedule's firing made counts as that letter's job, too.
  const jobId = jobIdOf(about) ?? (facts.kind === 'job' ? facts.job?.id : undefined);
  return jobId !== undefined && choice.jobIds?.includes(jobId) === true;
}
