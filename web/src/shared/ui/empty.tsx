import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

interface EmptyProps {
  /** `never`: there was never anything; `filtered`: there is, but a filter hides it. */
  readonly kind: 'never' | 'filtered';
  readonly title: string;
  readonly children: ReactNode;
  readonly action?: ReactNode;
}

/** Says what will be here and the first step, or what the filter hides and how to clear it. */
export function Empty({ kind, title, children, action }: EmptyProps) {
  return (
    <div className={classNames('empty', kind)}>
      <h3>{title}</h3>
      <p>{children}</p>
      {action && <div className="flex flex-wrap gap-2">{action}</div>}
    </div>
  );
}
