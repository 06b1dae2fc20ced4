import type { CompetitorView } from '#shared/competitors/contract.ts';
import { Plus, UsersRound } from 'lucide-react';
import { counted } from '../../shared/format/numbers.ts';
import { Button } from '../../shared/ui/button.tsx';
import { sortedOutWords, sortOut } from './bulk-words.ts';

interface SelectionBarProps {
  readonly chosen: readonly CompetitorView[];
  /** How many of them the filter, the search or the page hides. */
  readonly hidden: number;
  /** Ticks all that the filter lets through; null when they are ticked. */
  readonly onAll: (() => void) | null;
  readonly found: number;
  readonly onAdd: () => void;
  readonly onTeam: () => void;
  readonly onClear: () => void;
}

/** What is ticked and what can be done with it. */
export function SelectionBar({ chosen, hidden, onAll, found, onAdd, onTeam, onClear }: SelectionBarProps) {
  const sorted = sortOut(chosen);
  const count = sorted.ready.length;
  return (
    <section className="picked" aria-label="Selection">
      <output className="words">
        <b className="mr-1.5">{chosen.length} selected</b> {sortedOutWords(sorted)}
        {hidden === 0 ? '' : `; ${hidden} not shown here`}
      </output>
      <span className="acts">
        <Button small look="primary" onClick={onAdd}>
          <Plus size={14} aria-hidden />{' '}
          {count === 0 ? 'Add to Game Platform' : `Add ${count} to Game Platform`}
        </Button>
        <Button small onClick={onTeam}>
          <UsersRound size={14} aria-hidden /> Put on a team
        </Button>
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
