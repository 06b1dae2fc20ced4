import { COMPETITOR_STATUSES, type CompetitorListItem } from '#shared/competitors/contract.ts';
import type { SortKey } from '#web/shared/ui/sorted-pages.ts';

/** `urgency` has no head of its own: it is the order that the rows come in. */
export type ListColumn = 'urgency' | 'name' | 'coach' | 'school' | 'status' | 'solve';

const KEYS: Readonly<Record<ListColumn, SortKey<CompetitorListItem>>> = {
  urgency: () => 0,
  name: ({ lastName, firstName }) => `${lastName} ${firstName}`,
  coach: ({ coach }) => coach?.name ?? null,
  school: ({ coach }) => coach?.school ?? null,
  status: ({ status }) => COMPETITOR_STATUSES.indexOf(status),
  solve: ({ lastSolveAt }) => lastSolveAt,
};

/** What the list can be sorted by; equal ones stay in the order of urgency. */
export const LIST_COLUMNS = {
  keys: KEYS,
  highestFirst: new Set<ListColumn>(['solve']),
  initial: { column: 'urgency', direction: 'asc' },
} as const;
