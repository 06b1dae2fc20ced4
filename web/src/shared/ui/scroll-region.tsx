import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

/** What scrolls apart from the page: named, and reachable by keyboard. */
export function ScrollRegion({
  label,
  className,
  children,
}: {
  label: string;
  className?: string;
  children: ReactNode;
}) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- without it, nobody could scroll here by keyboard
    <section className={classNames('scroll', className)} aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}
