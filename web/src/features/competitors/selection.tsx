import type { CompetitorRow } from '#shared/competitors/contract.ts';
import { counted } from '#shared/kernel/format.ts';
import { Button } from '#web/shared/ui/button.tsx';
import { ArrowRightLeft, Download, Mail, Plus, UserMinus, UsersRound } from 'lucide-react';
import { useState } from 'react';
import { sortedOutLabel, sortOut } from './bulk-labels.ts';

/** Which rows are ticked, by id; kept while filters and pages change. */
export function useSelection() {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  return {
    ids,
    /** Ticks or unticks several at once. */
    set: (changed: readonly string[], ticked: boolean) =>
      setIds((before) =>
        ticked
          ? new Set([...before, ...changed])
          : new Set([...before].filter((id) => !changed.includes(id))),
      ),
    clear: () => setIds(new Set()),
  };
}

export type Selection = ReturnType<typeof useSelection>;

interface PickProps {
  readonly label: string;
  readonly checked: boolean;
  /** Some of what it stands for is ticked, not all. */
  readonly some?: boolean;
  readonly onChange: (ticked: boolean) => void;
}

/** The box of a row, or of a page of rows; the label around it makes it big enough for a finger. */
export const Pick = ({ label, checked, some = false, onChange }: PickProps) => (
  <label className="pick">
    <span className="sr-only">{label}</span>
    <input
      type="checkbox"
      checked={checked}
      ref={(box) => {
        if (box) box.indeterminate = some && !checked;
      }}
      onChange={(event) => onChange(event.target.checked)}
    />
  </label>
);

interface SelectionBarProps {
  readonly chosen: readonly CompetitorRow[];
  /** How many of them the filter, the search or the page hides. */
  readonly hidden: number;
  /** Ticks all that the filter lets through; null when they are ticked. */
  readonly onAll: (() => void) | null;
  readonly found: number;
  readonly onAdd: () => void;
  readonly onTeam: () => void;
  /** To another coach; null for whoever may not. */
  readonly onMove: (() => void) | null;
  readonly onExport: () => void;
  readonly onDeactivate: () => void;
  readonly onRemind: () => void;
  readonly onClear: () => void;
}

/** What is ticked and what can be done with it. */
export function SelectionBar({ chosen, hidden, onAll, found, onClear, ...acts }: SelectionBarProps) {
  const sorted = sortOut(chosen);
  const count = sorted.ready.length;
  return (
    <section
      className="flex flex-wrap items-center gap-x-3 gap-y-2 border-y border-accent-line bg-accent-soft px-4 py-2 text-13 text-text-2 sm:px-5"
      aria-label="Selection"
    >
      <output className="min-w-0 flex-[1_1_240px]">
        <b className="mr-1.5 text-text">{chosen.length} selected</b> {sortedOutLabel(sorted)}
        {hidden === 0 ? '' : `; ${hidden} not shown here`}
      </output>
      <span className="flex flex-wrap gap-2">
        <Button small look="primary" onClick={acts.onAdd}>
          <Plus size={14} aria-hidden />{' '}
          {count === 0 ? 'Add to Game Platform' : `Add ${count} to Game Platform`}
        </Button>
        <Button small onClick={acts.onTeam}>
          <UsersRound size={14} aria-hidden /> Put on a team
        </Button>
        {chosen.some(({ active, status }) => active && status === 'profile') && (
          <Button small onClick={acts.onRemind}>
            <Mail size={14} aria-hidden /> Reminder
          </Button>
        )}
        {acts.onMove && (
          <Button small onClick={acts.onMove}>
            <ArrowRightLeft size={14} aria-hidden /> Move to a coach
          </Button>
        )}
        <Button small onClick={acts.onExport}>
          <Download size={14} aria-hidden /> Export {chosen.length}
        </Button>
        {chosen.some(({ active }) => active) && (
          <Button small onClick={acts.onDeactivate}>
            <UserMinus size={14} aria-hidden /> Deactivate
          </Button>
        )}
        {onAll && (
          <Button small look="ghost" onClick={onAll}>
            Select all {counted(found, 'competitor')}
          </Button>
        )}
        <Button small look="ghost" onClick={onClear}>
          Clear
        </Button>
      </span>
    </section>
  );
}
