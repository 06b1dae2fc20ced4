import { useCallback } from 'react';
import { useSearchParams } from 'react-router';

/** Filters live in the address, so that a page can be shared and the back button undoes a choice. */
export function useUrlFilters() {
  const [params, setParams] = useSearchParams();
  const set = useCallback(
    (changes: Readonly<Record<string, string | null>>) =>
      setParams((before) => {
        const after = new URLSearchParams(before);
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
