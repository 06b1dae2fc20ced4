import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

export type Tone = 'ok' | 'pending' | 'warning' | 'error' | 'accent' | 'neutral';

/** Always an icon and a word: color alone says nothing. */
export function Badge({
  tone,
  icon: Icon,
  children,
}: {
  tone: Tone;
  icon?: LucideIcon;
  children: ReactNode;
}) {
  return (
    <span className={classNames('badge', tone !== 'neutral' && tone)}>
      {Icon && <Icon size={12} strokeWidth={2.2} aria-hidden />}
      <span>{children}</span>
    </span>
  );
}
