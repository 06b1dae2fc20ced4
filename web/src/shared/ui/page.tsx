import { useEffect } from 'react';

/** Names the page in the tab and in the history. Never holds a person's name. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Coach Dashboard`;
  }, [title]);
}

/** The mark: five links on one signal line; the last one is live. */
export const Mark = () => (
  <svg width="26" height="26" viewBox="0 0 26 26" aria-hidden>
    <rect x=".5" y=".5" width="25" height="25" rx="6.5" fill="var(--surface-2)" stroke="var(--line-strong)" />
    <path
      d="M5 17.5h3l3-6 3.5 4 3-6.5H21"
      fill="none"
      stroke="var(--text)"
      strokeWidth="1.4"
      strokeLinejoin="round"
      strokeLinecap="round"
    />
    <circle cx="21" cy="9" r="2.4" fill="var(--accent)" />
  </svg>
);
