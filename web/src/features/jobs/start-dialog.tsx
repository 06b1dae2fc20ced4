import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '#web/shared/api/api-context.ts';
import { useKeyRing } from '#web/shared/api/idempotency-key.ts';
import { startJob } from '#web/shared/jobs/job-api.ts';
import { JobFields } from '#web/shared/jobs/job-fields.tsx';
import { FIRST_VALUES, payloadOf, taskName, type StartFormValues } from '#web/shared/jobs/start-options.ts';
import { Dialog } from '#web/shared/ui/dialog.tsx';
import { SaveForm } from '#web/shared/ui/save-form.tsx';
import { showToast } from '#web/shared/ui/toasts.ts';
import { estimateQuery, JOB_LIST_KEY } from './job-api.ts';
import { estimateWords } from './job-labels.ts';

interface StartDialogProps {
  readonly onClose: () => void;
  readonly onStarted: (jobId: string) => void;
}

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
  const set = (changed: StartFormValues) => {
    setMissing(undefined);
    setValues(changed);
  };
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
        <JobFields values={values} onChange={set} missing={missing} />
        <Estimate values={values} />
      </SaveForm>
    </Dialog>
  );
}

/** What the job would take, while its options are chosen. */
function Estimate({ values }: { values: StartFormValues }) {
  const result = payloadOf(values);
  const asked = 'payload' in result ? { taskType: values.taskType, payload: result.payload } : null;
  const estimate = useQuery(estimateQuery(useApi(), asked));
  if (asked === null) return null;
  return (
    <div className="grid gap-1 rounded-2 border border-line bg-surface-2 px-4 py-3 text-13">
      <b className="font-strong">What it takes</b>
      <output className={estimate.isPlaceholderData ? 'text-muted' : 'text-text-2'}>
        {estimate.isError
          ? 'It could not be worked out. The job can be started anyway.'
          : estimate.data
            ? estimateWords(values.taskType, estimate.data)
            : 'Working it out.'}
      </output>
      {estimate.data?.refusal && <p className="text-warning">{estimate.data.refusal}</p>}
    </div>
  );
}
