import { DIVISIONS, type CompetitorRow } from '#shared/competitors/contract.ts';
import { divisionName } from '#shared/kernel/format.ts';
import { Button } from '#web/shared/ui/button.tsx';
import { classNames } from '#web/shared/ui/class-names.ts';
import { SelectField, useUrlFilters } from '#web/shared/ui/filters.tsx';
import { SlidersHorizontal, X } from 'lucide-react';
import { useId, useState } from 'react';

type Facts = Pick<CompetitorRow, 'team' | 'division' | 'grade'>;

/** In the address; the search for a name is not. */
const FILTERS = ['team', 'division', 'grade'] as const;
type Filter = (typeof FILTERS)[number];

/** Those on no team. */
export const NO_TEAM = 'none';

const VALUE_OF: Readonly<Record<Filter, (one: Facts) => string | null>> = {
  team: ({ team }) => team?.id ?? NO_TEAM,
  division: ({ division }) => division,
  grade: ({ grade }) => (grade === null ? null : String(grade)),
};

/** Whether somebody is let through by the filters of an address. */
export const passes = (one: Facts, params: URLSearchParams): boolean =>
  FILTERS.every((filter) => !params.get(filter) || VALUE_OF[filter](one) === params.get(filter));

/** Everything that `passes` looks at, lifted. */
export const LIFTED: Readonly<Record<Filter, null>> = { team: null, division: null, grade: null };

export const isFiltered = (params: URLSearchParams): boolean => FILTERS.some((filter) => params.has(filter));

/** What there is to choose among the people who are loaded. */
export function choicesOf(people: readonly Facts[]) {
  const teams = new Map(people.flatMap(({ team }) => (team === null ? [] : [[team.id, team.name] as const])));
  const grades = new Set(people.flatMap(({ grade }) => grade ?? []));
  const divisions = new Set(people.map(({ division }) => division));
  return {
    team: [
      { value: '', text: 'All teams' },
      ...(people.some(({ team }) => team === null) ? [{ value: NO_TEAM, text: 'No team' }] : []),
      ...[...teams]
        .map(([value, text]) => ({ value, text }))
        .toSorted((a, b) => a.text.localeCompare(b.text)),
    ],
    division: [
      { value: '', text: 'All divisions' },
      ...DIVISIONS.filter((division) => divisions.has(division)).map((value) => ({
        value,
        text: divisionName(value),
      })),
    ],
    grade: [
      { value: '', text: 'All grades' },
      ...[...grades]
        .toSorted((a, b) => a - b)
        .map((grade) => ({ value: String(grade), text: `Grade ${grade}` })),
    ],
  };
}

const LABELS: Readonly<Record<Filter, string>> = { team: 'Team', division: 'Division', grade: 'Grade' };

/** Team, division and grade of the list; only what somebody in it has. Folded behind a button on phones. */
export function ListFilters({ people }: { people: readonly Facts[] }) {
  const [params, set] = useUrlFilters();
  const choices = choicesOf(people);
  const [open, setOpen] = useState(false);
  const id = useId();
  const chosen = FILTERS.filter((filter) => params.get(filter)).length;
  return (
    <>
      <div className="px-5 pb-3.5 sm:hidden">
        <Button small aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
          <SlidersHorizontal size={14} aria-hidden /> {chosen === 0 ? 'Filters' : `Filters (${chosen})`}
        </Button>
      </div>
      <fieldset
        id={id}
        className={classNames('flex flex-wrap items-center gap-2 px-5 pb-3.5', !open && 'max-sm:hidden')}
        aria-label="Filters of the list"
      >
        {FILTERS.map((filter) => (
          <SelectField
            key={filter}
            label={LABELS[filter]}
            value={params.get(filter) ?? ''}
            onChange={(value) => set({ [filter]: value, page: null })}
            options={choices[filter]}
          />
        ))}
        {isFiltered(params) && (
          <Button look="ghost" small onClick={() => set({ ...LIFTED, page: null })}>
            <X size={14} aria-hidden /> Clear filters
          </Button>
        )}
      </fieldset>
    </>
  );
}
