import type { CompetitorRow } from '#shared/competitors/contract.ts';
import { counted } from '#shared/kernel/format.ts';
import { useApi } from '#web/shared/api/api-context.ts';
import { messageOf } from '#web/shared/api/api-error.ts';
import { useKeepCompetitor } from '#web/shared/roster/competitors.ts';
import { Button } from '#web/shared/ui/button.tsx';
import { Dialog } from '#web/shared/ui/dialog.tsx';
import { useState } from 'react';
import { updateCompetitor } from './competitor-api.ts';

interface DeactivateDialogProps {
  readonly people: readonly CompetitorRow[];
  readonly onClose: () => void;
}

interface Ending {
  readonly id: string;
  readonly name: string;
  /** Null: it worked. */
  readonly error: string | null;
}

/** Several competitors are deactivated, one after another, each with its result. */
export function DeactivateDialog({ people, onClose }: DeactivateDialogProps) {
  const api = useApi();
  const keep = useKeepCompetitor();
  const [endings, setEndings] = useState<readonly Ending[] | null>(null);
  const active = people.filter((one) => one.active);
  const over = endings !== null && endings.length === active.length;
  const deactivate = async () => {
    setEndings([]);
    for (const { id, version, firstName, lastName } of active) {
      const error = await updateCompetitor(api, { id, version, body: { active: false } }).then(
        () => null,
        (failure: unknown) => messageOf(failure),
      );
      setEndings((before) => [...(before ?? []), { id, name: `${firstName} ${lastName}`, error }]);
    }
    keep.all();
  };
  return (
    <Dialog title={`Deactivate ${counted(active.length, 'competitor')}`} onClose={onClose}>
      {endings === null && (
        <p className="text-13 text-text-2">
          They stay on file with everything they solved, but their scores are not read any more and figures
          leave them out. You can activate them again at any time.
          {active.length < people.length &&
            ` ${counted(people.length - active.length, 'competitor')} you chose ${people.length - active.length === 1 ? 'is' : 'are'} deactivated already.`}
        </p>
      )}
      <output className="text-13 text-text-2 empty:hidden">
        {endings !== null &&
          `${endings.filter(({ error }) => error === null).length} of ${active.length} deactivated.`}
      </output>
      {endings !== null && endings.some(({ error }) => error !== null) && (
        <ul className="grid gap-1 text-13 text-error" aria-label="Not deactivated">
          {endings.map(
            ({ id, name, error }) =>
              error !== null && (
                <li key={id}>
                  <bdi>{name}</bdi>: {error}
                </li>
              ),
          )}
        </ul>
      )}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>{endings === null ? 'Cancel' : 'Close'}</Button>
        {!over && (
          <Button
            look="danger"
            aria-disabled={endings !== null || active.length === 0 || undefined}
            onClick={() => {
              if (endings === null && active.length > 0) void deactivate();
            }}
          >
            {endings === null ? 'Deactivate' : 'Saving'}
          </Button>
        )}
      </div>
    </Dialog>
  );
}
