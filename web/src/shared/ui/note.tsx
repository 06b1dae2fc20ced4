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

interface NoteProps {
  readonly tone: keyof typeof ICONS;
  readonly title: string;
  readonly children?: ReactNode;
  /** `alert` speaks at once (errors), `status` when the reader is free; neither for what was there from the start. */
  readonly role?: 'alert' | 'status';
}

/** An explanation in place. */
export function Note({ tone, title, children, role }: NoteProps) {
  const Icon = ICONS[tone];
  return (
    <div
      className={classNames('note', tone === 'offline' ? 'warning' : tone !== 'neutral' && tone)}
      role={role}
    >
      <Icon size={16} strokeWidth={1.75} aria-hidden />
      <div>
        <b>{title}</b>
        {children && <div>{children}</div>}
      </div>
    </div>
  );
}
