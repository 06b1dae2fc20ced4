import type { CompetitorView } from '#shared/competitors/contract.ts';
import { useApi } from '#web/shared/api/api-context.ts';
import { ApiError, fieldErrorOf } from '#web/shared/api/api-error.ts';
import { useKeyRing } from '#web/shared/api/idempotency-key.ts';
import { OwnerField } from '#web/shared/identity/coaches.tsx';
import { seesAllCoaches, useMe } from '#web/shared/identity/current-user.tsx';
import { useKeepCompetitor } from '#web/shared/roster/competitors.ts';
import { Dialog } from '#web/shared/ui/dialog.tsx';
import { SaveForm } from '#web/shared/ui/save-form.tsx';
import { showToast } from '#web/shared/ui/toasts.ts';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { createCompetitor, updateCompetitor } from './competitor-api.ts';
import { CompetitorFields } from './competitor-fields.tsx';
import { bodyOf, EMPTY_FORM, formOf, patchOf } from './competitor-form-values.ts';

interface CompetitorDialogProps {
  /** The competitor to change; null makes a new one. */
  readonly competitor: CompetitorView | null;
  /** For an admin: whose competitor a new one is, where the list is narrowed to one coach. */
  readonly coachId: string | null;
  readonly onClose: () => void;
  readonly onSaved: (saved: CompetitorView) => void;
}

/** Create and edit. The server's field errors stand at their fields; what was typed stays. */
export function CompetitorDialog({ competitor, coachId, onClose, onSaved }: CompetitorDialogProps) {
  const api = useApi();
  const keep = useKeepCompetitor();
  const choosesOwner = seesAllCoaches(useMe()) && competitor === null;
  const [owner, setOwner] = useState(coachId ?? '');
  const [values, setValues] = useState(() => (competitor === null ? EMPTY_FORM : formOf(competitor)));
  const keys = useKeyRing();
  const save = useMutation({
    mutationFn: () =>
      competitor === null
        ? createCompetitor(api, {
            body: bodyOf(values),
            coachId: choosesOwner && owner !== '' ? owner : null,
            idempotencyKey: keys.current(),
          })
        : updateCompetitor(api, {
            id: competitor.id,
            version: competitor.version,
            body: patchOf(values, competitor),
          }),
    onSuccess: (saved) => {
      keep.now(saved);
      showToast('ok', `${saved.firstName} ${saved.lastName} is saved`, nextStep(saved));
      onSaved(saved);
    },
    onError: (error) => {
      if (competitor !== null && error instanceof ApiError && error.facts.status === 412)
        keep.again(competitor.id);
    },
    onSettled: (_saved, error) => keys.settle(error ?? undefined),
  });
  const errorOf = (field: string) => fieldErrorOf(save.error, field);
  const unchanged = competitor !== null && Object.keys(patchOf(values, competitor)).length === 0;
  return (
    <Dialog title={competitor === null ? 'Add a competitor' : 'Edit competitor'} onClose={onClose}>
      <SaveForm
        what="this competitor"
        action={competitor === null ? 'Add competitor' : 'Save changes'}
        saving={save.isPending}
        error={save.error}
        unchanged={unchanged}
        onSave={save.mutate}
        onClose={onClose}
      >
        {choosesOwner && <OwnerField value={owner} onChange={setOwner} error={errorOf('coachId')} />}
        <CompetitorFields
          values={values}
          onChange={setValues}
          errorOf={errorOf}
          editing={competitor !== null}
        />
      </SaveForm>
    </Dialog>
  );
}

function nextStep(saved: CompetitorView): string {
  const first = saved.missing[0];
  if (saved.onHold !== null) return 'On hold: scores are not read.';
  if (first !== undefined) return `Still to do: ${first.message}`;
  return saved.status === 'compliance' ? 'Ready to add to the Game Platform.' : 'Nothing is missing.';
}
