import type { Answer, DashboardView } from '#shared/dashboard/contract.ts';
import {
  ArrowDown,
  ArrowRight,
  ArrowUp,
  Check,
  Clock,
  Minus,
  OctagonAlert,
  TriangleAlert,
} from 'lucide-react';
import { Badge } from '../../shared/ui/badge.tsx';
import { ButtonLink } from '../../shared/ui/button.tsx';
import { classNames } from '../../shared/ui/class-names.ts';
import type { Fuse } from '../../shared/ui/fuse.ts';
import { fuseProps } from '../../shared/ui/panel.tsx';

/** Three answers in words, one button. */
export function Brief({ brief, fuse }: { brief: DashboardView['brief']; fuse: Fuse | null }) {
  const { className, style } = fuseProps(fuse);
  return (
    <div className={classNames('brief', className)} style={style}>
      <Question question="Is anything wrong?" answer={brief.wrong} />
      <Question question="Who needs me?" answer={brief.needs} action={brief.needs.tone === 'attention'} />
      <Question question="How are we doing?" answer={brief.progress} />
    </div>
  );
}

function Question({
  question,
  answer,
  action = false,
}: {
  question: string;
  answer: Answer;
  action?: boolean;
}) {
  return (
    <section aria-label={question}>
      <h2>{question}</h2>
      <p className={classNames('answer', answer.tone === 'stale' && 'text-warning')}>{answer.headline}</p>
      <p className="detail">{answer.detail}</p>
      {(action || answer.chips.length > 0) && (
        <div className="chips">
          {action && (
            <ButtonLink small look="primary" to="/competitors?status=needs-me">
              Go through them <ArrowRight size={14} aria-hidden />
            </ButtonLink>
          )}
          {answer.chips.map((chip) => (
            <Chip key={chip.text} {...chip} />
          ))}
        </div>
      )}
    </section>
  );
}

const ICONS = {
  ok: Check,
  pending: Clock,
  warning: TriangleAlert,
  error: OctagonAlert,
  neutral: Minus,
} as const;

function Chip({ tone, text }: Answer['chips'][number]) {
  if (tone === 'up' || tone === 'down') {
    const Arrow = tone === 'up' ? ArrowUp : ArrowDown;
    return (
      <span className={classNames('delta', tone)}>
        <Arrow size={12} strokeWidth={2.4} aria-hidden />
        {text}
      </span>
    );
  }
  return tone === 'neutral' ? (
    <Badge tone="neutral">{text}</Badge>
  ) : (
    <Badge tone={tone} icon={ICONS[tone]}>
      {text}
    </Badge>
  );
}
