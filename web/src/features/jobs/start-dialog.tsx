import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '#web/shared/api/api-context.ts';
import { useKeyRing } from '#web/shared/api/idempotency-key.ts';
import { startJob } from '#web/shared/jobs/job-api.ts';
import { coachesQuery } from '#web/shared/identity/coaches.tsx';
import { Dialog } from '#web/shared/ui/dialog.tsx';
import { SelectInput, TextInput } from '#web/shared/ui/inputs.tsx';
import { SaveForm } from '#web/shared/ui/save-form.tsx';
import { showToast } from '#web/shared/ui/toasts.ts';
import { JOB_LIST_KEY } from './job-api.ts';
import {
  aboutStart,
  FIRST_VALUES,
  optionsOf,
  payloadOf,
  STARTABLE,
  taskName,
  type StartFormValues,
} from './job-types.ts';

interface StartDialogProps {
  readonly onClose: () => void;
  readonly onStarted: (jobId: string) => void;
}

const SWITCHES = {
  full: 'Read all solves again, not only new ones',
  everyone: 'Ask everyone, even without an open event',
  dryRun: 'Dry run: look and count, change nothing',
  acceptDays: 'Start even if it takes more than today’s calls',
} as const;

/** Any job that an admin may start, with what can be said to it. */
export function StartDialog({ onClose, onStarted }: StartDialogProps) {
  const api = useApi();
  const queries = useQueryClient();
  const [values, setValues] = useState<StartFormValues>(FIRST_VALUES);
  const [missing, setMissing] = useState<string | undefined>();
  const keys = useKeyRing();
  const start = useMutation({
    mutationFn: (payload: Record<string, unknown>) =>
      startJob(api, { taskType: values.taskType, payload, idempotencyKey: keys.current() }),
    onSuccess: ({ jobId }) => {
      showToast(
        'ok',
        `${taskName(values.taskType)}: started`,
        'It runs automatically. You can leave this page.',
      );
      void queries.invalidateQueries({ queryKey: JOB_LIST_KEY });
      onStarted(jobId);
    },
    onSettled: (_started, error) => keys.settle(error ?? undefined),
  });
  const set = (change: Partial<StartFormValues>) => {
    setMissing(undefined);
    setValues({ ...values, ...change });
  };
  const fields = optionsOf(values.taskType);
  return (
    <Dialog title="Start a job" onClose={onClose}>
      <SaveForm
        what="this job"
        action="Start"
        saving={start.isPending}
        error={start.error}
        onClose={onClose}
        onSave={() => {
          const result = payloadOf(values);
          if ('payload' in result) start.mutate(result.payload);
          else setMissing(result.missing);
        }}
      >
        <SelectInput
          label="Job"
          value={values.taskType}
          onChange={(chosen) => {
            const taskType = STARTABLE.find((type) => type === chosen);
            if (taskType !== undefined) set({ taskType });
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
      </SaveForm>
    </Dialog>
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
