import { JOB_STATES, MOST_AT_ONCE, type BulkCount, type BulkDone } from '#shared/jobs/contract.ts';
import { counted, listed, count as figure } from '#shared/kernel/format.ts';
import { useApi } from '#web/shared/api/api-context.ts';
import { ApiError } from '#web/shared/api/api-error.ts';
import { Button } from '#web/shared/ui/button.tsx';
import { Dialog } from '#web/shared/ui/dialog.tsx';
import { ActFailure, Note } from '#web/shared/ui/note.tsx';
import { showToast } from '#web/shared/ui/toasts.ts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Ban, RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { actOnJobs, bulkCountQuery, JOB_LIST_KEY, type BulkAct, type JobFilters } from './job-api.ts';
import { filterWords } from './job-filters.ts';
import { STATE_LABELS } from './job-labels.ts';

/** `3 failed and 1 canceled`. */
const statesOf = ({ states }: BulkCount): string =>
  listed(
    JOB_STATES.flatMap((state) => {
      const value = states[state];
      return value === undefined ? [] : [`${figure(value)} ${STATE_LABELS[state].text.toLowerCase()}`];
    }),
  );

const WORDS = {
  retry: {
    verb: 'Retry',
    done: 'retried',
    text: 'What failed or was left over is done again with today’s data. What succeeded stays.',
  },
  cancel: {
    verb: 'Cancel',
    done: 'canceled',
    text: 'Parts that have not started never will. What is done stays and is counted.',
  },
} as const;

/** What can be done with all the jobs that the filters show, with how many they are. */
export function BulkBar({ filters }: { filters: JobFilters }) {
  const api = useApi();
  const retry = useQuery(bulkCountQuery(api, 'retry', filters));
  const cancel = useQuery(bulkCountQuery(api, 'cancel', filters));
  const [asking, setAsking] = useState<BulkAct | null>(null);
  const counts = { retry: retry.data, cancel: cancel.data };
  const some = (['retry', 'cancel'] as const).filter((act) => (counts[act]?.count ?? 1) > 0 && counts[act]);
  const asked = asking === null ? undefined : counts[asking];
  return (
    <>
      {some.length > 0 && (
        <fieldset
          className="flex flex-wrap items-center gap-2.5 border-t border-line bg-surface-2 px-4 py-2.5 text-13 sm:px-5"
          aria-label="All jobs in this filter"
        >
          <span className="grow text-text-2">All in this filter: {filterWords(filters)}</span>
          {some.map((act) => (
            <BulkButton
              key={act}
              act={act}
              count={counts[act]?.count ?? null}
              onPress={() => setAsking(act)}
            />
          ))}
        </fieldset>
      )}
      {asking !== null && asked && (
        <BulkDialog act={asking} counts={asked} filters={filters} onClose={() => setAsking(null)} />
      )}
    </>
  );
}

function BulkButton({ act, count, onPress }: { act: BulkAct; count: number | null; onPress: () => void }) {
  const { verb, done } = WORDS[act];
  if (count === null) {
    return (
      <span className="text-text-2">
        More than {figure(MOST_AT_ONCE)} can be {done}. Narrow the filter first.
      </span>
    );
  }
  const Icon = act === 'retry' ? RotateCcw : Ban;
  return (
    <Button small onClick={onPress}>
      <Icon size={14} aria-hidden /> {verb} {counted(count, 'job')}
    </Button>
  );
}

interface BulkDialogProps {
  readonly act: BulkAct;
  readonly counts: BulkCount;
  readonly filters: JobFilters;
  readonly onClose: () => void;
}

/** Names how many, in which states, and by which filter, before anything is done. */
function BulkDialog({ act, counts, filters, onClose }: BulkDialogProps) {
  const api = useApi();
  const queries = useQueryClient();
  const [result, setResult] = useState<BulkDone | null>(null);
  const { verb, done, text } = WORDS[act];
  // As many as were shown when it was asked: a count that changes behind the question is not agreed to.
  const [{ expected, states }] = useState({ expected: counts.count ?? 0, states: statesOf(counts) });
  const send = useMutation({
    mutationFn: () => actOnJobs(api, { act, filters, expected }),
    onSuccess: (answer) => {
      if (answer.refused.length > 0 || answer.left > 0) return setResult(answer);
      showToast('ok', `${counted(answer.done, 'job')} ${done}`, 'Each is in the audit log.');
      onClose();
    },
    onSettled: () => queries.invalidateQueries({ queryKey: JOB_LIST_KEY }),
  });
  const what = counted(expected, 'job');
  // What was agreed to is not what would be done: it is asked anew.
  const changed = send.error instanceof ApiError && send.error.facts.status === 409;
  const over = result !== null || changed;
  return (
    <Dialog title={`${verb} ${what}?`} onClose={onClose}>
      <div className="grid gap-3 text-13 text-text-2">
        <p>
          {states}. Filter: {filterWords(filters)}.
        </p>
        <p>{text}</p>
      </div>
      {result !== null && <BulkResult result={result} done={done} />}
      {send.isError && <ActFailure title="Not done" error={send.error} again="" />}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>{over ? 'Close' : 'Leave them'}</Button>
        {!over && (
          <Button
            look="primary"
            aria-disabled={send.isPending || undefined}
            onClick={() => {
              if (!send.isPending) send.mutate();
            }}
          >
            {send.isPending ? 'Asking' : `${verb} ${what}`}
          </Button>
        )}
      </div>
    </Dialog>
  );
}

function BulkResult({ result, done }: { result: BulkDone; done: string }) {
  return (
    <Note tone="warning" title={`${counted(result.done, 'job')} ${done}`} said="when free">
      <ul className="grid gap-1">
        {result.refused.map(({ jobId, detail }) => (
          <li key={jobId}>
            <span className="mono">{jobId}</span>: {detail}
          </li>
        ))}
        {result.left > 0 && (
          <li>{counted(result.left, 'job')} left when time ran out. Ask again for them.</li>
        )}
      </ul>
    </Note>
  );
}
