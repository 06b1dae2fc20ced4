import type { Entry } from './palette-entries.ts';

/** Shown before anything is typed. */
const KEPT = 5;

/**
 * What was opened last, for one caller and in this page's memory only: names of students are kept nowhere in the
 * browser. Somebody else, or the same admin acting as somebody else, starts with nothing.
 */
let of = '';
let opened: readonly Entry[] = [];

export const recentOf = (caller: string): readonly Entry[] => (caller === of ? opened : []);

export function noteOpened(caller: string, entry: Entry): void {
  if (entry.kind === 'page' || entry.kind === 'action') return;
  const others = recentOf(caller).filter(({ to }) => to !== entry.to);
  of = caller;
  opened = [
    { ...entry, id: `recent-${entry.id.replace('recent-', '')}`, group: 'Recent' as const },
    ...others,
  ].slice(0, KEPT);
}
