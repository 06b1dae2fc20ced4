import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '#web/shared/api/api-context.ts';
import { counted } from '#shared/kernel/format.ts';
import { matches } from '#web/shared/format/text.ts';
import { askToAct } from '#web/shared/identity/acting.ts';
import { coachesQuery } from '#web/shared/identity/coaches.tsx';
import { Button } from '#web/shared/ui/button.tsx';
import { Dialog } from '#web/shared/ui/dialog.tsx';
import { LoadFailure } from '#web/shared/ui/note.tsx';
import { SearchField } from '#web/shared/ui/filters.tsx';
import { SkeletonRows } from '#web/shared/ui/panel.tsx';

/** An admin chooses the coach to act as; the reason is asked next. */
export function ActAsDialog({ onClose }: { onClose: () => void }) {
  const coaches = useQuery(coachesQuery(useApi()));
  const [search, setSearch] = useState('');
  const found = coaches.data?.filter((coach) => matches(search, coach.name, coach.school));
  const act = (coachId: string, name: string) => {
    onClose();
    askToAct({ coachId, name, continues: false });
  };
  return (
    <Dialog title="Act as a coach" onClose={onClose}>
      <p className="text-13 text-text-2">
        You can do exactly what this coach can. Everything you do is logged under both names. The reason is
        asked next.
      </p>
      <SearchField label="Find a coach" placeholder="Name or school" value={search} onChange={setSearch} />
      {coaches.isError && !coaches.data && (
        <LoadFailure
          what="The coaches"
          error={coaches.error}
          onRetry={() => void coaches.refetch()}
          retrying={coaches.isFetching}
        />
      )}
      {coaches.isPending && <SkeletonRows label="coaches" rows={4} />}
      {found && (
        <ul className="max-h-[320px] overflow-auto rounded-2 border border-line" aria-label="Coaches">
          {found.map((coach) => (
            <li
              key={coach.id}
              className="flex items-center gap-3 border-t border-line px-3 py-2 first:border-t-0"
            >
              <span className="grid min-w-0 flex-1">
                <span className="name">
                  <bdi>{coach.name}</bdi>
                </span>
                <span className="text-12 text-muted">
                  {coach.school}
                  {coach.competitors === null ? '' : `, ${counted(coach.competitors, 'competitor')}`}
                  {coach.enabled ? '' : ', switched off'}
                </span>
              </span>
              <Button small onClick={() => act(coach.id, coach.name)} aria-label={`Act as ${coach.name}`}>
                Act as
              </Button>
            </li>
          ))}
          {found.length === 0 && (
            <li className="p-3 text-13 text-text-2">
              {coaches.data?.length === 0 ? 'There are no coaches yet.' : 'No coach has this name or school.'}
            </li>
          )}
        </ul>
      )}
      <div className="flex justify-end">
        <Button onClick={onClose}>Cancel</Button>
      </div>
    </Dialog>
  );
}
