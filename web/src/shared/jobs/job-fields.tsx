import { useQuery } from '@tanstack/react-query';
import { useApi } from '../api/api-context.ts';
import { coachesQuery } from '../identity/coaches.tsx';
import { SelectInput, TextInput } from '../ui/inputs.tsx';
import {
  aboutStart,
  firstDryRun,
  optionsOf,
  STARTABLE,
  taskName,
  type StartFormValues,
} from './start-options.ts';

const SWITCHES = {
  full: 'Read all solves again, not only new ones',
  everyone: 'Ask everyone, even without an open event',
  dryRun: 'Dry run: look and count, change nothing',
  acceptDays: 'Start even if it takes more than today’s calls',
} as const;

interface JobFieldsProps<T extends StartFormValues> {
  readonly values: T;
  readonly onChange: (values: T) => void;
  /** What is wrong with the competitor's id. */
  readonly missing: string | undefined;
}

/** Which job, and what can be said to it. */
export function JobFields<T extends StartFormValues>({ values, onChange, missing }: JobFieldsProps<T>) {
  const fields = optionsOf(values.taskType);
  const set = (change: Partial<StartFormValues>) => onChange({ ...values, ...change });
  return (
    <>
      <SelectInput
        label="Job"
        value={values.taskType}
        onChange={(chosen) => {
          const taskType = STARTABLE.find((type) => type === chosen);
          if (taskType !== undefined) set({ taskType, dryRun: firstDryRun(taskType) });
        }}
        hint={aboutStart(values.taskType)}
        options={STARTABLE.map((value) => ({ value, text: taskName(value) }))}
      />
      {fields.includes('coachId') && (
        <CoachChoice value={values.coachId} onChange={(coachId) => set({ coachId })} />
      )}
      {fields.includes('competitorId') && (
        <TextInput
          label="Competitor’s id"
          value={values.competitorId}
          onChange={(competitorId) => set({ competitorId })}
          error={missing}
          autoComplete="off"
          required
        />
      )}
      {(['full', 'everyone', 'dryRun', 'acceptDays'] as const)
        .filter((field) => fields.includes(field))
        .map((field) => (
          <label key={field} className="choice">
            <input
              type="checkbox"
              checked={values[field]}
              onChange={(event) => set({ [field]: event.target.checked })}
            />
            {SWITCHES[field]}
          </label>
        ))}
    </>
  );
}

function CoachChoice({ value, onChange }: { value: string; onChange: (coachId: string) => void }) {
  const coaches = useQuery(coachesQuery(useApi()));
  return (
    <SelectInput
      label="For"
      value={value}
      onChange={onChange}
      hint={coaches.isError ? 'The coaches could not be loaded. Close the form and try again.' : undefined}
      options={[
        { value: '', text: 'All coaches' },
        ...(coaches.data ?? []).map((coach) => ({ value: coach.id, text: `${coach.name}, ${coach.school}` })),
      ]}
    />
  );
}
