import { count } from '#shared/kernel/format.ts';
import { useApi } from '#web/shared/api/api-context.ts';
import { ApiError } from '#web/shared/api/api-error.ts';
import { useKeyRing } from '#web/shared/api/idempotency-key.ts';
import { useActingAs } from '#web/shared/identity/current-user.tsx';
import { allJobRows, ownJobQuery } from '#web/shared/jobs/job-api.ts';
import { Button } from '#web/shared/ui/button.tsx';
import { ActFailure, LoadFailure, Note } from '#web/shared/ui/note.tsx';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Ban, X } from 'lucide-react';
import { useEffect, useEffectEvent } from 'react';
import { Link } from 'react-router';
import { stopRedrive } from './dead-letter-api.ts';
import { redriveResult, type RedriveInAddress, trialEnd } from './queue-labels.ts';

interface RedriveRunProps {
  readonly run: RedriveInAddress;
  /** The redrive is over, now or long ago. */
  readonly onOver: () => void;
  readonly onClose: () => void;
}

const POLL_MS = 1_500;
/** What a redrive that was stopped still had in hand is listed again after this time. */
const IN_HAND_MS = 6_000;

/** A row for each message that was dealt with so far. */
function useRedriveRows(jobId: string, over: boolean) {
  const api = useApi();
  return useQuery({
    queryKey: ['redrive-rows', jobId, over],
    queryFn: ({ signal }) => allJobRows(api, { jobId, outcome: null, signal }),
    placeholderData: (before) => before,
    refetchInterval: over ? false : POLL_MS,
  });
}

/** How far a redrive is, and what became of the messages. Its job is in the address, so a reload finds it again. */
export function RedriveRun({ run, onOver, onClose }: RedriveRunProps) {
  const { jobId, of, trial } = run;
  const query = useQuery(ownJobQuery(useApi(), useActingAs(), jobId));
  const job = query.data;
  const over = job !== undefined && job.finishedAt !== null;
  const stopped = job?.status === 'cancelled';
  const tellOver = useEffectEvent(onOver);
  useEffect(() => {
    if (over) tellOver();
    const later = stopped ? setTimeout(tellOver, IN_HAND_MS) : undefined;
    return () => clearTimeout(later);
  }, [over, stopped]);
  if (query.error instanceof ApiError && query.error.facts.status === 404) {
    return (
      <Note tone="neutral" title="Redrive not found">
        Results are archived 14 days after the end.
      </Note>
    );
  }
  if (query.isError) {
    return (
      <LoadFailure
        what="How far the redrive is"
        safe="It keeps going if you leave this page."
        error={query.error}
        retrying={query.isFetching}
        onRetry={() => void query.refetch()}
      />
    );
  }
  const failed = job?.status === 'failed';
  const title = failed
    ? 'The redrive did not finish'
    : stopped
      ? 'The redrive was stopped'
      : over
        ? 'The redrive is over'
        : 'Redriving';
  return (
    <Note
      tone={failed ? 'error' : stopped ? 'neutral' : over ? 'ok' : 'accent'}
      title={title}
      said="when free"
    >
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        {over ? (
          <p>
            {job.error ?? redriveResult(job)}
            {stopped && ' The rest is listed again in a few seconds.'}
          </p>
        ) : (
          <Progress jobId={jobId} of={of} />
        )}
        <Link to={`/jobs/${encodeURIComponent(jobId)}`}>Open the job</Link>
        {!over && !trial && <StopButton jobId={jobId} />}
        {over && (
          <Button small look="ghost" iconOnly aria-label="Close the result" onClick={onClose}>
            <X size={16} aria-hidden />
          </Button>
        )}
      </div>
      {over && trial && <TrialEnd jobId={jobId} />}
    </Note>
  );
}

function Progress({ jobId, of }: { jobId: string; of: number | null }) {
  const rows = useRedriveRows(jobId, false);
  const done = rows.data?.length ?? 0;
  if (of === null || done === 0) {
    return <p>Each message’s record is read, then its work is asked for again.</p>;
  }
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <progress className="meter wide" aria-label="Messages dealt with" max={of} value={Math.min(done, of)} />
      {count(done)} of {count(of)}. It keeps going if you leave this page.
    </div>
  );
}

/** Cancels the redrive’s job: it stops before its next message. */
function StopButton({ jobId }: { jobId: string }) {
  const api = useApi();
  const queries = useQueryClient();
  const keys = useKeyRing();
  const stop = useMutation({
    mutationFn: () => stopRedrive(api, jobId, keys.current()),
    onSettled: (_stopped, error) => {
      keys.settle(error ?? undefined);
      return queries.invalidateQueries({ queryKey: ['own-job'] });
    },
  });
  return (
    <>
      <Button
        small
        aria-disabled={stop.isPending || undefined}
        onClick={() => {
          if (!stop.isPending) stop.mutate();
        }}
      >
        <Ban size={14} aria-hidden /> {stop.isPending ? 'Stopping' : 'Stop'}
      </Button>
      {stop.isError && <ActFailure title="Not stopped" error={stop.error} />}
    </>
  );
}

/** How it went for the one message of a trial: what was done, and how its job ended. */
export function TrialEnd({ jobId }: { jobId: string }) {
  const api = useApi();
  const actingAs = useActingAs();
  const trial = useQuery(ownJobQuery(api, actingAs, jobId));
  const over = trial.data !== undefined && trial.data.finishedAt !== null;
  const [row] = useRedriveRows(jobId, over).data ?? [];
  const triedId = row?.outcome === 'redriven' ? row.jobId : null;
  const tried = useQuery({ ...ownJobQuery(api, actingAs, triedId ?? ''), enabled: triedId !== null });
  if (!over) return <span className="block text-text-2">Trying one.</span>;
  if (row === undefined) return <span className="block text-text-2">No message of that kind was left.</span>;
  if (row.outcome !== 'redriven') return <span className="block text-text-2">{row.message}</span>;
  if (triedId !== null && tried.data === undefined) {
    return <span className="block text-text-2">Looking how it ended.</span>;
  }
  const { tone, text } = trialEnd(tried.data);
  return (
    <output className={tone === 'error' ? 'block text-error' : 'block text-text-2'}>
      {text} {triedId !== null && <Link to={`/jobs/${encodeURIComponent(triedId)}`}>Open its job</Link>}
    </output>
  );
}
