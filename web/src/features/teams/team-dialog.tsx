import { DIVISIONS } from '#shared/competitors/contract.ts';
import { teamRoutes, type TeamView } from '#shared/teams/contract.ts';
import { useApi } from '#web/shared/api/api-context.ts';
import { fieldErrorOf, isConflict } from '#web/shared/api/api-error.ts';
import { readRoute } from '#web/shared/api/call-route.ts';
import { useKeyRing } from '#web/shared/api/idempotency-key.ts';
import { divisionName } from '#shared/kernel/format.ts';
import { ConflictForm } from '#web/shared/forms/conflict-form.tsx';
import { conflictOf, mergedValues } from '#web/shared/forms/conflict.ts';
import { DraftNote } from '#web/shared/forms/draft-note.tsx';
import { useDraft } from '#web/shared/forms/draft.ts';
import { OwnerField } from '#web/shared/identity/owner-field.tsx';
import { seesAllCoaches, useMe } from '#web/shared/identity/current-user.tsx';
import { Dialog } from '#web/shared/ui/dialog.tsx';
import { SelectInput, TextInput } from '#web/shared/ui/inputs.tsx';
import { Note } from '#web/shared/ui/note.tsx';
import { SaveForm } from '#web/shared/ui/save-form.tsx';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { createTeam, updateTeam, useKeepTeam } from './team-api.ts';
import { type TeamBody, teamBodySchema, teamFormOf, teamPatchOf, trimmed } from './team-form-values.ts';

interface TeamDialogProps {
  /** The team to change; null makes a new one. */
  readonly team: TeamView | null;
  /** For an admin: whose team a new one is, where the list is narrowed to one coach. */
  readonly coachId: string | null;
  readonly onClose: () => void;
  readonly onSaved: (saved: TeamView) => void;
}

const LABELS: Readonly<Record<string, string>> = {
  name: 'Team name',
  affiliation: 'Affiliation',
  division: 'Division',
};

const DIVISION_OPTIONS = DIVISIONS.map((value) => ({ value, text: divisionName(value) }));

/** Create and edit. The server's field errors stand at their fields; what was typed stays. */
export function TeamDialog({ team, coachId, onClose, onSaved }: TeamDialogProps) {
  const api = useApi();
  const me = useMe();
  const keep = useKeepTeam();
  const choosesOwner = seesAllCoaches(me) && team === null;
  const [owner, setOwner] = useState(coachId ?? '');
  const [base, setBase] = useState(team);
  const [theirs, setTheirs] = useState<TeamView | null>(null);
  const draft = useDraft<TeamBody>(`team:${team?.id ?? 'new'}`, teamBodySchema, () =>
    team === null
      ? { name: '', affiliation: me.coach?.school ?? '', division: 'high_school' }
      : teamFormOf(team),
  );
  const keys = useKeyRing();
  const saved = (done: TeamView) => {
    draft.drop();
    keep.now(done);
    onSaved(done);
  };
  const save = useMutation({
    mutationFn: ({ on, values }: { on: TeamView | null; values: TeamBody }) =>
      on === null
        ? createTeam(api, {
            body: trimmed(values),
            coachId: choosesOwner && owner !== '' ? owner : null,
            idempotencyKey: keys.current(),
          })
        : updateTeam(api, { id: on.id, version: on.version, body: teamPatchOf(values, on) }),
    onSuccess: saved,
    onError: async (error, { on }) => {
      if (on === null || !isConflict(error)) return;
      keep.again(on.id);
      setTheirs(await readRoute(api, teamRoutes.getTeam, { params: { id: on.id } }));
    },
    onSettled: (_saved, error) => keys.settle(error ?? undefined),
  });
  const field = (name: keyof TeamBody) => ({
    value: draft.values[name],
    error: fieldErrorOf(save.error, name),
    onChange: (value: string) => draft.set({ ...draft.values, [name]: value }),
  });
  const unchanged = base !== null && Object.keys(teamPatchOf(draft.values, base)).length === 0;
  const close = () => {
    draft.drop();
    onClose();
  };
  if (base !== null && theirs !== null) {
    const conflict = conflictOf(teamFormOf(base), draft.values, teamFormOf(theirs));
    return (
      <Dialog title="Edit team" unsaved onClose={close}>
        <ConflictForm
          name={base.name}
          conflict={conflict}
          mine={draft.values}
          theirs={teamFormOf(theirs)}
          labelOf={(name) => LABELS[name] ?? name}
          textOf={(name, value) => (name === 'division' ? divisionName(String(value)) : String(value))}
          saving={save.isPending}
          onSave={(choices) => {
            const values = mergedValues(teamFormOf(theirs), draft.values, conflict, choices);
            draft.set(values);
            setBase(theirs);
            setTheirs(null);
            if (Object.keys(teamPatchOf(values, theirs)).length === 0) saved(theirs);
            else save.mutate({ on: theirs, values });
          }}
          onBack={() => setTheirs(null)}
        />
      </Dialog>
    );
  }
  return (
    <Dialog
      title={team === null ? 'New team' : 'Edit team'}
      unsaved={draft.backFrom !== null}
      onClose={close}
    >
      <SaveForm
        what="this team"
        action={team === null ? 'Create team' : 'Save changes'}
        saving={save.isPending}
        error={save.error}
        unchanged={unchanged}
        onSave={() => save.mutate({ on: base, values: draft.values })}
        onClose={close}
      >
        <DraftNote draft={draft} />
        {choosesOwner && (
          <OwnerField value={owner} onChange={setOwner} error={fieldErrorOf(save.error, 'coachId')} />
        )}
        <TextInput label="Team name" required autoComplete="off" maxLength={100} {...field('name')} />
        <TextInput
          label="Affiliation"
          required
          autoComplete="off"
          maxLength={100}
          hint="The school or club, as it is shown on the platform."
          {...field('affiliation')}
        />
        <SelectInput label="Division" options={DIVISION_OPTIONS} {...field('division')} />
        {team !== null && team.badge.lastSuccessAt !== null && (
          <Note tone="neutral" title="The platform keeps what it has">
            <p>The platform cannot change a team. What you change here will show as a difference there.</p>
          </Note>
        )}
      </SaveForm>
    </Dialog>
  );
}
