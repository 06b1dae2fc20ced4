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
import { Badge } from '#web/shared/ui/badge.tsx';
import { ButtonLink } from '#web/shared/ui/button.tsx';
import { classNames } from '#web/shared/ui/class-names.ts';
import type { FreshnessBar } from '#web/shared/freshness/freshness-bar.ts';
import { freshnessBarProps } from '#web/shared/ui/panel.tsx';

/** Three answers in words, one button. */
export function Brief({
  brief,
  freshnessBar,
}: {
  brief: DashboardView['brief'];
  freshnessBar: FreshnessBar | null;
}) {
  const { className, style } = freshnessBarProps(freshnessBar);
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
      <h2 className="text-13 text-muted">{question}</h2>
      <p
        className={classNames(
          'text-20 font-medium tracking-[-.015em] text-balance',
          answer.tone === 'stale' && 'text-warning',
        )}
      >
        {answer.headline}
      </p>
      <p className="text-13 text-text-2">{answer.detail}</p>
      {(action || answer.chips.length > 0) && (
        <div className="mt-auto flex flex-wrap items-center gap-1.5 pt-1.5">
          {action && (
            <ButtonLink small look="primary" to="/competitors/go-through">
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
