import { useApi } from '#web/shared/api/api-context.ts';
import { messageOf } from '#web/shared/api/api-error.ts';
import { useKeyRing } from '#web/shared/api/idempotency-key.ts';
import { coachesQuery } from '#web/shared/identity/coaches.tsx';
import { AdminsOnly, seesAllCoaches, useMe } from '#web/shared/identity/current-user.tsx';
import { JobResult } from '#web/shared/jobs/job-result.tsx';
import { Button } from '#web/shared/ui/button.tsx';
import { useUrlFilters } from '#web/shared/ui/filters.tsx';
import { Note } from '#web/shared/ui/note.tsx';
import { usePageTitle } from '#web/shared/ui/page.tsx';
import { useMutation, useQuery } from '@tanstack/react-query';
import { ListPlus, Plus } from 'lucide-react';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { addAllCoachAccounts, useKeepCoach } from './coach-api.ts';
import { CoachDialog } from './coach-dialog.tsx';
import { coachesSummary } from './coach-labels.ts';
import { CoachList } from './coach-list.tsx';
import { CoachPanel } from './coach-panel.tsx';

/** For admins only: who coaches, who can sign in, who may add competitors. */
export default function CoachesPage() {
  usePageTitle('Coaches');
  return seesAllCoaches(useMe()) ? <Coaches /> : <AdminsOnly page="Coaches" what="the coaches" />;
}

function Coaches() {
  const { coachId } = useParams();
  const [params, setFilters] = useUrlFilters();
  const navigate = useNavigate();
  const keep = useKeepCoach();
  const [adding, setAdding] = useState(false);
  const list = useQuery({ ...coachesQuery(useApi()), staleTime: 0 });
  const all = useAddAll((jobId) => setFilters({ job: jobId }));
  const chosen = list.data?.find(({ id }) => id === coachId);
  const jobId = params.get('job');
  const show = (id: string | null) => {
    const filters = params.toString();
    const path = id === null ? '/coaches' : `/coaches/${encodeURIComponent(id)}`;
    void navigate(filters === '' ? path : `${path}?${filters}`);
  };
  const close = () => {
    show(null);
    requestAnimationFrame(() => document.getElementById(`coach-${coachId ?? ''}`)?.focus());
  };
  const besideClass = chosen ? 'max-lg:hidden' : '';
  return (
    <>
      <div className="page-head">
        <div>
          <h1>Coaches</h1>
          <p className="sub">{list.data ? coachesSummary(list.data) : 'Everyone who coaches'}</p>
        </div>
        <div className="tools">
          <Button
            className={besideClass}
            aria-disabled={all.isPending || undefined}
            onClick={() => {
              if (!all.isPending) all.mutate();
            }}
          >
            <ListPlus size={14} aria-hidden /> {all.isPending ? 'Starting' : 'Add all coaches’ accounts'}
          </Button>
          <Button look={chosen ? 'plain' : 'primary'} className={besideClass} onClick={() => setAdding(true)}>
            <Plus size={14} aria-hidden /> Add coach
          </Button>
        </div>
      </div>
      {all.isError && (
        <Note tone="error" title="Not started" said="at once">
          {messageOf(all.error)} It is safe to try again: no one gets a second account.
        </Note>
      )}
      {jobId !== null && (
        <JobResult
          key={jobId}
          jobId={jobId}
          taskType="onboard_coaches"
          who="Coach"
          title={{ during: 'Making the coaches’ accounts', after: 'The coaches’ accounts' }}
          names={new Map(list.data?.map(({ id, name }) => [id, name]))}
          className={besideClass}
          onOver={keep.again}
          onShow={show}
          onClose={() => setFilters({ job: null })}
        />
      )}
      {coachId !== undefined && list.data && !chosen && (
        <Note tone="neutral" title="Coach not found">
          The link may be old. All coaches are listed below.
        </Note>
      )}
      <div className="split">
        <CoachList list={list} chosenId={chosen?.id} onChoose={show} onAdd={() => setAdding(true)} />
        {chosen && <CoachPanel key={chosen.id} coach={chosen} onClose={close} />}
      </div>
      {adding && (
        <CoachDialog
          coach={null}
          onClose={() => setAdding(false)}
          onSaved={(saved) => {
            setAdding(false);
            show(saved.id);
          }}
        />
      )}
    </>
  );
}

function useAddAll(onStarted: (jobId: string) => void) {
  const api = useApi();
  const keys = useKeyRing();
  return useMutation({
    mutationFn: () => addAllCoachAccounts(api, keys.current()),
    onSuccess: ({ jobId }) => onStarted(jobId),
    onSettled: (_started, error) => keys.settle(error ?? undefined),
  });
}
