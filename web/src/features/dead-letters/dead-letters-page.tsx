import { useApi } from '#web/shared/api/api-context.ts';
import { AdminsOnly, seesAllCoaches, useMe } from '#web/shared/identity/current-user.tsx';
import { Button } from '#web/shared/ui/button.tsx';
import { useUrlFilters } from '#web/shared/ui/filters.tsx';
import { usePageTitle } from '#web/shared/ui/page.tsx';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { DEAD_LETTERS_KEY, QUEUES_KEY, queuesQuery } from './dead-letter-api.ts';
import { DeadLetterGroups } from './dead-letter-groups.tsx';
import { Quarantine } from './quarantine.tsx';
import { QueueHistoryPanel } from './queue-history.tsx';
import { queuesSentence, redriveIn, type RedriveInAddress } from './queue-labels.ts';
import { QueueTable } from './queue-table.tsx';
import { RedriveRun } from './redrive-run.tsx';

/** For admins only: what waits, what is dead and why, and what could not be read. */
export default function QueuesPage() {
  usePageTitle('Queues');
  return seesAllCoaches(useMe()) ? <Queues /> : <AdminsOnly page="Queues" what="the queues" />;
}

function Queues() {
  const queries = useQueryClient();
  const queues = useQuery(queuesQuery(useApi()));
  const [params, setFilters] = useUrlFilters();
  const [looking, setLooking] = useState(false);
  const lookAgain = async () => {
    setLooking(true);
    await Promise.all([
      queries.invalidateQueries({ queryKey: QUEUES_KEY }),
      queries.invalidateQueries({ queryKey: DEAD_LETTERS_KEY }),
    ]).finally(() => setLooking(false));
  };
  const run = redriveIn(params);
  const keepRun = (started: RedriveInAddress) =>
    setFilters({
      redrive: started.jobId,
      cause: started.cause,
      of: started.of === null ? null : String(started.of),
      trial: started.trial ? 'yes' : null,
    });
  return (
    <>
      <div className="page-head">
        <div>
          <h1>Queues</h1>
          <p className="sub">
            {queues.data ? queuesSentence(queues.data.items) : 'What waits, and what could not be done'}
          </p>
        </div>
        <div className="tools">
          <Button
            aria-disabled={looking || undefined}
            onClick={() => {
              if (!looking) void lookAgain();
            }}
          >
            <RefreshCw size={14} aria-hidden /> {looking ? 'Looking' : 'Look again'}
          </Button>
        </div>
      </div>
      <QueueTable query={queues} />
      <QueueHistoryPanel />
      {run !== null && (
        <RedriveRun
          key={run.jobId}
          run={run}
          onOver={() => void lookAgain()}
          onClose={() => setFilters({ redrive: null, cause: null, of: null, trial: null })}
        />
      )}
      <DeadLetterGroups
        queues={queues.data?.items}
        run={run}
        onStarted={keepRun}
        onChanged={() => void lookAgain()}
      />
      <Quarantine />
    </>
  );
}
