import { COMPETITOR_STATUSES, type CompetitorView } from '#shared/competitors/contract.ts';
import { needsMe, STATUS_NAMES, urgency } from './competitor-labels.ts';

interface StatusFilter {
  readonly id: string;
  readonly text: string;
  readonly holds: (competitor: CompetitorView) => boolean;
}

const DEACTIVATED: StatusFilter = {
  id: 'deactivated',
  text: 'Deactivated',
  holds: (competitor) => !competitor.active,
};

/** Deactivated competitors are counted apart: they are nobody's task. */
const STATUS_FILTERS: readonly StatusFilter[] = [
  { id: 'all', text: 'All', holds: (competitor) => competitor.active },
  { id: 'needs-me', text: 'Needs me', holds: needsMe },
  ...COMPETITOR_STATUSES.toReversed().map((status) => ({
    id: status,
    text: STATUS_NAMES[status],
    holds: (competitor: CompetitorView) => competitor.active && competitor.status === status,
  })),
  DEACTIVATED,
];

export const statusFilterOf = (id: string | null): StatusFilter =>
  STATUS_FILTERS.find((filter) => filter.id === id) ?? STATUS_FILTERS[0] ?? DEACTIVATED;

/** Each filter with how many it lets through; `Deactivated` only where there are some, or it is chosen. */
export function countedFilters(competitors: readonly CompetitorView[], chosen: StatusFilter) {
  return STATUS_FILTERS.map(({ id, text, holds }) => ({
    id,
    text,
    count: competitors.filter(holds).length,
  })).filter(({ id, count }) => id !== DEACTIVATED.id || count > 0 || id === chosen.id);
}

/** Those who need somebody first, then by last and first name. */
export const byUrgency = (a: CompetitorView, b: CompetitorView): number =>
  urgency(a) - urgency(b) || a.lastName.localeCompare(b.lastName) || a.firstName.localeCompare(b.firstName);
