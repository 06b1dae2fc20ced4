import type { JobDetailView } from '#shared/jobs/contract.ts';
import { useApi } from '#web/shared/api/api-context.ts';
import { useKeyRing } from '#web/shared/api/idempotency-key.ts';
import { taskName } from '#web/shared/jobs/start-options.ts';
import { Button } from '#web/shared/ui/button.tsx';
import { Dialog } from '#web/shared/ui/dialog.tsx';
import { ActFailure } from '#web/shared/ui/note.tsx';
import { showToast } from '#web/shared/ui/toasts.ts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Ban, RotateCcw } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { cancelJob, JOB_LIST_KEY, jobKey, retryJob } from './job-api.ts';
import { mayCancel, mayRetry, retryLabel } from './job-labels.ts';
import { asksBeforeRetry } from './job-types.ts';

/** What can be done with a job in its state: try it again, or cancel it. */
export function JobActions({ job }: { job: JobDetailView }) {
  const [asking, setAsking] = useState<'retry' | 'cancel' | null>(null);
  const done = () => setAsking(null);
  const retry = useAct(job, retryJob, 'The job goes on', 'What failed or was left over is done again.', done);
  const cancel = useAct(job, cancelJob, 'The job is canceled', 'What was already done stays.', done);
  const close = () => {
    retry.reset();
    cancel.reset();
    done();
  };
  const retryable = mayRetry(job);
  const cancellable = mayCancel(job);
  if (!retryable && !cancellable) return null;
  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap gap-2">
        {retryable && (
          <Button
            small
            aria-disabled={retry.isPending || undefined}
            onClick={() => {
              if (retry.isPending) return;
              if (asksBeforeRetry(job)) setAsking('retry');
              else retry.mutate();
            }}
          >
            <RotateCcw size={14} aria-hidden /> {retry.isPending ? 'Asking' : 'Try again'}
          </Button>
        )}
        {cancellable && (
          <Button small onClick={() => setAsking('cancel')}>
            <Ban size={14} aria-hidden /> Cancel the job
          </Button>
        )}
      </div>
      {asking === null && retry.isError && <ActFailure title="Not done" error={retry.error} />}
      {asking === 'retry' && (
        <Ask
          title={`Try “${taskName(job.taskType)}” again?`}
          act="Try again"
          stay="Close"
          mutation={retry}
          onClose={close}
        >
          <p>{retryLabel(job)}</p>
        </Ask>
      )}
      {asking === 'cancel' && (
        <Ask
          title={`Cancel “${taskName(job.taskType)}”?`}
          act="Cancel the job"
          stay="Let it run"
          mutation={cancel}
          onClose={close}
        >
          <p>Parts that have not started never will. One that is running stops before its next step.</p>
          <p>What is done stays and is counted. Retry the job later to do the rest.</p>
        </Ask>
      )}
    </div>
  );
}

function useAct(
  job: JobDetailView,
  act: typeof retryJob | typeof cancelJob,
  title: string,
  text: string,
  onDone: () => void,
) {
  const api = useApi();
  const queries = useQueryClient();
  const keys = useKeyRing();
  return useMutation({
    mutationFn: async (): Promise<void> => {
      await act(api, { id: job.id, idempotencyKey: keys.current() });
    },
    onSuccess: () => {
      showToast('ok', title, text);
      onDone();
    },
    onSettled: (_done, error) => {
      keys.settle(error ?? undefined);
      void queries.invalidateQueries({ queryKey: jobKey(job.id) });
      void queries.invalidateQueries({ queryKey: JOB_LIST_KEY });
    },
  });
}

interface AskProps {
  readonly title: string;
  readonly act: string;
  readonly stay: string;
  readonly mutation: ReturnType<typeof useAct>;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

function Ask({ title, act, stay, mutation, onClose, children }: AskProps) {
  return (
    <Dialog title={title} onClose={onClose}>
      <div className="grid gap-3 text-13 text-text-2">{children}</div>
      {mutation.isError && <ActFailure title="Not done" error={mutation.error} />}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>{stay}</Button>
        <Button
          look="primary"
          aria-disabled={mutation.isPending || undefined}
          onClick={() => {
            if (!mutation.isPending) mutation.mutate();
          }}
        >
          {mutation.isPending ? 'Asking' : act}
        </Button>
      </div>
    </Dialog>
  );
}
