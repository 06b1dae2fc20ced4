import type { JobView } from '#shared/jobs/contract.ts';
import type { Tone } from '../ui/badge.tsx';
import type { JobRowView } from './job-api.ts';

/** What became of each whom a job put on the platform; pure. */

interface OutcomeLabel {
  readonly tone: Tone;
  readonly text: string;
  /** Somebody has to do something. */
  readonly open: boolean;
}

const OUTCOMES: Readonly<Record<string, OutcomeLabel>> = {
  refused: { tone: 'error', text: 'Refused', open: true },
  failed: { tone: 'error', text: 'Failed', open: true },
  notEnabled: { tone: 'warning', text: 'Switched off', open: true },
  notCompliant: { tone: 'warning', text: 'Not ready', open: true },
  notFound: { tone: 'neutral', text: 'Gone', open: false },
  already: { tone: 'neutral', text: 'Was there', open: false },
  onboarded: { tone: 'ok', text: 'Added', open: false },
};
const ORDER = Object.keys(OUTCOMES);

/** What became of one, in a word; one we do not know yet is shown as it came. */
export const outcomeLabel = (outcome: string): OutcomeLabel =>
  OUTCOMES[outcome] ?? { tone: 'neutral', text: outcome, open: true };

/** Those who need something first, then as the job went through them. */
export const byOutcome = (a: Pick<JobRowView, 'outcome'>, b: Pick<JobRowView, 'outcome'>): number =>
  ORDER.indexOf(a.outcome) - ORDER.indexOf(b.outcome);

/** `5 added, 1 refused.` of a job that is over, or so far. */
export function resultLabel({ result }: Pick<JobView, 'result'>): string {
  const parts = ORDER.toReversed().flatMap((outcome) => {
    const count = result?.[outcome] ?? 0;
    return count === 0 ? [] : [`${count} ${outcomeLabel(outcome).text.toLowerCase()}`];
  });
  return parts.length === 0 ? 'No one was added: there was no one to add.' : `${parts.join(', ')}.`;
}
