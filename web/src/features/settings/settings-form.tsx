import type { SettingsView } from '#shared/settings/contract.ts';
import { useApi } from '#web/shared/api/api-context.ts';
import { ApiError, isConflict } from '#web/shared/api/api-error.ts';
import { ConflictForm } from '#web/shared/forms/conflict-form.tsx';
import { conflictOf, mergedValues } from '#web/shared/forms/conflict.ts';
import { DraftNote } from '#web/shared/forms/draft-note.tsx';
import { useDraft } from '#web/shared/forms/draft.ts';
import { useConfig } from '#web/shared/identity/config.ts';
import { ButtonLink } from '#web/shared/ui/button.tsx';
import { Dialog } from '#web/shared/ui/dialog.tsx';
import { Panel } from '#web/shared/ui/panel.tsx';
import { showToast } from '#web/shared/ui/toasts.ts';
import { counted } from '#shared/kernel/format.ts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import * as z from 'zod';
import { EffectPanel } from '#web/shared/settings/effect-panel.tsx';
import { ProcessingPanel } from './processing-panel.tsx';
import { SaveBar } from './save-bar.tsx';
import { FIELDS, fieldOf, PROCESSING, SECTIONS, valueText } from '#web/shared/settings/setting-fields.ts';
import { SettingRow } from './setting-row.tsx';
import { problemOfPath } from '#web/shared/settings/setting-effects.ts';
import {
  changedPaths,
  fieldProblem,
  settingsPatchOf,
  settingValuesOf,
  settingValuesSchema,
  stillNeeded,
  type SettingValues,
} from '#web/shared/settings/setting-values.ts';
import { previewQuery, settingsQuery, updateSettings } from '#web/shared/settings/settings-api.ts';

/** What is typed, and what it was typed over, so that a change by someone else meanwhile is seen. */
const draftSchema = z.object({
  values: settingValuesSchema,
  base: settingValuesSchema,
  version: z.number(),
});
type Draft = z.infer<typeof draftSchema>;

/** A preview follows what is typed after this long without a key. */
const TYPING_MS = 350;

function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  const text = JSON.stringify(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(JSON.parse(text)), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

/** What the server found wrong, by path. */
const serverProblems = (error: unknown): ReadonlyMap<string, string> =>
  new Map(
    error instanceof ApiError && error.facts.code === 'VALIDATION_FAILED'
      ? (error.facts.fieldErrors ?? []).map(({ path }) => [path, problemOfPath(path)])
      : [],
  );

interface SettingsFormProps {
  readonly settings: SettingsView;
  /** Values of an earlier change that are to be put back; null: none. */
  readonly putBack: SettingValues | null;
}

const unchanged = (settings: SettingsView): Draft => {
  const values = settingValuesOf(settings);
  return { values, base: values, version: settings.version };
};

/** All settings in one form: changes gather in the bar below, with what they do, and are saved together. */
export function SettingsForm({ settings, putBack }: SettingsFormProps) {
  const api = useApi();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { timeZone } = useConfig();
  const draft = useDraft('settings', draftSchema, () => unchanged(settings));
  // Nothing is typed: what is saved now is shown, whenever it was loaded.
  const typed = changedPaths(draft.values.values, draft.values.base).length > 0;
  const shown = typed ? draft.values : unchanged(settings);
  const { values, base } = shown;
  const [theirs, setTheirs] = useState<SettingsView | null>(null);
  const [reason, setReason] = useState('');
  const [accepted, setAccepted] = useState(false);
  const [tried, setTried] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const focusWrong = () =>
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
  const onPutBack = useEffectEvent((old: SettingValues) => {
    draft.set({ ...shown, values: { ...values, ...old } });
    // Once: a reload keeps what came with the address.
    void navigate('.', { replace: true, state: null });
  });
  useEffect(() => {
    if (putBack !== null) onPutBack(putBack);
  }, [putBack]);

  const paths = changedPaths(values, base);
  const local = new Map(
    FIELDS.flatMap((field) => {
      const problem = fieldProblem(field, values[field.path]);
      return problem === undefined ? [] : [[field.path, problem] as const];
    }),
  );
  const patch = useSettled(local.size > 0 ? null : settingsPatchOf(values, base));
  const preview = useQuery({
    ...previewQuery(api, { version: shown.version, patch: patch ?? { acceptInfeasible: false } }),
    enabled: patch !== null,
  });
  const known = preview.data;

  const showTheirs = async () => setTheirs(await queries.fetchQuery({ ...settingsQuery(api), staleTime: 0 }));

  const save = useMutation({
    mutationFn: async (on: Draft) => {
      // Of just this change: the one on screen may still be that of the last key but one.
      const asked = { version: on.version, patch: settingsPatchOf(on.values, on.base) };
      const effect = await queries.fetchQuery(previewQuery(api, asked));
      if (effect.version !== on.version) return { stale: true } as const;
      const needed = stillNeeded(effect, on, { reason, accepted });
      if (needed.reason || needed.accept) return { stale: false } as const;
      const change = settingsPatchOf(on.values, on.base, { reason, acceptInfeasible: accepted });
      return updateSettings(api, { version: on.version, patch: change });
    },
    onSuccess: async (saved, on) => {
      if ('stale' in saved) {
        if (saved.stale) await showTheirs();
        else focusWrong();
        return;
      }
      queries.setQueryData(settingsQuery(api).queryKey, saved);
      void queries.invalidateQueries({ queryKey: ['settings-preview'] });
      draft.set(unchanged(saved));
      draft.drop();
      setReason('');
      setAccepted(false);
      setTried(false);
      const many = changedPaths(on.values, on.base).length;
      showToast('ok', `${counted(many, 'setting')} saved`, 'Every worker follows within 10 seconds.');
    },
    onError: async (error) => {
      focusWrong();
      if (isConflict(error)) await showTheirs();
    },
  });

  const problems = new Map([...serverProblems(preview.error), ...serverProblems(save.error), ...local]);
  const needed = stillNeeded(known, shown, { reason, accepted });
  const discard = () => {
    draft.set(unchanged(settings));
    draft.drop();
    setReason('');
    setAccepted(false);
    setTried(false);
    save.reset();
  };
  const set = (path: string, value: SettingValues[string]) => {
    save.reset();
    draft.set({ ...shown, values: { ...values, [path]: value } });
  };
  const submit = () => {
    if (save.isPending || paths.length === 0) return;
    setTried(true);
    if (local.size > 0) focusWrong();
    else save.mutate(shown);
  };
  const row = (path: string) => ({
    value: values[path],
    saved: base[path],
    error: problems.get(path),
    onChange: (value: SettingValues[string]) => set(path, value),
  });

  return (
    <>
      <form
        ref={form}
        noValidate
        className="grid gap-(--gutter)"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {typed && <DraftNote draft={{ backFrom: draft.backFrom, reset: discard }} />}
        <ProcessingPanel processing={settings.processing} {...row(PROCESSING.path)} />
        <div className="grid items-start gap-(--gutter) lg:grid-cols-[minmax(0,2fr)_minmax(18rem,1fr)]">
          <div className="grid gap-(--gutter)">
            {SECTIONS.map(({ title, detail, fields }) => (
              <Panel key={title} label={title}>
                <div className="panel-head pb-3.5">
                  <h2>{title}</h2>
                  {detail !== undefined && <span className="as-of">{detail}</span>}
                </div>
                {fields.map((field) => (
                  <SettingRow
                    key={field.path}
                    field={field}
                    idle={field.under?.some((path) => values[path] === false) === true}
                    {...row(field.path)}
                  />
                ))}
                {title === 'Season and activity' && (
                  <p className="panel-foot">
                    Days are those of the program’s time zone, {timeZone}, which is set at deploy.
                  </p>
                )}
              </Panel>
            ))}
          </div>
          <div className="grid gap-(--gutter) lg:sticky lg:top-20">
            <EffectPanel
              preview={known}
              changes={paths.length}
              busy={preview.isFetching}
              error={preview.error}
              onRetry={() => void preview.refetch()}
            />
            <Panel label="Coach by coach">
              <div className="panel-head">
                <h2>Coach by coach</h2>
              </div>
              <div className="panel-body grid justify-items-start gap-3 text-13 text-text-2">
                <p>Who may add competitors to the Game Platform is switched on for each coach.</p>
                <ButtonLink small to="/coaches">
                  Open Coaches
                </ButtonLink>
              </div>
            </Panel>
          </div>
        </div>
        {paths.length > 0 && (
          <SaveBar
            paths={paths}
            values={values}
            base={base}
            preview={known}
            reason={reason}
            onReason={setReason}
            reasonNeeded={needed.slower}
            reasonError={tried && needed.reason ? 'Say why in a few words.' : undefined}
            accepted={accepted}
            onAccept={setAccepted}
            acceptError={tried && needed.accept ? 'Tick this, or change what cannot be kept.' : undefined}
            broken={needed.broken}
            wrong={problems.size}
            saving={save.isPending}
            error={
              save.error !== null && !isConflict(save.error) && serverProblems(save.error).size === 0
                ? save.error
                : null
            }
            onDiscard={discard}
          />
        )}
      </form>
      {theirs !== null && (
        <Conflict
          base={base}
          mine={values}
          theirs={theirs}
          saving={save.isPending}
          onSave={(merged) => {
            const over = { ...unchanged(theirs), values: merged };
            setTheirs(null);
            if (changedPaths(merged, over.base).length === 0) {
              discard();
              return;
            }
            draft.set(over);
            save.mutate(over);
          }}
          onClose={() => setTheirs(null)}
        />
      )}
    </>
  );
}

interface ConflictProps {
  readonly base: SettingValues;
  readonly mine: SettingValues;
  readonly theirs: SettingsView;
  readonly saving: boolean;
  readonly onSave: (merged: SettingValues) => void;
  readonly onClose: () => void;
}

function Conflict({ base, mine, theirs, saving, onSave, onClose }: ConflictProps) {
  const saved = settingValuesOf(theirs);
  const conflict = conflictOf(base, mine, saved);
  return (
    <Dialog title="Settings" onClose={onClose}>
      <ConflictForm
        name="the settings"
        conflict={conflict}
        mine={mine}
        theirs={saved}
        labelOf={(path) => fieldOf(path)?.label ?? path}
        textOf={valueText}
        saving={saving}
        onSave={(choices) => onSave(mergedValues(saved, mine, conflict, choices))}
        onBack={onClose}
      />
    </Dialog>
  );
}
