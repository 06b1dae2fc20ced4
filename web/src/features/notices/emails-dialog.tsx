import { WEEKLY_CHOICES, type WeeklyChoice } from '#shared/notices/contract.ts';
import { useApi } from '#web/shared/api/api-context.ts';
import { messageOf } from '#web/shared/api/api-error.ts';
import { useActingAs } from '#web/shared/identity/current-user.tsx';
import { Button } from '#web/shared/ui/button.tsx';
import { Dialog } from '#web/shared/ui/dialog.tsx';
import { LoadFailure, Note } from '#web/shared/ui/note.tsx';
import { SkeletonRows } from '#web/shared/ui/panel.tsx';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { CHOICES, chooseNotices, noticesQuery } from './notices-api.ts';

/** When the weekly email comes. */
export function EmailsDialog({ onClose }: { onClose: () => void }) {
  const api = useApi();
  const query = noticesQuery(api, useActingAs());
  const notices = useQuery(query);
  const queries = useQueryClient();
  const [picked, setPicked] = useState<WeeklyChoice | null>(null);
  const name = useId();
  const chosen = picked ?? notices.data?.weekly;
  const save = useMutation({
    mutationFn: (weekly: WeeklyChoice) => chooseNotices(api, weekly),
    onSuccess: (saved) => {
      queries.setQueryData(query.queryKey, saved);
      onClose();
    },
  });
  return (
    <Dialog title="Weekly email" onClose={onClose}>
      {notices.isError && !notices.data && (
        <LoadFailure
          what="Your choice"
          error={notices.error}
          onRetry={() => void notices.refetch()}
          retrying={notices.isFetching}
        />
      )}
      {notices.isPending && <SkeletonRows label="your choice" rows={3} />}
      {notices.data && (
        <fieldset className="grid gap-2">
          <legend className="pb-2 text-13 text-text-2">
            On Monday mornings, with competitors’ first names only. When do you want it?
          </legend>
          {WEEKLY_CHOICES.map((weekly) => (
            <label key={weekly} className="version" htmlFor={`${name}-${weekly}`}>
              <input
                type="radio"
                aria-label={CHOICES[weekly].name}
                id={`${name}-${weekly}`}
                aria-describedby={`${name}-${weekly}-what`}
                name={name}
                checked={chosen === weekly}
                onChange={() => setPicked(weekly)}
              />
              <span className="min-w-0">
                <span className="block">{CHOICES[weekly].name}</span>
                <span id={`${name}-${weekly}-what`} className="block text-12 text-muted">
                  {CHOICES[weekly].what}
                </span>
              </span>
            </label>
          ))}
        </fieldset>
      )}
      {save.isError && (
        <Note tone="error" title="Not saved" said="at once">
          <p>{messageOf(save.error)}</p>
        </Note>
      )}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        {chosen !== undefined && (
          <Button look="primary" disabled={save.isPending} onClick={() => save.mutate(chosen)}>
            {save.isPending ? 'Saving' : 'Save'}
          </Button>
        )}
      </div>
    </Dialog>
  );
}
