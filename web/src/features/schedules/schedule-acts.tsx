import type { ScheduleView } from '#shared/schedules/contract.ts';
import { useApi } from '#web/shared/api/api-context.ts';
import { ApiError } from '#web/shared/api/api-error.ts';
import { useKeyRing } from '#web/shared/api/idempotency-key.ts';
import { Button } from '#web/shared/ui/button.tsx';
import { Dialog } from '#web/shared/ui/dialog.tsx';
import { ActFailure } from '#web/shared/ui/note.tsx';
import { showToast } from '#web/shared/ui/toasts.ts';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useNavigate } from 'react-router';
import { deleteSchedule, runSchedule, updateSchedule, useKeepSchedule } from './schedule-api.ts';
import { scheduleTimes, scheduleTitle } from './schedule-labels.ts';

interface AskProps {
  readonly title: string;
  readonly action: string;
  readonly during: string;
  readonly failed: string;
  readonly pending: boolean;
  readonly error: Error | null;
  readonly onAct: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Says what an act does before it is done. */
const Ask = ({ title, action, during, failed, pending, error, onAct, onClose, children }: AskProps) => (
  <Dialog title={title} onClose={onClose}>
    <p className="text-13 text-text-2">{children}</p>
    {error !== null && <ActFailure title={failed} error={error} />}
    <div className="flex flex-wrap justify-end gap-2">
      <Button onClick={onClose}>Cancel</Button>
      <Button
        look="primary"
        aria-disabled={pending || undefined}
        onClick={() => {
          if (!pending) onAct();
        }}
      >
        {pending ? during : action}
      </Button>
    </div>
  </Dialog>
);

interface ActProps {
  readonly schedule: ScheduleView;
  readonly onClose: () => void;
}

/** Starts its job and goes there. */
export function RunDialog({ schedule, onClose }: ActProps) {
  const api = useApi();
  const keep = useKeepSchedule();
  const navigate = useNavigate();
  const keys = useKeyRing();
  const run = useMutation({
    mutationFn: () => runSchedule(api, { name: schedule.name, idempotencyKey: keys.current() }),
    onSuccess: ({ jobId }) => {
      keep.again();
      showToast('ok', `${scheduleTitle(schedule)} is started`, 'It runs by itself. You can leave this page.');
      void navigate(`/jobs/${encodeURIComponent(jobId)}`);
    },
    onSettled: (_started, error) => keys.settle(error ?? undefined),
  });
  return (
    <Ask
      title={`Run ${scheduleTitle(schedule)} now?`}
      action="Run now"
      during="Starting"
      failed="Not started"
      pending={run.isPending}
      error={run.error}
      onAct={run.mutate}
      onClose={onClose}
    >
      It starts once, right away, in your name. Its times stay as they are: {scheduleTimes(schedule)}.
    </Ask>
  );
}

/** Only of an admin's own. */
export function DeleteDialog({ schedule, onClose }: ActProps) {
  const api = useApi();
  const keep = useKeepSchedule();
  const gone = () => {
    keep.gone(schedule.name);
    showToast('ok', `${scheduleTitle(schedule)} is deleted`, 'Jobs that it started stay.');
    onClose();
  };
  const remove = useMutation({
    mutationFn: () => deleteSchedule(api, schedule.name),
    onSuccess: gone,
    onError: (error) => {
      // An earlier try may have worked without our hearing of it.
      if (error instanceof ApiError && error.facts.status === 404) gone();
    },
  });
  return (
    <Ask
      title={`Delete ${scheduleTitle(schedule)}?`}
      action="Delete schedule"
      during="Deleting"
      failed="Not deleted"
      pending={remove.isPending}
      error={remove.error}
      onAct={remove.mutate}
      onClose={onClose}
    >
      It will not run again. Jobs that it started stay. This cannot be undone; to keep it for later, switch it
      off instead.
    </Ask>
  );
}

/** On again by one press, off likewise; only what is built in is asked about, since others rely on it. */
export function useSwitch() {
  const api = useApi();
  const keep = useKeepSchedule();
  return useMutation({
    mutationFn: ({ name, version, enabled }: ScheduleView) =>
      updateSchedule(api, { name, version, patch: { enabled: !enabled } }),
    onSuccess: (saved) => {
      keep.now(saved);
      showToast(
        'ok',
        `${scheduleTitle(saved)} is ${saved.enabled ? 'on' : 'off'}`,
        saved.enabled ? `${scheduleTimes(saved)}.` : 'It does not run until you switch it on again.',
      );
    },
    onError: keep.again,
  });
}

export function SwitchOffDialog({
  schedule,
  change,
  onClose,
}: ActProps & { readonly change: ReturnType<typeof useSwitch> }) {
  return (
    <Ask
      title={`Switch ${scheduleTitle(schedule)} off?`}
      action="Switch off"
      during="Switching off"
      failed="Not switched off"
      pending={change.isPending}
      error={change.error}
      onAct={() => change.mutate(schedule, { onSuccess: onClose })}
      onClose={onClose}
    >
      {schedule.taskType === null
        ? 'Jobs that wait, and work that got lost on its way, are not taken up again while it is off.'
        : 'It is built in: what it keeps up to date falls behind while it is off. You can still run it by hand.'}
    </Ask>
  );
}
