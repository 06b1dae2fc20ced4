import { type ReactNode, useEffect, useRef } from 'react';
import { counted, plural } from '#shared/kernel/format.ts';
import { ApiError } from '../api/api-error.ts';
import { isUndecided } from '../api/idempotency-key.ts';
import { Button } from './button.tsx';
import { Note, RequestId } from './note.tsx';

interface SaveFormProps {
  /** What is saved, for the words of a conflict: "this team". */
  readonly what: string;
  /** Words of the button that saves. */
  readonly action: string;
  readonly saving: boolean;
  /** Why the last try did not work; null while there was none. */
  readonly error: Error | null;
  /** There is nothing to save, so that the button does nothing. */
  readonly unchanged?: boolean;
  readonly onSave: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** The form of a dialog: fields, why it was not saved, and two buttons. What was typed stays. */
export function SaveForm({
  what,
  action,
  saving,
  error,
  unchanged = false,
  onSave,
  onClose,
  children,
}: SaveFormProps) {
  const pressable = !saving && !unchanged;
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (error !== null) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [error]);
  return (
    <form
      ref={form}
      className="grid gap-4"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (pressable) onSave();
      }}
    >
      {children}
      {error !== null && <SaveFailure what={what} error={error} />}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button look="primary" type="submit" aria-disabled={!pressable || undefined}>
          {saving ? 'Saving' : action}
        </Button>
      </div>
    </form>
  );
}

function SaveFailure({ what, error }: { what: string; error: Error }) {
  const facts = error instanceof ApiError ? error.facts : null;
  const undecided = isUndecided(error);
  const wrong = facts?.fieldErrors?.length ?? 0;
  if (wrong > 0) {
    return (
      <output className="text-13 text-error">
        Not saved. {counted(wrong, 'field')} {plural(wrong, 'needs', 'need')} a fix.
      </output>
    );
  }
  return (
    <Note tone="error" title={undecided ? 'No answer yet' : 'Not saved'} said="at once">
      <p>
        {facts?.status === 412
          ? `Someone else changed ${what} in the meantime. Close the form, look at it again, then repeat your change.`
          : (facts?.message ?? 'Something went wrong on this page.')}
        {undecided ? ' What you typed is still here, and it is safe to try again.' : ''}
      </p>
      {facts?.requestId !== undefined && <RequestId id={facts.requestId} />}
    </Note>
  );
}
