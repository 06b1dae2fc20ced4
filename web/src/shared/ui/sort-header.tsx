import { ArrowDown, ArrowUp } from 'lucide-react';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

interface SortHeaderProps {
  readonly sorted: false | 'asc' | 'desc';
  readonly onSort: () => void;
  readonly numeric?: boolean;
  readonly wideOnly?: boolean;
  readonly children: ReactNode;
}

/** A column's head that sorts by it; the order is said to screen readers by `aria-sort`. */
export function SortHeader({ sorted, onSort, numeric, wideOnly, children }: SortHeaderProps) {
  const Arrow = sorted === 'asc' ? ArrowUp : ArrowDown;
  return (
    <th
      scope="col"
      className={classNames(numeric && 'num', wideOnly && 'wide-only')}
      aria-sort={sorted === false ? 'none' : sorted === 'asc' ? 'ascending' : 'descending'}
    >
      <button type="button" onClick={onSort}>
        {children}
        {sorted !== false && <Arrow size={14} aria-hidden />}
      </button>
    </th>
  );
}
