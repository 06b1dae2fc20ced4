import { useEffect, useEffectEvent } from 'react';

/** Calls back on Esc, unless a dialog or a popover is open: those close first, by themselves. */
export function useEscape(onEscape: () => void): void {
  const escaped = useEffectEvent(onEscape);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      if (document.querySelector('dialog[open], :popover-open')) return;
      escaped();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}
