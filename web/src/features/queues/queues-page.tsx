import { useQuery, useQueryClient } from '@tanstack/react-query';
import { RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { useApi } from '../../shared/api/api-context.ts';
import { AdminsOnly } from '../../shared/identity/admins-only.tsx';
import { seesAllCoaches, useMe } from '../../shared/identity/get-me.ts';
import { Button } from '../../shared/ui/button.tsx';
import { usePageTitle } from '../../shared/ui/page-title.ts';
import { useUrlFilters } from '../../shared/ui/use-url-filters.ts';
import { DEAD_LETTERS_KEY } from './api/list-dead-letters.ts';
import { QUEUES_KEY, queuesQuery } from './api/list-queues.ts';
import { DeadLetterGroups } from './dead-letter-groups.tsx';
import { Quarantine } from './quarantine.tsx';
import { QueueTable } from './queue-table.tsx';
import { queuesSentence } from './queue-words.ts';
import { RedriveRun } from './redrive-run.tsx';
import './queues.css';

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
  const run = params.get('redrive');
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
      {run !== null && (
        <RedriveRun
          key={run}
          jobId={run}
          onOver={() => void lookAgain()}
          onClose={() => setFilters({ redrive: null })}
        />
      )}
      <DeadLetterGroups
        queues={queues.data?.items}
        onStarted={(jobId) => setFilters({ redrive: jobId })}
        onChanged={() => void lookAgain()}
      />
      <Quarantine />
    </>
  );
}
