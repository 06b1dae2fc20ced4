import { useEffect } from 'react';

/** Names the page in the tab and in the history. Never holds a person's name. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Coach Dashboard`;
  }, [title]);
}
