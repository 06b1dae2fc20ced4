import { DIVISIONS } from '#shared/competitors/contract.ts';
import { divisionName } from '#shared/kernel/format.ts';
import { SelectInput, TextInput } from '#web/shared/ui/inputs.tsx';
import type { FormValues, TextField } from './competitor-form-values.ts';

interface CompetitorFieldsProps {
  readonly values: FormValues;
  readonly onChange: (values: FormValues) => void;
  readonly errorOf: (field: string) => string | undefined;
  readonly editing: boolean;
}

const DIVISION_OPTIONS = [
  { value: '', text: 'Not known yet' },
  ...DIVISIONS.map((value) => ({ value, text: divisionName(value) })),
];

/** Only the names are needed to save; the rest is asked for on the way to the platform. */
export function CompetitorFields({ values, onChange, errorOf, editing }: CompetitorFieldsProps) {
  const field = (name: TextField) => ({
    value: values[name],
    error: errorOf(name),
    onChange: (value: string) => onChange({ ...values, [name]: value }),
  });
  return (
    <div className="form">
      <TextInput label="First name" required autoComplete="off" {...field('firstName')} />
      <TextInput label="Last name" required autoComplete="off" {...field('lastName')} />
      <TextInput label="Grade" inputMode="numeric" autoComplete="off" maxLength={2} {...field('grade')} />
      <SelectInput label="Division" options={DIVISION_OPTIONS} {...field('division')} />
      <div className="whole">
        <TextInput label="Email" type="email" autoComplete="off" {...field('email')} />
      </div>
      <label className="choice whole">
        <input
          type="checkbox"
          checked={values.adult}
          onChange={(event) => onChange({ ...values, adult: event.target.checked })}
        />
        18 or older
      </label>
      {values.adult ? (
        <>
          <TextInput label="School email" type="email" autoComplete="off" {...field('schoolEmail')} />
          <TextInput
            label="Participation agreement signed on"
            type="date"
            {...field('participationAgreementDate')}
          />
        </>
      ) : (
        <>
          <TextInput label="Guardian’s name" autoComplete="off" {...field('guardianName')} />
          <TextInput label="Guardian’s email" type="email" autoComplete="off" {...field('guardianEmail')} />
          <TextInput label="Media release signed on" type="date" {...field('mediaReleaseDate')} />
        </>
      )}
      {editing && (
        <label className="choice whole">
          <input
            type="checkbox"
            checked={values.active}
            onChange={(event) => onChange({ ...values, active: event.target.checked })}
          />
          Active (when off, the record stays, but scores are not read or counted)
        </label>
      )}
    </div>
  );
}
