import { CircleCheck, Info, OctagonAlert, TriangleAlert, WifiOff } from 'lucide-react';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

const ICONS = {
  neutral: Info,
  accent: Info,
  ok: CircleCheck,
  warning: TriangleAlert,
  error: OctagonAlert,
  offline: WifiOff,
};

const SAID = { 'at once': 'alert', 'when free': 'status' } as const;

interface NoteProps {
  readonly tone: keyof typeof ICONS;
  readonly title: string;
  readonly children?: ReactNode;
  /** Said to screen readers at once (errors) or when they are free; left out for what was there from the start. */
  readonly said?: 'at once' | 'when free';
}

/** An explanation in place. */
export function Note({ tone, title, children, said }: NoteProps) {
  const Icon = ICONS[tone];
  return (
    <div
      className={classNames('note', tone === 'offline' ? 'warning' : tone !== 'neutral' && tone)}
      role={said && SAID[said]}
    >
      <Icon size={16} strokeWidth={1.75} aria-hidden />
      <div>
        <b>{title}</b>
        {children && <div>{children}</div>}
      </div>
    </div>
  );
}
