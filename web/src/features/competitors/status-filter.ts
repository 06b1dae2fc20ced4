import { COMPETITOR_STATUSES, type CompetitorRow } from '#shared/competitors/contract.ts';
import { STATUS_NAMES } from '#shared/competitors/state-names.ts';
import { isReadyRow } from './bulk-labels.ts';
import { urgency } from './competitor-labels.ts';

interface StatusFilter {
  readonly id: string;
  readonly text: string;
  /** `needs`: the competitors whom the coach's open alerts are about. */
  readonly holds: (competitor: CompetitorRow, needs: ReadonlySet<string>) => boolean;
}

const DEACTIVATED: StatusFilter = {
  id: 'deactivated',
  text: 'Deactivated',
  holds: (competitor) => !competitor.active,
};

const ON_HOLD: StatusFilter = {
  id: 'on-hold',
  text: 'On hold',
  holds: (competitor) => competitor.active && competitor.onHold !== null,
};

const REFUSED: StatusFilter = {
  id: 'refused',
  text: 'Refused',
  holds: ({ active, status, gamePlatform: { refusal } }) =>
    active && status === 'compliance' && refusal !== null,
};

const NEEDS_ME = 'needs-me';

/** Shown only where they let somebody through. */
const SELDOM: ReadonlySet<string> = new Set([REFUSED.id, ON_HOLD.id, DEACTIVATED.id]);

/** Deactivated competitors are counted apart: they are nobody's task. */
const STATUS_FILTERS: readonly StatusFilter[] = [
  { id: 'all', text: 'All', holds: (competitor) => competitor.active },
  { id: NEEDS_ME, text: 'Needs me', holds: ({ id }, needs) => needs.has(id) },
  ...COMPETITOR_STATUSES.toReversed().map((status) => ({
    id: status,
    text: STATUS_NAMES[status],
    holds: (competitor: CompetitorRow) =>
      status === 'compliance' ? isReadyRow(competitor) : competitor.active && competitor.status === status,
  })),
  REFUSED,
  ON_HOLD,
  DEACTIVATED,
];

export const statusFilterOf = (id: string | null): StatusFilter =>
  STATUS_FILTERS.find((filter) => filter.id === id) ?? STATUS_FILTERS[0] ?? DEACTIVATED;

export const NO_ONE: ReadonlySet<string> = new Set();

/**
 * Each filter with how many it lets through; those for few only where there are some, or when chosen.
 *
 * @param needs null: not known of everybody, so that "Needs me" cannot be offered
 */
export function countedFilters(
  competitors: readonly CompetitorRow[],
  chosen: StatusFilter,
  needs: ReadonlySet<string> | null,
) {
  return STATUS_FILTERS.filter(({ id }) => id !== NEEDS_ME || needs !== null)
    .map(({ id, text, holds }) => ({
      id,
      text,
      count: competitors.filter((one) => holds(one, needs ?? NO_ONE)).length,
    }))
    .filter(({ id, count }) => !SELDOM.has(id) || count > 0 || id === chosen.id);
}

/** Those who need somebody first, then by last and first name. */
export const byUrgency =
  (needs: ReadonlySet<string>) =>
  (a: CompetitorRow, b: CompetitorRow): number =>
    urgency(a, needs) - urgency(b, needs) ||
    a.lastName.localeCompare(b.lastName) ||
    a.firstName.localeCompare(b.firstName);
