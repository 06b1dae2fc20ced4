import type { AdviceView, SyncHealthView } from '#shared/score-sync/contract.ts';
import type { SettingsView } from '#shared/settings/contract.ts';
import { count, counted } from '#shared/kernel/format.ts';
import { useApi } from '#web/shared/api/api-context.ts';
import { isConflict } from '#web/shared/api/api-error.ts';
import { Effect } from '#web/shared/settings/effect-panel.tsx';
import { shownValue, fieldOf } from '#web/shared/settings/setting-fields.ts';
import { previewQuery, settingsQuery, updateSettings } from '#web/shared/settings/settings-api.ts';
import { settingsPatchOf, settingValuesOf, stillNeeded } from '#web/shared/settings/setting-values.ts';
import { Button, ButtonLink } from '#web/shared/ui/button.tsx';
import { CsvButton } from '#web/shared/ui/csv-button.tsx';
import { Dialog } from '#web/shared/ui/dialog.tsx';
import { TextInput } from '#web/shared/ui/inputs.tsx';
import { ActFailure, LoadFailure, Note } from '#web/shared/ui/note.tsx';
import { Empty, Fold, Panel, SkeletonRows } from '#web/shared/ui/panel.tsx';
import { showToast } from '#web/shared/ui/toasts.ts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Lightbulb } from 'lucide-react';
import { useRef, useState } from 'react';
import { dismissAdvice, SYNC_HEALTH_KEY } from './sync-health-api.ts';
import { adviceBasis, adviceTitle, adviceWhy, changeWords } from './sync-health-labels.ts';

/** What an admin might change, what it is based on, and a try that shows its effect first. */
export function TuningAdvice({ health, asOf }: { health: SyncHealthView; asOf: string }) {
  const queries = useQueryClient();
  const api = useApi();
  const [trying, setTrying] = useState<AdviceView | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const facts = { slaHours: health.lag.slaHours, perDay: health.calls.budget.perDay };
  const open = health.advice.filter(({ dismissedAt }) => dismissedAt === null);
  const dismissed = health.advice.filter(({ dismissedAt }) => dismissedAt !== null);
  const dismiss = useMutation({
    mutationFn: (act: { readonly code: AdviceView['code']; readonly dismissed: boolean }) =>
      dismissAdvice(api, act),
    onSettled: () => void queries.invalidateQueries({ queryKey: SYNC_HEALTH_KEY }),
    onSuccess: (_, act) => {
      // The line with the button goes away.
      heading.current?.focus();
      if (act.dismissed)
        showToast(
          'ok',
          'Advice dismissed',
          'It comes back when it gets worse, or when its setting is changed.',
        );
    },
  });
  const act = (code: AdviceView['code'], away: boolean) => {
    if (!dismiss.isPending) dismiss.mutate({ code, dismissed: away });
  };
  return (
    <Panel label="Tuning advice">
      <div className="panel-head pb-3">
        <h2 ref={heading} tabIndex={-1}>
          Tuning advice
        </h2>
        <span className="as-of">of the last 7 days; nothing changes by itself</span>
        <div className="end">
          {health.advice.length > 0 && (
            <CsvButton
              caption="Tuning advice"
              columns={[
                { name: 'Advice', of: adviceTitle },
                { name: 'Why', of: adviceWhy },
                { name: 'Based on', of: (one) => adviceBasis(one, facts) },
                { name: 'Change', of: ({ change }) => (change === null ? null : changeWords(change)) },
                { name: 'Dismissed', at: ({ dismissedAt }) => dismissedAt },
              ]}
              rows={health.advice}
              asOf={asOf}
            />
          )}
        </div>
      </div>
      {dismiss.isError && (
        <div className="px-4 pb-3 sm:px-5">
          <ActFailure title="Not changed" error={dismiss.error} />
        </div>
      )}
      {open.length === 0 ? (
        <Empty kind="never" title={dismissed.length === 0 ? 'Nothing to change' : 'Nothing new to change'}>
          {health.days.length === 0
            ? 'Advice needs reads to be based on.'
            : 'Reads come back in time, few fail, and the calls of a day are enough.'}
        </Empty>
      ) : (
        <ul aria-label="Advice">
          {open.map((advice) => (
            <li
              key={advice.code}
              className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-2 border-t border-line px-4 py-3.5 sm:px-5"
            >
              <Lightbulb size={16} strokeWidth={1.75} className="mt-0.5 text-accent-text" aria-hidden />
              <div className="grid gap-1">
                <h3 className="text-14 font-medium">{adviceTitle(advice)}</h3>
                <p className="text-13 text-text-2">{adviceWhy(advice)}</p>
                <p className="text-12 text-muted">
                  <b className="font-medium text-text-2">Based on</b> {adviceBasis(advice, facts)}
                </p>
                <div className="mt-1.5 flex flex-wrap gap-2">
                  {advice.change !== null && (
                    <Button
                      small
                      onClick={() => setTrying(advice)}
                      aria-label={`Try: ${adviceTitle(advice)}`}
                    >
                      Try
                    </Button>
                  )}
                  <Button
                    small
                    look="ghost"
                    aria-disabled={dismiss.isPending || undefined}
                    onClick={() => act(advice.code, true)}
                    aria-label={`Dismiss: ${adviceTitle(advice)}`}
                  >
                    Dismiss
                  </Button>
                </div>
              </div>
            </li>
          ))}
        </ul>
      )}
      {dismissed.length > 0 && (
        <Fold summary={`${count(dismissed.length)} dismissed`}>
          <ul className="grid gap-2 px-4 pb-4 sm:px-5" aria-label="Dismissed advice">
            {dismissed.map((advice) => (
              <li key={advice.code} className="flex flex-wrap items-center gap-2">
                <span className="min-w-0 flex-1">{adviceTitle(advice)}</span>
                <Button
                  small
                  aria-disabled={dismiss.isPending || undefined}
                  onClick={() => act(advice.code, false)}
                  aria-label={`Bring back: ${adviceTitle(advice)}`}
                >
                  Bring back
                </Button>
              </li>
            ))}
          </ul>
        </Fold>
      )}
      {trying?.change && <TryDialog advice={trying} change={trying.change} onClose={() => setTrying(null)} />}
    </Panel>
  );
}

interface TryProps {
  readonly advice: AdviceView;
  readonly change: NonNullable<AdviceView['change']>;
  readonly onClose: () => void;
}

function TryDialog({ advice, change, onClose }: TryProps) {
  const settings = useQuery({ ...settingsQuery(useApi()), staleTime: 0 });
  return (
    <Dialog title={adviceTitle(advice)} onClose={onClose}>
      {settings.data === undefined ? (
        settings.isError ? (
          <LoadFailure
            what="The settings"
            safe="Nothing was changed."
            error={settings.error}
            retrying={settings.isFetching}
            onRetry={() => void settings.refetch()}
          />
        ) : (
          <SkeletonRows label="the effect" rows={4} />
        )
      ) : (
        <TryForm settings={settings.data} advice={advice} change={change} onClose={onClose} />
      )}
    </Dialog>
  );
}

/** The effect first, then the save: with the version that the effect is of, so that nobody's change is lost. */
function TryForm({ settings, advice, change, onClose }: TryProps & { settings: SettingsView }) {
  const api = useApi();
  const queries = useQueryClient();
  const [reason, setReason] = useState('');
  const [accepted, setAccepted] = useState(false);
  const [tried, setTried] = useState(false);
  const [overtaken, setOvertaken] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const field = fieldOf(change.path);
  const base = settingValuesOf(settings);
  const values = field === undefined ? base : { ...base, [change.path]: shownValue(field, change.to) };
  const already = base[change.path] === values[change.path];
  const preview = useQuery(
    previewQuery(api, { version: settings.version, patch: settingsPatchOf(values, base) }),
  );
  const needed = stillNeeded(preview.data, { values, base }, { reason, accepted });
  const save = useMutation({
    mutationFn: () =>
      updateSettings(api, {
        version: settings.version,
        patch: settingsPatchOf(values, base, { reason, acceptInfeasible: accepted }),
      }),
    onSuccess: (saved) => {
      queries.setQueryData(settingsQuery(api).queryKey, saved);
      void queries.invalidateQueries({ queryKey: ['settings-preview'] });
      void queries.invalidateQueries({ queryKey: SYNC_HEALTH_KEY });
      showToast(
        'ok',
        `${adviceTitle(advice)}: saved`,
        'Every worker follows within 10 seconds. Undo it from the audit log.',
      );
      onClose();
    },
    onError: async (error) => {
      if (!isConflict(error)) return;
      setOvertaken(true);
      await queries.fetchQuery({ ...settingsQuery(api), staleTime: 0 });
    },
  });
  const submit = () => {
    if (save.isPending || preview.data === undefined || already) return;
    setTried(true);
    if (needed.reason || needed.accept)
      requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
    else save.mutate();
  };
  return (
    <form
      ref={form}
      noValidate
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <p className="text-13 text-text-2">
        {changeWords(change)}. It holds for the whole program until someone changes it again.
      </p>
      {overtaken && (
        <Note tone="warning" title="Someone changed the settings meanwhile" said="at once">
          Nothing was saved. What is below is worked out with their settings; look at it, then save again.
        </Note>
      )}
      {already ? (
        <Note tone="neutral" title="This is how it is set already" said="when free">
          Someone else saved it. There is nothing left to do.
        </Note>
      ) : (
        <div className="overflow-hidden rounded-2 border border-line">
          {preview.data === undefined ? (
            preview.isError ? (
              <LoadFailure
                what="The effect"
                error={preview.error}
                retrying={preview.isFetching}
                onRetry={() => void preview.refetch()}
              />
            ) : (
              <SkeletonRows label="the effect" rows={4} />
            )
          ) : (
            <Effect preview={preview.data} changed />
          )}
        </div>
      )}
      {!already && (
        <>
          <TextInput
            label="Reason, for the audit log"
            required={needed.slower}
            value={reason}
            onChange={setReason}
            error={tried && needed.reason ? 'Say why in a few words.' : undefined}
            hint={
              needed.slower
                ? 'Someone will wait longer. Say why; no names or other personal data.'
                : 'No names or other personal data.'
            }
            autoComplete="off"
            maxLength={200}
          />
          {needed.broken && (
            <div className="labeled">
              <label className="choice">
                <input
                  type="checkbox"
                  checked={accepted}
                  aria-invalid={(tried && needed.accept) || undefined}
                  onChange={(event) => setAccepted(event.target.checked)}
                />
                Save although this cannot be kept
              </label>
              {tried && needed.accept && (
                <span className="bad">Tick this, or change what cannot be kept.</span>
              )}
            </div>
          )}
        </>
      )}
      {save.isError && !isConflict(save.error) && (
        <ActFailure title="Not saved" error={save.error} again="The effect is still here." />
      )}
      <div className="flex flex-wrap justify-end gap-2">
        <ButtonLink look="ghost" to="/settings">
          Open Settings
        </ButtonLink>
        <Button onClick={onClose}>{already ? 'Close' : 'Cancel'}</Button>
        {!already && (
          <Button
            look="primary"
            type="submit"
            aria-disabled={save.isPending || preview.data === undefined || undefined}
          >
            {save.isPending ? 'Saving' : `Save ${counted(1, 'change')}`}
          </Button>
        )}
      </div>
    </form>
  );
}
