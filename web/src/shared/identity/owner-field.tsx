import { useQuery } from '@tanstack/react-query';
import { useApi } from '../api/api-context.ts';
import { SelectInput } from '../ui/inputs.tsx';
import { coachesQuery } from './coaches.tsx';

interface OwnerFieldProps {
  readonly value: string;
  readonly onChange: (coachId: string) => void;
  readonly error: string | undefined;
}

/** An admin says whose a new competitor or team is. */
export function OwnerField({ value, onChange, error }: OwnerFieldProps) {
  const coaches = useQuery(coachesQuery(useApi()));
  return (
    <SelectInput
      label="Coach"
      value={value}
      onChange={onChange}
      error={error}
      hint={coaches.isError ? 'The coaches could not be loaded. Close the form and try again.' : undefined}
      options={[
        { value: '', text: 'Choose a coach' },
        ...(coaches.data ?? []).map((coach) => ({ value: coach.id, text: `${coach.name}, ${coach.school}` })),
      ]}
    />
  );
}
