import type { CompetitorView } from '#shared/competitors/contract.ts';
import { useApi } from '#web/shared/api/api-context.ts';
import { ApiError, fieldErrorOf } from '#web/shared/api/api-error.ts';
import { plainDay } from '#shared/kernel/format.ts';
import { DraftNote } from '#web/shared/forms/draft-note.tsx';
import { useDraft } from '#web/shared/forms/draft.ts';
import { useKeepCompetitor } from '#web/shared/roster/competitors.ts';
import { Button } from '#web/shared/ui/button.tsx';
import { Dialog } from '#web/shared/ui/dialog.tsx';
import { TextInput } from '#web/shared/ui/inputs.tsx';
import { Note } from '#web/shared/ui/note.tsx';
import { SaveForm } from '#web/shared/ui/save-form.tsx';
import { showToast } from '#web/shared/ui/toasts.ts';
import { useMutation } from '@tanstack/react-query';
import { FileCheck, FileX } from 'lucide-react';
import { useState } from 'react';
import * as z from 'zod';
import { updateCompetitor } from './competitor-api.ts';

const RELEASES = {
  agreement: { field: 'participationAgreementDate', name: 'participation agreement' },
  release: { field: 'mediaReleaseDate', name: 'media release' },
} as const;

const releaseOf = ({ adult }: CompetitorView) => (adult ? RELEASES.agreement : RELEASES.release);

/** Somebody whose release is not in force: what that means, what the platform still has, and the way out of it. */
export function OnHoldNote({ competitor }: { competitor: CompetitorView }) {
  const [entering, setEntering] = useState(false);
  const { firstName, onHold, team, gamePlatform, consentWithdrawnDate } = competitor;
  if (onHold === null && consentWithdrawnDate === null) return null;
  const { name } = releaseOf(competitor);
  const why =
    consentWithdrawnDate === null
      ? `The ${name} was removed from the record.`
      : `The ${name} was withdrawn on ${plainDay(consentWithdrawnDate)}.`;
  return (
    <>
      <Note tone="warning" title={onHold === null ? 'Release withdrawn' : 'On hold'}>
        {onHold === null ? (
          <p>
            {why} {firstName} cannot be added to the Game Platform until a new one is signed.
          </p>
        ) : (
          <>
            <p>
              {why} {firstName}&rsquo;s scores are not read, and figures and leaderboards leave {firstName}{' '}
              out. Earlier solves are kept.
            </p>
            <p>
              The Game Platform still has the account
              {gamePlatform.username === null ? '' : ` ${gamePlatform.username}`} with the name and email
              address it was made with, its solves
              {team === null ? '' : `, and the place on ${team.name}, unless you take ${firstName} off it`}.
              We cannot delete it there. Ask the program&rsquo;s office, who will ask the platform&rsquo;s
              staff.
            </p>
            <p>If you get a new release, enter it. If not, erase {firstName} at the end of this panel.</p>
          </>
        )}
        <div className="mt-2.5">
          <Button small look="primary" onClick={() => setEntering(true)}>
            <FileCheck size={14} aria-hidden /> Enter a new release
          </Button>
        </div>
      </Note>
      {entering && (
        <ConsentDialog competitor={competitor} change="release" onClose={() => setEntering(false)} />
      )}
    </>
  );
}

/** Records that a guardian, or the adult, took the release back. */
export function TakeReleaseBack({ competitor }: { competitor: CompetitorView }) {
  const [recording, setRecording] = useState(false);
  if (competitor.consentWithdrawnDate !== null) return null;
  return (
    <>
      <Button small onClick={() => setRecording(true)}>
        <FileX size={14} aria-hidden /> Release withdrawn
      </Button>
      {recording && (
        <ConsentDialog competitor={competitor} change="withdrawal" onClose={() => setRecording(false)} />
      )}
    </>
  );
}

interface ConsentDialogProps {
  readonly competitor: CompetitorView;
  readonly change: 'release' | 'withdrawal';
  readonly onClose: () => void;
}

/** One date, entered on purpose. */
function ConsentDialog({ competitor, change, onClose }: ConsentDialogProps) {
  const api = useApi();
  const keep = useKeepCompetitor();
  const draft = useDraft(`consent:${competitor.id}:${change}`, z.string(), () => '');
  const { values: day, set: setDay } = draft;
  const close = () => {
    draft.drop();
    onClose();
  };
  const { firstName } = competitor;
  const release = releaseOf(competitor);
  const lifts = change === 'release';
  const field = lifts ? release.field : 'consentWithdrawnDate';
  const save = useMutation({
    mutationFn: () =>
      updateCompetitor(api, {
        id: competitor.id,
        version: competitor.version,
        body: lifts ? { [release.field]: day, consentWithdrawnDate: null } : { consentWithdrawnDate: day },
      }),
    onSuccess: (saved) => {
      keep.now(saved);
      showToast(
        'ok',
        saved.onHold === null ? `${firstName} is saved` : `${firstName} is on hold`,
        saved.onHold === null ? 'The release is on file.' : 'Scores are not read from now on.',
      );
      close();
    },
    onError: (error) => {
      if (error instanceof ApiError && error.facts.status === 412) keep.again(competitor.id);
    },
  });
  return (
    <Dialog
      title={lifts ? 'Enter a new release' : 'Release withdrawn'}
      unsaved={draft.backFrom !== null}
      onClose={close}
    >
      <SaveForm
        what="this competitor"
        action={lifts ? 'Save the release' : competitor.gamePlatform.id === null ? 'Save' : 'Put on hold'}
        saving={save.isPending}
        error={save.error}
        unchanged={day === ''}
        onSave={save.mutate}
        onClose={close}
      >
        <DraftNote draft={draft} />
        <p className="text-13 text-text-2">
          {lifts
            ? `Enter the day the new ${release.name} was signed.`
            : `Enter the day the ${release.name} was withdrawn. ${firstName}’s data is no longer used. Nothing is deleted.`}
        </p>
        <TextInput
          label={lifts ? `New ${release.name} signed on` : 'Withdrawn on'}
          type="date"
          required
          value={day}
          onChange={setDay}
          error={fieldErrorOf(save.error, field)}
        />
      </SaveForm>
    </Dialog>
  );
}
