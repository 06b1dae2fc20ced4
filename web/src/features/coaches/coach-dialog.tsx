import type { CoachView } from '#shared/coaches/contract.ts';
import { useApi } from '#web/shared/api/api-context.ts';
import { fieldErrorOf } from '#web/shared/api/api-error.ts';
import { useKeyRing } from '#web/shared/api/idempotency-key.ts';
import { DraftNote } from '#web/shared/forms/draft-note.tsx';
import { useDraft } from '#web/shared/forms/draft.ts';
import { Dialog } from '#web/shared/ui/dialog.tsx';
import { TextInput } from '#web/shared/ui/inputs.tsx';
import { SaveForm } from '#web/shared/ui/save-form.tsx';
import { showToast } from '#web/shared/ui/toasts.ts';
import { useMutation } from '@tanstack/react-query';
import { createCoach, updateCoach, useKeepCoach } from './coach-api.ts';
import { coachBodyOf, coachFormOf, coachFormSchema, coachPatchOf, EMPTY_COACH } from './coach-form-values.ts';

interface CoachDialogProps {
  /** The coach to change; null adds one. */
  readonly coach: CoachView | null;
  readonly onClose: () => void;
  readonly onSaved: (saved: CoachView) => void;
}

/** Add and edit. The email is the sign-in, so it is asked for once. */
export function CoachDialog({ coach, onClose, onSaved }: CoachDialogProps) {
  const api = useApi();
  const keep = useKeepCoach();
  const draft = useDraft(`coach:${coach?.id ?? 'new'}`, coachFormSchema, () =>
    coach === null ? EMPTY_COACH : coachFormOf(coach),
  );
  const { values: form, set: setForm } = draft;
  const close = () => {
    draft.drop();
    onClose();
  };
  const keys = useKeyRing();
  const save = useMutation({
    mutationFn: () =>
      coach === null
        ? createCoach(api, { body: coachBodyOf(form), idempotencyKey: keys.current() })
        : updateCoach(api, { id: coach.id, change: coachPatchOf(form, coach) }),
    onSuccess: (saved) => {
      draft.drop();
      keep.now(saved);
      showToast(
        'ok',
        coach === null ? `${saved.name} is invited` : `${saved.name} is saved`,
        coach === null
          ? 'An email with sign-in instructions is on its way.'
          : 'It applies from the next page on.',
      );
      onSaved(saved);
    },
    onSettled: (_saved, error) => keys.settle(error ?? undefined),
  });
  const field = (name: 'name' | 'email' | 'school') => ({
    value: form[name],
    error: fieldErrorOf(save.error, name),
    onChange: (value: string) => setForm({ ...form, [name]: value }),
  });
  return (
    <Dialog
      title={coach === null ? 'Add a coach' : 'Edit coach'}
      unsaved={draft.backFrom !== null}
      onClose={close}
    >
      <SaveForm
        what="this coach"
        action={coach === null ? 'Add and invite' : 'Save changes'}
        saving={save.isPending}
        error={save.error}
        unchanged={coach !== null && Object.keys(coachPatchOf(form, coach)).length === 0}
        onSave={save.mutate}
        onClose={close}
      >
        <DraftNote draft={draft} />
        <TextInput label="Name" required autoComplete="off" maxLength={120} {...field('name')} />
        {coach === null ? (
          <TextInput
            label="Email"
            type="email"
            required
            autoComplete="off"
            maxLength={254}
            hint="The invitation goes there, and the coach signs in with it. You cannot change it later."
            {...field('email')}
          />
        ) : (
          <p className="text-13 text-text-2">Signs in as {coach.email}, which cannot be changed.</p>
        )}
        <TextInput label="School or club" required autoComplete="off" maxLength={160} {...field('school')} />
        <label className="choice">
          <input
            type="checkbox"
            checked={form.onboarding}
            onChange={(event) => setForm({ ...form, onboarding: event.target.checked })}
          />
          Can add competitors to the Game Platform
        </label>
      </SaveForm>
    </Dialog>
  );
}
