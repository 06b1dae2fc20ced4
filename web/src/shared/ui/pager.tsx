import { ChevronLeft, ChevronRight } from 'lucide-react';
import { count } from '../format/numbers.ts';
import { Button } from './button.tsx';

interface PagerProps {
  readonly from: number;
  readonly shown: number;
  readonly of: number;
  readonly onBack: (() => void) | null;
  readonly onNext: (() => void) | null;
  /** What is paged, for the buttons' names. */
  readonly what: string;
}

/** `1–10 of 18` and two buttons; a button that leads nowhere stays focusable, so that the focus is not lost. */
export function Pager({ from, shown, of, onBack, onNext, what }: PagerProps) {
  return (
    <span className="end flex items-center gap-2">
      <output>
        {shown === 0 ? 'none shown' : `${count(from)}–${count(from + shown - 1)} of ${count(of)}`}
      </output>
      <Button
        small
        iconOnly
        aria-label={`Previous page of the ${what}`}
        aria-disabled={onBack === null || undefined}
        onClick={() => onBack?.()}
      >
        <ChevronLeft size={14} aria-hidden />
      </Button>
      <Button
        small
        iconOnly
        aria-label={`Next page of the ${what}`}
        aria-disabled={onNext === null || undefined}
        onClick={() => onNext?.()}
      >
        <ChevronRight size={14} aria-hidden />
      </Button>
    </span>
  );
}
