import { DIVISIONS } from '#shared/competitors/contract.ts';
import { CoachFilter } from '../../shared/identity/coach-filter.tsx';
import { divisionName } from '../../shared/format/divisions.ts';
import { SelectField } from '../../shared/ui/select-field.tsx';
import { useUrlFilters } from '../../shared/ui/use-url-filters.ts';
import { DEFAULT_PERIOD, periodOf, PERIODS } from './period.ts';

const DIVISION_OPTIONS = [
  { value: '', text: 'All divisions' },
  ...DIVISIONS.map((value) => ({ value, text: divisionName(value) })),
];
const PERIOD_OPTIONS = PERIODS.map(({ id, text }) => ({ value: id, text }));

/** Coach (for admins), division, period: kept in the address. */
export function DashboardFilters() {
  const [params, set] = useUrlFilters();
  return (
    <fieldset className="tools" aria-label="Filters">
      <CoachFilter />
      <SelectField
        label="Division"
        value={params.get('division') ?? ''}
        onChange={(division) => set({ division })}
        options={DIVISION_OPTIONS}
      />
      <SelectField
        label="Period"
        value={periodOf(params.get('period')).id}
        onChange={(period) => set({ period: period === DEFAULT_PERIOD.id ? null : period })}
        options={PERIOD_OPTIONS}
      />
    </fieldset>
  );
}
