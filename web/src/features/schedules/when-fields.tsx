import { TextInput, SelectInput } from '#web/shared/ui/inputs.tsx';
import { DAY_CHOICES, isUnit, KINDS, UNITS, type When } from './when.ts';

const KIND_NAMES: Readonly<Record<When['kind'], string>> = {
  every: 'Every …',
  days: 'On days',
  once: 'Once',
  expression: 'Expression',
};
const UNIT_OPTIONS = UNITS.map((value) => ({ value, text: `${value}s` }));

interface WhenFieldsProps {
  readonly when: When;
  readonly expression: string;
  readonly error: string | undefined;
  readonly onWhen: (when: When) => void;
  readonly onExpression: (expression: string) => void;
}

/** When it runs: by fields of one of three kinds, or by the expression itself. */
export function WhenFields({ when, expression, error, onWhen, onExpression }: WhenFieldsProps) {
  const set = (change: Partial<When>) => onWhen({ ...when, ...change });
  const [choices, known] = [DAY_CHOICES, DAY_CHOICES.some(({ value }) => value === when.days)];
  return (
    <fieldset className="grid gap-3">
      <legend className="pb-1.5 text-13 font-medium">When</legend>
      <div className="segments w-fit">
        {KINDS.map((kind) => (
          <button key={kind} type="button" aria-pressed={kind === when.kind} onClick={() => set({ kind })}>
            {KIND_NAMES[kind]}
          </button>
        ))}
      </div>
      {when.kind === 'every' && (
        <div className="grid gap-3 sm:grid-cols-2">
          <TextInput
            label="Every"
            inputMode="numeric"
            required
            autoComplete="off"
            maxLength={6}
            value={when.every}
            error={error}
            onChange={(every) => set({ every })}
          />
          <SelectInput
            label="Unit"
            value={when.unit}
            options={UNIT_OPTIONS}
            onChange={(unit) => isUnit(unit) && set({ unit })}
          />
        </div>
      )}
      {when.kind === 'days' && (
        <div className="grid gap-3 sm:grid-cols-2">
          <SelectInput
            label="Days"
            value={known ? when.days : '* ?'}
            options={choices}
            onChange={(days) => set({ days })}
          />
          <TextInput
            label="Time"
            type="time"
            required
            value={when.time}
            error={error}
            onChange={(time) => set({ time })}
          />
        </div>
      )}
      {when.kind === 'once' && (
        <div className="grid gap-3 sm:grid-cols-2">
          <TextInput
            label="Day"
            type="date"
            required
            value={when.date}
            error={error}
            hint="It is deleted after this one run."
            onChange={(date) => set({ date })}
          />
          <TextInput label="Time" type="time" required value={when.time} onChange={(time) => set({ time })} />
        </div>
      )}
      {when.kind === 'expression' && (
        <TextInput
          label="Expression"
          required
          autoComplete="off"
          maxLength={256}
          value={expression}
          error={error}
          hint="cron(minute hour day month weekday year), rate(5 minutes) or at(2026-12-01T09:00:00)"
          onChange={onExpression}
        />
      )}
      {when.kind !== 'expression' && (
        <p className="text-12 text-muted">
          Saved as <span className="mono">{expression}</span>
        </p>
      )}
    </fieldset>
  );
}
