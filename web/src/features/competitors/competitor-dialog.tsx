import { divisionName, plainDay } from '#shared/kernel/format.ts';
import type { CompetitorView } from '#shared/competitors/contract.ts';
import { useApi } from '#web/shared/api/api-context.ts';
import { fieldErrorOf, isConflict } from '#web/shared/api/api-error.ts';
import { useKeyRing } from '#web/shared/api/idempotency-key.ts';
import { ConflictForm } from '#web/shared/forms/conflict-form.tsx';
import { conflictOf, mergedValues } from '#web/shared/forms/conflict.ts';
import { DraftNote } from '#web/shared/forms/draft-note.tsx';
import { useDraft } from '#web/shared/forms/draft.ts';
import { OwnerField } from '#web/shared/identity/owner-field.tsx';
import { seesAllCoaches, useMe } from '#web/shared/identity/current-user.tsx';
import { useKeepCompetitor } from '#web/shared/roster/competitors.ts';
import { Dialog } from '#web/shared/ui/dialog.tsx';
import { SaveForm } from '#web/shared/ui/save-form.tsx';
import { showToast } from '#web/shared/ui/toasts.ts';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { createCompetitor, readCompetitor, updateCompetitor } from './competitor-api.ts';
import { CompetitorFields } from './competitor-fields.tsx';
import {
  bodyOf,
  EMPTY_FORM,
  formOf,
  type FormValues,
  formValuesSchema,
  patchOf,
} from './competitor-form-values.ts';
import { FIELD_LABELS } from './guided/queue.ts';

interface CompetitorDialogProps {
  /** The competitor to change; null makes a new one. */
  readonly competitor: CompetitorView | null;
  /** For an admin: whose competitor a new one is, where the list is narrowed to one coach. */
  readonly coachId: string | null;
  readonly onClose: () => void;
  readonly onSaved: (saved: CompetitorView) => void;
}

/** Create and edit. What is wrong stands beside its field; what was typed stays, also over another person's save. */
export function CompetitorDialog({ competitor, coachId, onClose, onSaved }: CompetitorDialogProps) {
  const api = useApi();
  const keep = useKeepCompetitor();
  const choosesOwner = seesAllCoaches(useMe()) && competitor === null;
  const [owner, setOwner] = useState(coachId ?? '');
  const [base, setBase] = useState(competitor);
  const [theirs, setTheirs] = useState<CompetitorView | null>(null);
  const draft = useDraft(`competitor:${competitor?.id ?? 'new'}`, formValuesSchema, () =>
    competitor === null ? EMPTY_FORM : formOf(competitor),
  );
  const keys = useKeyRing();
  const saved = (done: CompetitorView) => {
    draft.drop();
    keep.now(done);
    showToast('ok', `${done.firstName} ${done.lastName} is saved`, nextStep(done));
    onSaved(done);
  };
  const save = useMutation({
    mutationFn: ({ on, values }: { on: CompetitorView | null; values: FormValues }) =>
      on === null
        ? createCompetitor(api, {
            body: bodyOf(values),
            coachId: choosesOwner && owner !== '' ? owner : null,
            idempotencyKey: keys.current(),
          })
        : updateCompetitor(api, { id: on.id, version: on.version, body: patchOf(values, on) }),
    onSuccess: saved,
    onError: async (error, { on }) => {
      if (on === null || !isConflict(error)) return;
      keep.again(on.id);
      setTheirs(await readCompetitor(api)(on.id));
    },
    onSettled: (_saved, error) => keys.settle(error ?? undefined),
  });
  const errorOf = (field: string) => fieldErrorOf(save.error, field);
  const unchanged = base !== null && Object.keys(patchOf(draft.values, base)).length === 0;
  const close = () => {
    draft.drop();
    onClose();
  };
  if (base !== null && theirs !== null) {
    const conflict = conflictOf(formOf(base), draft.values, formOf(theirs));
    return (
      <Dialog title="Edit competitor" unsaved onClose={close}>
        <ConflictForm
          name={`${base.firstName} ${base.lastName}`}
          conflict={conflict}
          mine={draft.values}
          theirs={formOf(theirs)}
          labelOf={(field) => FORM_LABELS[field] ?? field}
          textOf={textOf}
          saving={save.isPending}
          onSave={(choices) => {
            const values = mergedValues(formOf(theirs), draft.values, conflict, choices);
            draft.set(values);
            setBase(theirs);
            setTheirs(null);
            if (Object.keys(patchOf(values, theirs)).length === 0) saved(theirs);
            else save.mutate({ on: theirs, values });
          }}
          onBack={() => setTheirs(null)}
        />
      </Dialog>
    );
  }
  return (
    <Dialog
      title={competitor === null ? 'Add a competitor' : 'Edit competitor'}
      unsaved={draft.backFrom !== null}
      onClose={close}
    >
      <SaveForm
        what="this competitor"
        action={competitor === null ? 'Add competitor' : 'Save changes'}
        saving={save.isPending}
        error={save.error}
        unchanged={unchanged}
        onSave={() => save.mutate({ on: base, values: draft.values })}
        onClose={close}
      >
        <DraftNote draft={draft} />
        {choosesOwner && <OwnerField value={owner} onChange={setOwner} error={errorOf('coachId')} />}
        <CompetitorFields
          values={draft.values}
          onChange={draft.set}
          errorOf={errorOf}
          editing={competitor !== null}
        />
      </SaveForm>
    </Dialog>
  );
}

const FORM_LABELS: Readonly<Record<string, string>> = {
  ...FIELD_LABELS,
  adult: '18 or older',
  active: 'Active',
};

function textOf(field: string, value: string | boolean): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (value === '') return 'empty';
  if (field === 'division') return divisionName(value);
  return field.endsWith('Date') ? plainDay(value) : value;
}

function nextStep(saved: CompetitorView): string {
  const first = saved.missing[0];
  if (saved.onHold !== null) return 'On hold: scores are not read.';
  if (first !== undefined) return `Still to do: ${first.message}`;
  return saved.status === 'compliance' ? 'Ready to add to the Game Platform.' : 'Nothing is missing.';
}
