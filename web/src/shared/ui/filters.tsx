import { ChevronDown, Search } from 'lucide-react';
import { type RefObject, useCallback, useEffect, useId, useRef } from 'react';
import { useSearchParams } from 'react-router';
import { count as figure } from '#shared/kernel/format.ts';
import { Skeleton } from './panel.tsx';

interface SearchFieldProps {
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** Searches what is loaded. What is typed stays on this page: it never enters the address or a request. */
export function SearchField({ label, placeholder, value, onChange }: SearchFieldProps) {
  const input = useRef<HTMLInputElement>(null);
  useSearchShortcut(input);
  return (
    <label className="field">
      <Search size={14} aria-hidden />
      <input
        ref={input}
        type="search"
        aria-label={label}
        aria-keyshortcuts="/"
        placeholder={placeholder}
        autoComplete="off"
        spellCheck={false}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && value !== '') {
            // Nor does a dialog around it close.
            event.preventDefault();
            event.stopPropagation();
            onChange('');
          }
        }}
      />
    </label>
  );
}

export const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** `/` puts the focus into the search field of the page. */
function useSearchShortcut(field: RefObject<HTMLInputElement | null>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target))
        return;
      if (field.current === null || document.querySelector('dialog[open]')) return;
      event.preventDefault();
      field.current.focus();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [field]);
}

interface SelectFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly options: readonly { readonly value: string; readonly text: string }[];
}

/** A filter: the browser's own list, so that it works with every keyboard, reader and phone. */
export function SelectField({ label, value, onChange, options }: SelectFieldProps) {
  return (
    <label className="field">
      <select aria-label={label} value={value} onChange={(event) => onChange(event.target.value)}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.text}
          </option>
        ))}
      </select>
      <ChevronDown size={14} aria-hidden />
    </label>
  );
}

interface DayFieldProps {
  readonly label: string;
  readonly value: string | null;
  readonly onChange: (day: string) => void;
}

/** A day as a filter; empty: any. */
export function DayField({ label, value, onChange }: DayFieldProps) {
  const id = useId();
  return (
    <label className="field" htmlFor={id}>
      <span className="text-12 text-muted">{label}</span>
      <input id={id} type="date" value={value ?? ''} onChange={(event) => onChange(event.target.value)} />
    </label>
  );
}

/** Filters live in the address, so that a page can be shared and the back button undoes a choice. */
export function useUrlFilters() {
  const [params, setParams] = useSearchParams();
  const set = useCallback(
    (changes: Readonly<Record<string, string | null>>) =>
      setParams(() => {
        // The address itself: a choice that quickly follows another comes before the page is drawn with the first.
        const after = new URLSearchParams(window.location.search);
        for (const [name, value] of Object.entries(changes)) {
          if (value === null || value === '') after.delete(name);
          else after.set(name, value);
        }
        return after;
      }),
    [setParams],
  );
  return [params, set] as const;
}

/** The filters of an address, for another one beside it: a form that is open stays behind. */
export function filtersOf(params: URLSearchParams): string {
  const filters = new URLSearchParams(params);
  filters.delete('new');
  return filters.toString();
}

interface CountedFiltersProps {
  readonly label: string;
  readonly options: readonly { readonly id: string; readonly text: string; readonly count: number }[];
  readonly chosenId: string;
  /** False while nothing is loaded: then nothing is counted either, and a zero would be a lie. */
  readonly known: boolean;
  /** Not everything is loaded, so the counts are at least that high. */
  readonly more?: boolean;
  readonly onChoose: (id: string) => void;
}

/** Filters side by side, each with how many it lets through. */
export const CountedFilters = ({
  label,
  options,
  chosenId,
  known,
  more = false,
  onChoose,
}: CountedFiltersProps) => (
  <fieldset className="segments" aria-label={label}>
    {options.map(({ id, text, count }) => (
      <button key={id} type="button" aria-pressed={id === chosenId} onClick={() => onChoose(id)}>
        {text}{' '}
        {known ? (
          <span className="text-muted">
            {figure(count)}
            {more ? '+' : ''}
          </span>
        ) : (
          <Skeleton width={12} height={10} />
        )}
      </button>
    ))}
  </fieldset>
);
