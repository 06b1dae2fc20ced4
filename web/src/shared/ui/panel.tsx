import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import type { Fuse } from './fuse.ts';

/** Sets the fuse of a panel: class and custom property. Nothing when there is no data. */
export function fuseProps(fuse: Fuse | null): { className: string; style?: Record<string, string> } {
  if (fuse === null) return { className: '' };
  return {
    className: classNames('fuse', fuse.overdue && 'overdue'),
    style: { '--fuse': fuse.length.toFixed(3) },
  };
}

interface PanelProps {
  readonly label: string;
  readonly fuse?: Fuse | null;
  readonly busy?: boolean;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A named block. Its top edge is the fuse. */
export function Panel({ label, fuse = null, busy, className, children }: PanelProps) {
  const { className: fuseClass, style } = fuseProps(fuse);
  return (
    <section
      aria-label={label}
      aria-busy={busy || undefined}
      className={classNames('panel', fuseClass, className)}
      style={style}
    >
      {children}
    </section>
  );
}
