import { capitalized } from '#shared/kernel/text.ts';
import type { JobDetailView } from '#shared/jobs/contract.ts';
import { useApi } from '#web/shared/api/api-context.ts';
import { ApiError } from '#web/shared/api/api-error.ts';
import { count, counted, duration, moment } from '#shared/kernel/format.ts';
import { useNow } from '#web/shared/format/time.ts';
import { useConfig } from '#web/shared/identity/config.ts';
import { useMe } from '#web/shared/identity/current-user.tsx';
import { taskName } from '#web/shared/jobs/start-options.ts';
import { Button } from '#web/shared/ui/button.tsx';
import { useEscape } from '#web/shared/ui/dialog.tsx';
import { LoadFailure, Note } from '#web/shared/ui/note.tsx';
import { Empty, SkeletonRows, Fact } from '#web/shared/ui/panel.tsx';
import { ScrollRegion } from '#web/shared/ui/table.tsx';
import { useQuery } from '@tanstack/react-query';
import { ArrowLeft, X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { JobActions } from './job-actions.tsx';
import { jobQuery } from './job-api.ts';
import { JobParts, JobPayload, JobRows } from './job-folds.tsx';
import { countName, countsOf, jobDuration, personLabel, starterLabel, STATE_LABELS } from './job-labels.ts';
import { JobProgress, JobState } from './job-state.tsx';

/** One job: what it did, how long it took, why it failed. */
export function JobPanel({ id, onClose }: { id: string; onClose: () => void }) {
  const job = useQuery(jobQuery(useApi(), id));
  useEscape(onClose);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const unknown = job.error instanceof ApiError && job.error.facts.status === 404;
  return (
    <aside className="panel beside" aria-label="Job details">
      <div className="panel-head">
        <Button small look="ghost" className="lg:hidden -ml-2.5" onClick={onClose}>
          <ArrowLeft size={14} aria-hidden /> All jobs
        </Button>
        <div className="min-w-0 flex-1 max-lg:order-last max-lg:basis-full">
          <h2 ref={heading} tabIndex={-1} className="!text-16">
            {job.data ? taskName(job.data.taskType) : unknown ? 'Not found' : 'Loading'}
          </h2>
        </div>
        <div className="ml-auto max-lg:hidden">
          <Button small look="ghost" iconOnly aria-label="Close details" onClick={onClose}>
            <X size={16} aria-hidden />
          </Button>
        </div>
      </div>
      {unknown && (
        <Empty kind="never" title="Job not found" action={<Button onClick={onClose}>Show all jobs</Button>}>
          Finished jobs are archived after 14 days, and deleted after 90.
        </Empty>
      )}
      {job.isError && !unknown && (
        <div className="panel-body flex-none">
          <LoadFailure
            what={job.data ? 'The newest state' : 'This job'}
            error={job.error}
            retrying={job.isFetching}
            onRetry={() => void job.refetch()}
          />
        </div>
      )}
      {job.isPending && <SkeletonRows label="the job" rows={5} />}
      {job.data && !unknown && <Details job={job.data} />}
    </aside>
  );
}

function Details({ job }: { job: JobDetailView }) {
  const { timeZone } = useConfig();
  const now = useNow(1_000);
  const time = (iso: string | null, otherwise: string) =>
    iso === null ? otherwise : moment(iso, timeZone, now);
  const { sub } = useMe();
  const took = jobDuration(job, now);
  return (
    <ScrollRegion
      label="State and counts"
      className="panel-body grid flex-initial content-start gap-5 overflow-auto max-lg:overflow-visible"
    >
      <div className="flex flex-wrap items-center gap-3">
        <output>
          <JobState status={job.status} />
        </output>
        <JobProgress job={job} />
      </div>
      <JobActions job={job} />
      {job.error !== null && (
        <Note tone="error" title="Why it failed">
          {job.error}
        </Note>
      )}
      {job.discarded !== null && (
        <Note tone="neutral" title="Its dead letters were discarded">
          {time(job.discarded.at, '')}, by {personLabel(job.discarded.by, job.discarded.byName, sub)}:{' '}
          {job.discarded.reason}
        </Note>
      )}
      <Causes job={job} />
      <dl className="facts">
        <Fact name="Started by">{starterLabel(job, sub)}</Fact>
        <Fact name="Asked for">{time(job.createdAt, '')}</Fact>
        <Fact name="Started">{time(job.startedAt, 'not yet')}</Fact>
        <Fact name="Finished">{time(job.finishedAt, 'not yet')}</Fact>
        <Fact name="Took">{took === null ? 'not started' : duration(took)}</Fact>
        <Fact name="Attempts">{count(job.attempts)}</Fact>
        {job.forecast && (
          <Fact name="Forecast">
            {counted(job.forecast.calls, 'look-up')}, {count(job.forecast.leftToday)} left today
          </Fact>
        )}
        {job.archivedAt !== null && <Fact name="Archived">{time(job.archivedAt, '')}</Fact>}
        <Fact name="Id">
          <span className="mono">{job.id}</span>
        </Fact>
      </dl>
      <div>
        <h3 className="pb-1 text-13 font-strong">Counts</h3>
        {job.result === null ? (
          <p className="text-13 text-text-2">None yet.</p>
        ) : (
          <dl className="facts">
            {countsOf(job.result).map(([name, value]) => (
              <Fact key={name} name={capitalized(countName(name))}>
                {count(value)}
              </Fact>
            ))}
          </dl>
        )}
      </div>
      <Earlier job={job} />
      <div>
        <JobRows job={job} />
        <JobParts job={job} />
        <JobPayload job={job} />
      </div>
    </ScrollRegion>
  );
}

/** Why parts failed, the same reason once: only where the job's own sentence does not say it all. */
function Causes({ job }: { job: JobDetailView }) {
  const [only] = job.causes;
  const said = job.causes.length === 1 && only !== undefined && job.error?.includes(only.cause) === true;
  if (only === undefined || said) return null;
  return (
    <div>
      <h3 className="pb-1 text-13 font-strong">Causes</h3>
      <ul className="grid gap-2.5 text-13">
        {job.causes.map(({ cause, parts, failedNow }) => (
          <li key={cause}>
            <p>{cause}</p>
            <p className="text-12 text-muted">
              In {counted(parts, 'part')}
              {failedNow === parts ? '' : failedNow === 0 ? ', mended since' : `, ${count(failedNow)} still`}
            </p>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** The attempts before the last one. */
function Earlier({ job }: { job: JobDetailView }) {
  const { timeZone } = useConfig();
  const now = useNow(60_000);
  if (job.earlier.length === 0) return null;
  return (
    <div>
      <h3 className="pb-1 text-13 font-strong">Attempts before</h3>
      <dl className="facts">
        {job.earlier.map((attempt) => (
          <Fact
            key={attempt.finishedAt ?? ''}
            name={attempt.finishedAt === null ? 'not ended' : moment(attempt.finishedAt, timeZone, now)}
          >
            {STATE_LABELS[attempt.status].text}
            {attempt.partsFailed > 0 && `, ${counted(attempt.partsFailed, 'part')} failed`}
            {attempt.durationMs !== null && `, after ${duration(attempt.durationMs)}`}
          </Fact>
        ))}
      </dl>
    </div>
  );
}
