import { DIVISIONS } from '#shared/competitors/contract.ts';
import type { TeamView } from '#shared/teams/contract.ts';
import { useApi } from '#web/shared/api/api-context.ts';
import { ApiError, fieldErrorOf } from '#web/shared/api/api-error.ts';
import { useKeyRing } from '#web/shared/api/idempotency-key.ts';
import { divisionName } from '#shared/kernel/format.ts';
import { OwnerField } from '#web/shared/identity/coaches.tsx';
import { seesAllCoaches, useMe } from '#web/shared/identity/current-user.tsx';
import { Dialog } from '#web/shared/ui/dialog.tsx';
import { SelectInput, TextInput } from '#web/shared/ui/inputs.tsx';
import { Note } from '#web/shared/ui/note.tsx';
import { SaveForm } from '#web/shared/ui/save-form.tsx';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { createTeam, updateTeam, useKeepTeam } from './team-api.ts';
import { type TeamBody, teamFormOf, teamPatchOf, trimmed } from './team-form-values.ts';

interface TeamDialogProps {
  /** The team to change; null makes a new one. */
  readonly team: TeamView | null;
  /** For an admin: whose team a new one is, where the list is narrowed to one coach. */
  readonly coachId: string | null;
  readonly onClose: () => void;
  readonly onSaved: (saved: TeamView) => void;
}

const DIVISION_OPTIONS = DIVISIONS.map((value) => ({ value, text: divisionName(value) }));

/** Create and edit. The server's field errors stand at their fields; what was typed stays. */
export function TeamDialog({ team, coachId, onClose, onSaved }: TeamDialogProps) {
  const api = useApi();
  const me = useMe();
  const keep = useKeepTeam();
  const choosesOwner = seesAllCoaches(me) && team === null;
  const [owner, setOwner] = useState(coachId ?? '');
  const [values, setValues] = useState<TeamBody>(() =>
    team === null
      ? { name: '', affiliation: me.coach?.school ?? '', division: 'high_school' }
      : teamFormOf(team),
  );
  const keys = useKeyRing();
  const save = useMutation({
    mutationFn: () =>
      team === null
        ? createTeam(api, {
            body: trimmed(values),
            coachId: choosesOwner && owner !== '' ? owner : null,
            idempotencyKey: keys.current(),
          })
        : updateTeam(api, { id: team.id, version: team.version, body: teamPatchOf(values, team) }),
    onSuccess: (saved) => {
      keep.now(saved);
      onSaved(saved);
    },
    onError: (error) => {
      if (team !== null && error instanceof ApiError && error.facts.status === 412) keep.again(team.id);
    },
    onSettled: (_saved, error) => keys.settle(error ?? undefined),
  });
  const field = (name: keyof TeamBody) => ({
    value: values[name],
    error: fieldErrorOf(save.error, name),
    onChange: (value: string) => setValues({ ...values, [name]: value }),
  });
  const unchanged = team !== null && Object.keys(teamPatchOf(values, team)).length === 0;
  return (
    <Dialog title={team === null ? 'New team' : 'Edit team'} onClose={onClose}>
      <SaveForm
        what="this team"
        action={team === null ? 'Create team' : 'Save changes'}
        saving={save.isPending}
        error={save.error}
        unchanged={unchanged}
        onSave={save.mutate}
        onClose={onClose}
      >
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
