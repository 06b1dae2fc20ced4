import { useApi } from '#web/shared/api/api-context.ts';
import { ApiError } from '#web/shared/api/api-error.ts';
import { useActingAs } from '#web/shared/identity/current-user.tsx';
import { ownJobQuery } from '#web/shared/jobs/job-api.ts';
import { Button } from '#web/shared/ui/button.tsx';
import { LoadFailure, Note } from '#web/shared/ui/note.tsx';
import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { useEffect, useEffectEvent } from 'react';
import { Link } from 'react-router';
import { redriveResult } from './queue-labels.ts';

interface RedriveRunProps {
  readonly jobId: string;
  /** The redrive is over, now or long ago. */
  readonly onOver: () => void;
  readonly onClose: () => void;
}

/** How far a redrive is, and what became of the messages. Its job is in the address, so a reload finds it again. */
export function RedriveRun({ jobId, onOver, onClose }: RedriveRunProps) {
  const query = useQuery(ownJobQuery(useApi(), useActingAs(), jobId));
  const job = query.data;
  const over = job !== undefined && job.finishedAt !== null;
  const tellOver = useEffectEvent(onOver);
  useEffect(() => {
    if (over) tellOver();
  }, [over]);
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
  return (
    <Note
      tone={failed ? 'error' : over ? 'ok' : 'accent'}
      title={failed ? 'The redrive did not finish' : over ? 'The redrive is over' : 'Redriving'}
      said="when free"
    >
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <p>
          {over
            ? (job.error ?? redriveResult(job))
            : 'Each message’s record is read, then its work is asked for again. It keeps going if you leave this page.'}
        </p>
        <Link to={`/jobs/${encodeURIComponent(jobId)}`}>Open the job</Link>
        {over && (
          <Button small look="ghost" iconOnly aria-label="Close the result" onClick={onClose}>
            <X size={16} aria-hidden />
          </Button>
        )}
      </div>
    </Note>
  );
}
