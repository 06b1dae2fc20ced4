import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Play, Plus } from 'lucide-react';
import { useState } from 'react';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import { useApi } from '../../shared/api/api-context.ts';
import { ApiError } from '../../shared/api/api-error.ts';
import { createKeyRing } from '../../shared/api/idempotency-key.ts';
import { startJob } from '../../shared/api/start-job.ts';
import { AdminsOnly } from '../../shared/identity/admins-only.tsx';
import { seesAllCoaches, useMe } from '../../shared/identity/get-me.ts';
import { Button } from '../../shared/ui/button.tsx';
import { Note } from '../../shared/ui/note.tsx';
import { usePageTitle } from '../../shared/ui/page-title.ts';
import { showToast } from '../../shared/ui/toasts.ts';
import { JOB_LIST_KEY, jobsQuery } from './api/list-jobs.ts';
import { JobList } from './job-list.tsx';
import { JobPanel } from './job-panel.tsx';
import { StartDialog } from './start-dialog.tsx';
import './jobs.css';

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
  const list = useInfiniteQuery(jobsQuery(api, { status: params.get('status'), type: params.get('type') }));
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
          {start.error instanceof ApiError ? start.error.message : 'The site made a mistake.'} Trying again is
          safe.
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
  const [keys] = useState(() => createKeyRing(() => crypto.randomUUID()));
  return useMutation({
    mutationFn: () => startJob(api, { taskType: 'game_platform_sync', idempotencyKey: keys.current() }),
    onSuccess: ({ jobId }) => {
      showToast('ok', 'Score sync started', 'It runs by itself; you can leave this page.');
      void queries.invalidateQueries({ queryKey: JOB_LIST_KEY });
      onStarted(jobId);
    },
    onSettled: (_started, error) => keys.settle(error ?? undefined),
  });
}
