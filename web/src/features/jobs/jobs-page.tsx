import { useApi } from '#web/shared/api/api-context.ts';
import { messageOf } from '#web/shared/api/api-error.ts';
import { useKeyRing } from '#web/shared/api/idempotency-key.ts';
import { AdminsOnly, seesAllCoaches, useMe } from '#web/shared/identity/current-user.tsx';
import { startJob } from '#web/shared/jobs/job-api.ts';
import { Button } from '#web/shared/ui/button.tsx';
import { Note } from '#web/shared/ui/note.tsx';
import { usePageTitle } from '#web/shared/ui/page.tsx';
import { showToast } from '#web/shared/ui/toasts.ts';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Play, Plus } from 'lucide-react';
import { useState } from 'react';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import { JOB_LIST_KEY, jobsQuery } from './job-api.ts';
import { filtersOf } from './job-filters.ts';
import { JobList } from './job-list.tsx';
import { JobPanel } from './job-panel.tsx';
import { StartDialog } from './start-dialog.tsx';

/** For admins only: what runs, what ran, and why it failed. */
export default function JobsPage() {
  usePageTitle('Jobs');
  return seesAllCoaches(useMe()) ? <Jobs /> : <AdminsOnly page="Jobs" what="jobs" />;
}

function Jobs() {
  const api = useApi();
  const { jobId } = useParams();
  const [params] = useSearchParams();
  const navigate = useNavigate();
  const list = useInfiniteQuery(jobsQuery(api, filtersOf(params)));
  const show = (id: string | null) => {
    const filters = params.toString();
    const path = id === null ? '/jobs' : `/jobs/${encodeURIComponent(id)}`;
    void navigate(filters === '' ? path : `${path}?${filters}`);
  };
  const start = useStartScoreSync(show);
  const [choosing, setChoosing] = useState(false);
  const close = () => {
    show(null);
    requestAnimationFrame(() => document.getElementById(`job-${jobId ?? ''}`)?.focus());
  };
  return (
    <>
      <div className="page-head">
        <div>
          <h1>Jobs</h1>
          <p className="sub">Score reads, sweeps and bulk work, newest first</p>
        </div>
        <div className="tools">
          <Button onClick={() => setChoosing(true)}>
            <Plus size={14} aria-hidden /> Start another job
          </Button>
          <Button
            look="primary"
            aria-disabled={start.isPending || undefined}
            onClick={() => {
              if (!start.isPending) start.mutate();
            }}
          >
            <Play size={14} aria-hidden /> {start.isPending ? 'Starting' : 'Run score sync now'}
          </Button>
        </div>
      </div>
      {start.isError && (
        <Note tone="error" title="The score sync was not started" said="at once">
          {messageOf(start.error)} It is safe to try again.
        </Note>
      )}
      {choosing && (
        <StartDialog
          onClose={() => setChoosing(false)}
          onStarted={(id) => {
            setChoosing(false);
            show(id);
          }}
        />
      )}
      <div className="split">
        <JobList list={list} chosenId={jobId} onChoose={show} />
        {jobId !== undefined && <JobPanel key={jobId} id={jobId} onClose={close} />}
      </div>
    </>
  );
}

function useStartScoreSync(onStarted: (jobId: string) => void) {
  const api = useApi();
  const queries = useQueryClient();
  const keys = useKeyRing();
  return useMutation({
    mutationFn: () => startJob(api, { taskType: 'game_platform_sync', idempotencyKey: keys.current() }),
    onSuccess: ({ jobId }) => {
      showToast('ok', 'Score sync started', 'It runs automatically. You can leave this page.');
      void queries.invalidateQueries({ queryKey: JOB_LIST_KEY });
      onStarted(jobId);
    },
    onSettled: (_started, error) => keys.settle(error ?? undefined),
  });
}
