import { ChevronDown } from 'lucide-react';
import { createContext, use, type ReactNode } from 'react';
import type { FreshnessBar } from '../freshness/freshness-bar.ts';
import { classNames } from './class-names.ts';

/** Sets the freshness bar of a panel: class and custom property. Nothing when there is no data. */
export function freshnessBarProps(freshnessBar: FreshnessBar | null): {
  className: string;
  style?: Record<string, string>;
} {
  if (freshnessBar === null) return { className: '' };
  return {
    className: classNames('freshness-bar', freshnessBar.overdue && 'overdue'),
    style: { '--freshness': freshnessBar.length.toFixed(3) },
  };
}

const WhoseContext = createContext<string | null>(null);

/** Names whose the blocks within are, where a page has the same blocks for several people. */
export const Whose = WhoseContext.Provider;

/** A block's name, which no other block of the page has. */
export function useBlockName(label: string): string {
  const whose = use(WhoseContext);
  return whose === null ? label : `${label}, ${whose}`;
}

interface PanelProps {
  readonly label: string;
  readonly freshnessBar?: FreshnessBar | null;
  readonly busy?: boolean;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A named block. Its top edge is the freshness bar. */
export function Panel({ label, freshnessBar = null, busy, className, children }: PanelProps) {
  const { className: barClass, style } = freshnessBarProps(freshnessBar);
  return (
    <section
      aria-label={useBlockName(label)}
      aria-busy={busy || undefined}
      className={classNames('panel', barClass, className)}
      style={style}
    >
      {children}
    </section>
  );
}

/** One line of a list of facts, `<dl className="facts">`. */
export const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);

interface FoldProps {
  readonly summary: ReactNode;
  /** `panel`: as wide as a panel's lines; `plain`: where the panel's own edge is already kept. */
  readonly look?: 'panel' | 'plain';
  readonly onToggle?: (open: boolean) => void;
  readonly children: ReactNode;
}

/** A line that unfolds what belongs to it. */
export function Fold({ summary, look = 'panel', onToggle, children }: FoldProps) {
  return (
    <details
      className="group border-t border-line text-13"
      onToggle={(event) => onToggle?.(event.currentTarget.open)}
    >
      <summary
        className={classNames(
          'flex cursor-pointer list-none items-center gap-3 [&::-webkit-details-marker]:hidden',
          look === 'panel' ? 'min-h-13 px-4 py-2.5 hover:bg-surface-2 sm:px-5' : 'min-h-11',
        )}
      >
        {summary}
        <ChevronDown size={16} className="ml-auto text-muted group-open:rotate-180" aria-hidden />
      </summary>
      {children}
    </details>
  );
}

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

/** A muted bar in the shape of what comes. Sizes in px, or a share of the width as `'70%'`. */
export const Skeleton = ({ width, height = 12 }: { width: number | string; height?: number }) => (
  <span className="skeleton" aria-hidden style={{ width, height }} />
);

/** Rows of a table that loads; the header above is real. */
export function SkeletonRows({ label, rows = 6 }: { label: string; rows?: number }) {
  return (
    <div className="panel-body grid content-start gap-5">
      <output className="sr-only">Loading {label}</output>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="flex items-center gap-4">
          <Skeleton width={18} />
          <span className="flex-1">
            <Skeleton width={`${86 - ((row * 17) % 31)}%`} />
          </span>
          <Skeleton width={44} />
        </div>
      ))}
    </div>
  );
}
