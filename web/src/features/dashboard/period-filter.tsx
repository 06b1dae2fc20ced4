import { addDays } from '#shared/kernel/days.ts';
import { dayIn } from '#shared/kernel/format.ts';
import { useNow } from '#web/shared/format/time.ts';
import { useConfig } from '#web/shared/identity/config.ts';
import { SelectField, useUrlFilters } from '#web/shared/ui/filters.tsx';
import { ownRangeOf } from './filters.ts';
import { DEFAULT_PERIOD, OWN_PERIOD, periodOf, PERIODS } from './period.ts';

const OPTIONS = [...PERIODS, OWN_PERIOD].map(({ id, text }) => ({ value: id, text }));

/** A period by its name, or any days. `shown`: the range of the figures on the page, from where choosing days begins. */
export function PeriodFilter({
  shown,
}: {
  shown: { readonly from: string; readonly to: string } | undefined;
}) {
  const { timeZone } = useConfig();
  const today = dayIn(timeZone, useNow());
  const [params, set] = useUrlFilters();
  const { id } = periodOf(params.get('period'));
  const { from, to, problem } = ownRangeOf(params.get('from') ?? '', params.get('to') ?? '');
  const dayField = (name: 'from' | 'to', label: string, value: string) => (
    <label className="field">
      <input
        type="date"
        aria-label={label}
        aria-invalid={problem !== null || undefined}
        aria-describedby={problem === null ? undefined : 'period-problem'}
        value={value}
        onChange={(event) => set({ [name]: event.target.value })}
      />
    </label>
  );
  return (
    <>
      <SelectField
        label="Period"
        value={id}
        onChange={(period) =>
          set({
            period: period === DEFAULT_PERIOD.id ? null : period,
            from: period === 'own' ? (shown?.from ?? addDays(today, -29)) : null,
            to: period === 'own' ? (shown?.to ?? today) : null,
            page: null,
          })
        }
        options={OPTIONS}
      />
      {id === 'own' && (
        <>
          {dayField('from', 'First day', from)}
          {dayField('to', 'Last day', to)}
          {problem !== null && (
            <p id="period-problem" role="alert" className="w-full text-12 text-error">
              {problem} The last 30 days are shown.
            </p>
          )}
        </>
      )}
    </>
  );
}
