import { valueText } from '#web/shared/settings/setting-fields.ts';
import { OctagonAlert, Undo2 } from 'lucide-react';
import { useId } from 'react';
import { Button } from '#web/shared/ui/button.tsx';
import type { SettingField } from '#web/shared/settings/setting-fields.ts';
import { type SettingValues } from '#web/shared/settings/setting-values.ts';

type Value = SettingValues[string];

export interface SettingRowProps {
  readonly field: SettingField;
  readonly value: Value | undefined;
  readonly saved: Value | undefined;
  /** What is wrong with the value. */
  readonly error: string | undefined;
  /** Does nothing as the switches are. */
  readonly idle: boolean;
  readonly onChange: (value: Value) => void;
}

/** The bar of changes must not cover what has the focus. */
const KEEPS_CLEAR = 'sm:scroll-mb-96';

/** One setting: what it is, what it does, its value, and what it was. */
export function SettingRow({ field, value, saved, error, idle, onChange }: SettingRowProps) {
  const id = useId();
  const changed = value !== saved;
  const notes = [`${id}-hint`, ...(error === undefined ? [] : [`${id}-bad`])].join(' ');
  const common = { id, 'aria-describedby': notes, 'aria-invalid': error !== undefined || undefined };
  return (
    <div
      className={`grid gap-x-6 gap-y-2 border-t border-line px-4 py-3.5 sm:grid-cols-[minmax(0,1fr)_auto] sm:px-5 ${changed ? 'shadow-[inset_2px_0_0_var(--accent)]' : ''}`}
    >
      <div className="min-w-0">
        <label htmlFor={id} className="text-14 font-medium">
          {field.label}
        </label>
        <p id={`${id}-hint`} className="text-13 text-text-2">
          {field.hint}
          {idle && ' Not used as the switches are now.'}
        </p>
      </div>
      <div className="labeled grid content-start justify-items-start sm:justify-items-end">
        <span className="flex items-center gap-2">
          {typeof value === 'boolean' ? (
            <span className="choice">
              <input
                {...common}
                type="checkbox"
                role="switch"
                aria-checked={value}
                className={KEEPS_CLEAR}
                checked={value}
                onChange={(event) => onChange(event.target.checked)}
              />
              <span aria-hidden>{value ? 'On' : 'Off'}</span>
            </span>
          ) : (
            <>
              <span className={field.kind === 'day' ? 'field !w-44' : 'field !w-32'}>
                <input
                  {...common}
                  type={field.kind === 'day' ? 'date' : 'text'}
                  inputMode={field.kind === 'day' ? undefined : 'numeric'}
                  autoComplete="off"
                  className={field.kind === 'day' ? KEEPS_CLEAR : `${KEEPS_CLEAR} text-right`}
                  value={value ?? ''}
                  onChange={(event) => onChange(event.target.value)}
                />
              </span>
              {field.unit !== undefined && <span className="min-w-20 text-13">{field.unit}</span>}
            </>
          )}
        </span>
        {changed && saved !== undefined && (
          <span className="flex flex-wrap items-center gap-2 text-12 text-muted">
            was {valueText(field.path, saved)}
            <Button
              small
              look="ghost"
              aria-label={`Put back ${field.label}: ${valueText(field.path, saved)}`}
              onClick={() => onChange(saved)}
            >
              <Undo2 size={14} aria-hidden /> Put back
            </Button>
          </span>
        )}
        {error !== undefined && (
          <span className="bad" id={`${id}-bad`}>
            <OctagonAlert size={14} aria-hidden /> {error}
          </span>
        )}
      </div>
    </div>
  );
}
