import type { Alert } from '#shared/alerts/contract.ts';
import { useAlerts, useAlertsAgain, wakeAlert } from '#web/shared/alerts/alerts.ts';
import { useApi } from '#web/shared/api/api-context.ts';
import { messageOf } from '#web/shared/api/api-error.ts';
import { count, counted, moment, nearDayInside } from '#shared/kernel/format.ts';
import { useNow } from '#web/shared/format/time.ts';
import { useConfig } from '#web/shared/identity/config.ts';
import { seesAllCoaches, useMe } from '#web/shared/identity/current-user.tsx';
import { Badge } from '#web/shared/ui/badge.tsx';
import { Button, ButtonLink } from '#web/shared/ui/button.tsx';
import { useUrlFilters } from '#web/shared/ui/filters.tsx';
import { LoadFailure } from '#web/shared/ui/note.tsx';
import { Empty, Fold, Panel, SkeletonRows } from '#web/shared/ui/panel.tsx';
import { showToast } from '#web/shared/ui/toasts.ts';
import { useMutation } from '@tanstack/react-query';
import { AlarmClock, Clock, UserRound } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { buttonOf } from './alert-labels.ts';

const SnoozeDialog = lazy(() => import('./snooze-dialog.tsx'));

/** What is open, who acts, and the button for it. What was mended closes by itself. */
export function Alerts() {
  const [params] = useUrlFilters();
  const sees = seesAllCoaches(useMe());
  const coachId = sees ? params.get('coach') : null;
  const alerts = useAlerts(coachId);
  const { timeZone } = useConfig();
  const now = useNow();
  const [snoozing, setSnoozing] = useState<Alert | null>(null);
  const { data } = alerts;
  return (
    <Panel label="Alerts" busy={alerts.isPending}>
      <div className="panel-head">
        <h2>Alerts</h2>
        {data && (
          <p className="as-of">
            {count(data.counts.open)} open, {count(data.counts.ofCoach)} for {sees ? 'coaches' : 'you'}
            {data.counts.closed > 0 && `, ${count(data.counts.closed)} closed since yesterday`}
            {data.asOf !== null && `, as of ${moment(data.asOf, timeZone, now)}`}
          </p>
        )}
      </div>
      {alerts.isError && (
        <div className="px-5 pb-4">
          <LoadFailure
            what={data ? 'Newer alerts' : 'The alerts'}
            error={alerts.error}
            retrying={alerts.isFetching}
            onRetry={() => void alerts.refetch()}
          />
        </div>
      )}
      {alerts.isPending && <SkeletonRows label="alerts" rows={3} />}
      {data && data.items.length === 0 && (
        <Empty kind="never" title="No open alerts">
          {data.snoozed.length === 0
            ? 'When someone needs you, or something is late, it shows up here with what to do.'
            : `${counted(data.snoozed.length, 'alert')} ${data.snoozed.length === 1 ? 'is' : 'are'} snoozed.`}
        </Empty>
      )}
      {data && data.items.length > 0 && (
        <ul className="alert-list" aria-label="Open alerts">
          {data.items.map((alert) => (
            <OpenAlert key={alert.id} alert={alert} onSnooze={() => setSnoozing(alert)} />
          ))}
        </ul>
      )}
      {data && data.items.length < data.counts.open && (
        <p className="border-t border-line px-4 py-3 text-13 text-text-2 sm:px-5">
          These {count(data.items.length)} have waited longest. Choose a coach to see all of theirs.
        </p>
      )}
      {data && data.snoozed.length > 0 && (
        <Fold summary={<span>Snoozed: {data.snoozed.length}</span>}>
          <ul aria-label="Snoozed alerts">
            {data.snoozed.map((alert) => (
              <SnoozedAlert key={alert.id} alert={alert} />
            ))}
          </ul>
        </Fold>
      )}
      {snoozing && (
        <Suspense>
          <SnoozeDialog alert={snoozing} onClose={() => setSnoozing(null)} />
        </Suspense>
      )}
    </Panel>
  );
}

const LINE = 'flex flex-wrap items-start gap-x-4 gap-y-2.5 border-t border-line px-4 py-3.5 sm:px-5';

function OpenAlert({ alert, onSnooze }: { alert: Alert; onSnooze: () => void }) {
  const { timeZone } = useConfig();
  const now = useNow();
  const { text, to } = buttonOf(alert);
  const isMine = alert.actor === 'coach';
  const sees = seesAllCoaches(useMe());
  const coachActs = sees ? 'The coach acts' : 'You act';
  return (
    <li className={LINE}>
      <div className="min-w-0 flex-1 basis-64">
        <h3 className="text-14 font-medium">{alert.headline}</h3>
        <p className="text-13 text-text-2">{alert.sentence}</p>
        <p className="mt-1.5 flex flex-wrap items-center gap-2 text-12 text-muted">
          <Badge tone={isMine ? 'accent' : 'pending'} icon={isMine ? UserRound : Clock}>
            {isMine ? coachActs : 'The program acts'}
          </Badge>
          since {nearDayInside(alert.since, timeZone, now)}
        </p>
      </div>
      <div className="flex items-center gap-2">
        <ButtonLink small to={to} aria-label={`${text}: ${alert.headline}`}>
          {text}
        </ButtonLink>
        {!(sees && alert.subjectKind === 'program') && (
          <Button small look="ghost" iconOnly aria-label={`Snooze: ${alert.headline}`} onClick={onSnooze}>
            <AlarmClock size={16} aria-hidden />
          </Button>
        )}
      </div>
    </li>
  );
}

function SnoozedAlert({ alert }: { alert: Alert }) {
  const api = useApi();
  const { timeZone } = useConfig();
  const now = useNow();
  const again = useAlertsAgain();
  const wake = useMutation({
    mutationFn: () => wakeAlert(api, alert.id),
    onSuccess: () => showToast('ok', 'The alert is back', alert.headline),
    onError: (error) => showToast('error', 'The alert is still snoozed', messageOf(error)),
    onSettled: again,
  });
  return (
    <li className={LINE}>
      <div className="min-w-0 flex-1 basis-64">
        <h3 className="text-14 font-medium">{alert.headline}</h3>
        {alert.snoozedUntil !== null && (
          <p className="text-13 text-text-2">
            Snoozed until {nearDayInside(alert.snoozedUntil, timeZone, now)}, or until someone else needs the
            same thing.
          </p>
        )}
      </div>
      <Button
        small
        aria-label={`Wake: ${alert.headline}`}
        aria-disabled={wake.isPending || undefined}
        onClick={() => {
          if (!wake.isPending) wake.mutate();
        }}
      >
        Wake
      </Button>
    </li>
  );
}
