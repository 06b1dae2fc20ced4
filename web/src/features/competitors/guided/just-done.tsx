import type { CompetitorView } from '#shared/competitors/contract.ts';
import { useApi } from '#web/shared/api/api-context.ts';
import { useKeepCompetitor } from '#web/shared/roster/competitors.ts';
import { Button } from '#web/shared/ui/button.tsx';
import { ActFailure } from '#web/shared/ui/note.tsx';
import { useMutation } from '@tanstack/react-query';
import { ArrowLeft, Undo2 } from 'lucide-react';
import { updateCompetitor } from '../competitor-api.ts';
import { bodyOf, EMPTY_FORM, type TextField } from '../competitor-form-values.ts';
import { FIELD_LABELS } from './queue.ts';

/** One field that was saved: whose, what it held before, and the version that holds it now. */
export interface SavedField {
  readonly saved: CompetitorView;
  readonly field: TextField;
  readonly before: string;
}

/** What is sent to put one field to a value. */
export const fieldBody = (field: TextField, value: string) =>
  Object.fromEntries(
    Object.entries(bodyOf({ ...EMPTY_FORM, [field]: value })).filter(([name]) => name === field),
  );

interface JustDoneProps {
  /** The last save; null: nothing to undo. */
  readonly last: SavedField | null;
  /** Whom "back" leads to; null: this is the first person. */
  readonly previousName: string | null;
  readonly onUndone: (competitorId: string) => void;
  readonly onBack: () => void;
}

/** The way out of a slip: what was just saved is put back, or the person before is shown again. */
export function JustDone({ last, previousName, onUndone, onBack }: JustDoneProps) {
  const api = useApi();
  const keep = useKeepCompetitor();
  const undo = useMutation({
    mutationFn: ({ saved, field, before }: SavedField) =>
      updateCompetitor(api, { id: saved.id, version: saved.version, body: fieldBody(field, before) }),
    onSuccess: (now) => {
      keep.now(now);
      onUndone(now.id);
    },
    onError: (_error, { saved }) => keep.again(saved.id),
  });
  if (last === null && previousName === null) return null;
  return (
    <div className="grid gap-2 border-b border-line px-4 py-3 sm:px-5">
      <div className="flex flex-wrap items-center gap-2">
        {last !== null && (
          <>
            <output className="text-13 text-text-2">
              Saved for{' '}
              <bdi>
                {last.saved.firstName} {last.saved.lastName}
              </bdi>
              : {FIELD_LABELS[last.field]}
            </output>
            <Button
              small
              aria-disabled={undo.isPending || undefined}
              onClick={() => {
                if (!undo.isPending) undo.mutate(last);
              }}
            >
              <Undo2 size={14} aria-hidden /> {undo.isPending ? 'Undoing' : 'Undo'}
            </Button>
          </>
        )}
        {previousName !== null && (
          <Button small look="ghost" onClick={onBack}>
            <ArrowLeft size={14} aria-hidden /> Back to {previousName}
          </Button>
        )}
      </div>
      {undo.isError && <ActFailure title="Not undone" error={undo.error} />}
    </div>
  );
}
