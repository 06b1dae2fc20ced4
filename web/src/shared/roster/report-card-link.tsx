import { FileChartColumn } from 'lucide-react';
import { ButtonLink } from '../ui/button.tsx';

interface ReportCardLinkProps {
  readonly competitorId: string;
  /** Said to screen readers where the button has no word of its own. */
  readonly name: string;
  readonly look?: 'icon' | 'button';
}

/** To somebody's report card, beside their name. */
export const ReportCardLink = ({ competitorId, name, look = 'icon' }: ReportCardLinkProps) => (
  <ButtonLink
    small
    look={look === 'icon' ? 'ghost' : 'plain'}
    iconOnly={look === 'icon'}
    aria-label={`Report card of ${name}`}
    to={`/competitors/${encodeURIComponent(competitorId)}/report`}
  >
    <FileChartColumn size={14} aria-hidden />
    {look === 'button' && ' Report card'}
  </ButtonLink>
);
