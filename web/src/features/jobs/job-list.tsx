import { JOB_STATES, type jobListSchema, type JobView } from '#shared/jobs/contract.ts';
import { TASK_TYPES } from '#shared/composition/tasks.ts';
import { duration, moment } from '#shared/kernel/format.ts';
import { useNow } from '#web/shared/format/time.ts';
import { useConfig } from '#web/shared/identity/config.ts';
import { useMe } from '#web/shared/identity/current-user.tsx';
import { taskName } from '#web/shared/jobs/start-options.ts';
import { Button } from '#web/shared/ui/button.tsx';
import { classNames } from '#web/shared/ui/class-names.ts';
import { CsvButton, type CsvColumn } from '#web/shared/ui/csv-button.tsx';
import { SelectField, useUrlFilters } from '#web/shared/ui/filters.tsx';
import { LoadFailure } from '#web/shared/ui/note.tsx';
import { Empty, Panel, SkeletonRows } from '#web/shared/ui/panel.tsx';
import { ScrollRegion } from '#web/shared/ui/table.tsx';
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import type * as z from 'zod';
import { jobDuration, resultLabel, starterLabel, STATE_LABELS } from './job-labels.ts';
import { JobProgress, JobState } from './job-state.tsx';

interface JobListProps {
  readonly list: UseInfiniteQueryResult<InfiniteData<z.infer<typeof jobListSchema>>>;
  readonly chosenId: string | undefined;
  readonly onChoose: (id: string) => void;
}

const STATUS_OPTIONS = [
  { value: '', text: 'All states' },
  ...JOB_STATES.map((value) => ({ value, text: STATE_LABELS[value].text })),
];
const TYPE_OPTIONS = [
  { value: '', text: 'All types' },
  ...TASK_TYPES.map((value) => ({ value, text: taskName(value) })),
];

const csvOf = (sub: string, now: Date): readonly CsvColumn<JobView>[] => [
  { name: 'Job', of: ({ taskType }) => taskName(taskType) },
  { name: 'Job id', of: ({ id }) => id },
  { name: 'Created', at: ({ createdAt }) => createdAt },
  { name: 'Started by', of: (job) => starterLabel(job, sub) },
  { name: 'State', of: ({ status }) => STATE_LABELS[status].text },
  { name: 'Result', of: ({ error, result }) => error ?? resultLabel(result) },
  {
    name: 'Took',
    of: (job) => {
      const took = jobDuration(job, now);
      return took === null ? null : duration(took);
    },
  },
];

export function JobList({ list, chosenId, onChoose }: JobListProps) {
  const { timeZone } = useConfig();
  const now = useNow(5_000);
  const { sub } = useMe();
  const [params, setFilters] = useUrlFilters();
  const jobs = list.data?.pages.flatMap((page) => page.items);
  const filtered = params.has('status') || params.has('type');
  const clear = () => setFilters({ status: null, type: null });
  return (
    <Panel label="Jobs" busy={list.isPending}>
      <div className="panel-head pb-3.5">
        <SelectField
          label="State"
          value={params.get('status') ?? ''}
          onChange={(status) => setFilters({ status })}
          options={STATUS_OPTIONS}
        />
        <SelectField
          label="Type"
          value={params.get('type') ?? ''}
          onChange={(type) => setFilters({ type })}
          options={TYPE_OPTIONS}
        />
        {list.dataUpdatedAt > 0 && (
          <span className="as-of">
            as of {moment(new Date(list.dataUpdatedAt).toISOString(), timeZone, now)}
          </span>
        )}
        {jobs && jobs.length > 0 && (
          <div className="end">
            <CsvButton
              caption="Jobs"
              columns={csvOf(sub, now)}
              rows={jobs}
              asOf={new Date(list.dataUpdatedAt).toISOString()}
              more={list.hasNextPage}
            />
          </div>
        )}
      </div>
      {list.isError && (
        <div className="px-5 pb-4">
          <LoadFailure
            what={jobs ? 'The newest jobs' : 'The jobs'}
            safe="Jobs continue automatically."
            error={list.error}
            retrying={list.isFetching}
            onRetry={() => void list.refetch()}
          />
        </div>
      )}
      {list.isPending && <SkeletonRows label="jobs" rows={8} />}
      {jobs?.length === 0 && !filtered && (
        <Empty kind="never" heading="h2" title="No jobs yet">
          Every score read, sweep and bulk action is listed here. The next round of reads starts within 5
          minutes.
        </Empty>
      )}
      {jobs?.length === 0 && filtered && (
        <Empty
          kind="filtered"
          heading="h2"
          title="No job matches the filters"
          action={<Button onClick={clear}>Clear the filters</Button>}
        >
          Other jobs are hidden by state or type.
        </Empty>
      )}
      {jobs && jobs.length > 0 && (
        <ScrollRegion label="Job table">
          <table className="table tall">
            <caption className="sr-only">Jobs, newest first</caption>
            <thead>
              <tr>
                <th scope="col" className="sm:w-[34%]">
                  Job
                </th>
                <th scope="col">State</th>
                <th scope="col" className="wide-only">
                  Result
                </th>
                <th scope="col" className="num wide-only">
                  Took
                </th>
              </tr>
            </thead>
            <tbody>
              {jobs.map((job) => (
                <Line key={job.id} job={job} chosen={job.id === chosenId} onChoose={onChoose} now={now} />
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      )}
      {list.hasNextPage && (
        <div className="panel-foot">
          <Button
            small
            onClick={() => void list.fetchNextPage()}
            aria-disabled={list.isFetchingNextPage || undefined}
          >
            {list.isFetchingNextPage ? 'Loading more' : 'Load older jobs'}
          </Button>
        </div>
      )}
    </Panel>
  );
}

interface LineProps {
  readonly job: JobView;
  readonly chosen: boolean;
  readonly onChoose: (id: string) => void;
  readonly now: Date;
}

function Line({ job, chosen, onChoose, now }: LineProps) {
  const { timeZone } = useConfig();
  const { sub } = useMe();
  const took = jobDuration(job, now);
  return (
    <tr className={classNames(chosen && 'selected')}>
      <th scope="row">
        <span className="grid min-w-0">
          <button
            type="button"
            id={`job-${job.id}`}
            className="name"
            aria-current={chosen || undefined}
            onClick={() => onChoose(job.id)}
          >
            {taskName(job.taskType)}
          </button>
          <span className="text-12 text-muted">
            {moment(job.createdAt, timeZone, now)}, {starterLabel(job, sub)}
          </span>
        </span>
      </th>
      <td>
        <span className="grid justify-items-start gap-1">
          <JobState status={job.status} />
          <JobProgress job={job} />
        </span>
      </td>
      <td className="wide-only text-text-2">
        {job.error === null ? (
          (resultLabel(job.result) ?? 'none yet')
        ) : (
          <span className="text-error">{job.error}</span>
        )}
      </td>
      <td className="num wide-only whitespace-nowrap text-text-2">
        {took === null ? 'not started' : duration(took)}
      </td>
    </tr>
  );
}
