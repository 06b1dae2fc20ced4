import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { ACTING_MINUTES } from '#shared/coaches/contract.ts';
import { useApi } from '#web/shared/api/api-context.ts';
import { askToAct, startAct, type Wanted } from '#web/shared/identity/acting.ts';
import { useMe } from '#web/shared/identity/current-user.tsx';
import { Button } from '#web/shared/ui/button.tsx';
import { Dialog } from '#web/shared/ui/dialog.tsx';
import { TextInput } from '#web/shared/ui/inputs.tsx';
import { ActFailure } from '#web/shared/ui/note.tsx';

const SHORTEST_REASON = 3;
const stopAsking = () => askToAct(null);

/** Why an admin acts as a coach, before they do. */
export default function ReasonDialog({ wanted: { coachId, name, continues } }: { wanted: Wanted }) {
  const api = useApi();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { sub } = useMe();
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  const start = useMutation({
    mutationFn: () => startAct(api, sub, { coachId, reason: reason.trim(), continues }),
    onSuccess: () => {
      stopAsking();
      if (continues) return;
      // What was loaded as an admin is not this coach's.
      void queries.invalidateQueries({ queryKey: ['me'] });
      void navigate('/');
    },
  });
  const missing = reason.trim().length < SHORTEST_REASON;
  return (
    <Dialog title={continues ? `Act as ${name} for longer` : `Act as ${name}`} onClose={stopAsking}>
      <form
        noValidate
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (start.isPending) return;
          setTried(true);
          if (missing) input.current?.focus();
          else start.mutate();
        }}
      >
        <p className="text-13 text-text-2">
          You can do exactly what this coach can, for {ACTING_MINUTES} minutes. Start, end, reason and
          everything you do are in the audit log under both names.
        </p>
        <TextInput
          ref={input}
          label="Reason"
          required
          value={reason}
          onChange={setReason}
          error={tried && missing ? 'Say why in a few words, without names of students.' : undefined}
          hint="Such as “helps with the import”. No names of students, no other personal data."
          autoComplete="off"
          maxLength={200}
        />
        {start.isError && <ActFailure title="Not started" error={start.error} />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={stopAsking}>Cancel</Button>
          <Button look="primary" type="submit" aria-disabled={start.isPending || undefined}>
            {start.isPending ? 'Starting' : `Act for ${ACTING_MINUTES}${continues ? ' more' : ''} minutes`}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
