import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

interface EmptyProps {
  /** `never`: there was never anything; `filtered`: there is, but a filter hides it. */
  readonly kind: 'never' | 'filtered';
  readonly title: string;
  /** Below a page's h1 without a heading of its own in between: `h2`. */
  readonly heading?: 'h2' | 'h3';
  readonly children: ReactNode;
  readonly action?: ReactNode;
}

/** Says what will be here and the first step, or what the filter hides and how to clear it. */
export function Empty({ kind, title, heading: Heading = 'h3', children, action }: EmptyProps) {
  return (
    <div className={classNames('empty', kind)}>
      <Heading>{title}</Heading>
      <p>{children}</p>
      {action && <div className="flex flex-wrap gap-2">{action}</div>}
    </div>
  );
}
