import type { SettingsPreview } from '#shared/settings/contract.ts';
import { counted } from '#shared/kernel/format.ts';
import { ArrowRight } from 'lucide-react';
import { Button } from '#web/shared/ui/button.tsx';
import { TextInput } from '#web/shared/ui/inputs.tsx';
import { ActFailure } from '#web/shared/ui/note.tsx';
import { changeEffect } from '#web/shared/settings/setting-effects.ts';
import { fieldOf, valueText } from '#web/shared/settings/setting-fields.ts';
import { type SettingValues } from '#web/shared/settings/setting-values.ts';

interface SaveBarProps {
  readonly paths: readonly string[];
  readonly values: SettingValues;
  readonly base: SettingValues;
  readonly preview: SettingsPreview | undefined;
  readonly reason: string;
  readonly onReason: (reason: string) => void;
  readonly reasonNeeded: boolean;
  readonly reasonError: string | undefined;
  readonly accepted: boolean;
  readonly onAccept: (accepted: boolean) => void;
  readonly acceptError: string | undefined;
  /** Some of the changes cannot be kept. */
  readonly broken: boolean;
  readonly wrong: number;
  readonly saving: boolean;
  /** Why the last try was not saved, where no field says so. */
  readonly error: Error | null;
  readonly onDiscard: () => void;
}

/** The changes that are not saved, what each does, why, and the page's one primary button. */
export function SaveBar(props: SaveBarProps) {
  const { paths, values, base, preview, broken, wrong, saving, error } = props;
  const changes = counted(paths.length, 'change');
  return (
    <section
      aria-label="Changes, not saved"
      className="panel border-line-strong sm:sticky sm:bottom-4 sm:z-10"
    >
      <div className="panel-head">
        <h2>{changes}, not saved</h2>
        <output className="text-12 text-error">
          {wrong > 0 ? `${counted(wrong, 'field')} ${wrong === 1 ? 'needs' : 'need'} a fix.` : ''}
        </output>
      </div>
      <div className="panel-body grid gap-4">
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- without it, nobody could scroll here by keyboard */}
        <ul className="grid max-h-28 gap-2 overflow-y-auto text-13" aria-label="Changes" tabIndex={0}>
          {paths.map((path) => (
            <li key={path} className="grid gap-x-4 sm:grid-cols-[12rem_14rem_minmax(0,1fr)]">
              <span className="font-medium">{fieldOf(path)?.label ?? path}</span>
              <span className="flex flex-wrap items-center gap-1.5">
                <span className="sr-only">from </span>
                <s className="text-muted">{valueText(path, base[path])}</s>
                <ArrowRight size={12} aria-hidden />
                <span className="sr-only">to </span>
                <b className="font-medium">{valueText(path, values[path])}</b>
              </span>
              <span className="text-text-2">
                {preview === undefined ? '' : changeEffect(path, preview, values[path] === true)}
              </span>
            </li>
          ))}
        </ul>
        <div className="grid items-start gap-3 border-t border-line pt-4 sm:grid-cols-[minmax(0,1fr)_auto]">
          <div className="grid gap-3">
            <TextInput
              label="Reason, for the audit log"
              required={props.reasonNeeded}
              value={props.reason}
              onChange={props.onReason}
              error={props.reasonError}
              hint={
                props.reasonNeeded
                  ? 'Someone will wait longer. Say why; no names or other personal data.'
                  : 'No names or other personal data.'
              }
              autoComplete="off"
              maxLength={200}
            />
            {broken && (
              <div className="labeled">
                <label className="choice">
                  <input
                    type="checkbox"
                    checked={props.accepted}
                    aria-invalid={props.acceptError !== undefined || undefined}
                    onChange={(event) => props.onAccept(event.target.checked)}
                  />
                  Save although this cannot be kept
                </label>
                {props.acceptError !== undefined && <span className="bad">{props.acceptError}</span>}
              </div>
            )}
          </div>
          <div className="flex flex-wrap justify-end gap-2 sm:pt-6">
            <Button look="ghost" onClick={props.onDiscard}>
              Discard all
            </Button>
            <Button look="primary" type="submit" aria-disabled={saving || undefined}>
              {saving ? 'Saving' : `Save ${changes}`}
            </Button>
          </div>
        </div>
        {error !== null && (
          <ActFailure title="Not saved" error={error} again="What you typed is still here." />
        )}
      </div>
    </section>
  );
}
