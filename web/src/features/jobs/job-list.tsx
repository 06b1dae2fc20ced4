import { JOB_STARTERS, JOB_STATES, type jobListSchema, type JobView } from '#shared/jobs/contract.ts';
import { TASK_TYPES } from '#shared/composition/tasks.ts';
import { count, duration, moment } from '#shared/kernel/format.ts';
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
import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import type * as z from 'zod';
import { BulkBar } from './bulk-bar.tsx';
import {
  foldCount,
  foldFound,
  foldJobs,
  foldMarks,
  foldRead,
  foldSpan,
  type JobFold,
  type ListEntry,
} from './fold-jobs.ts';
import {
  filtersOf,
  filterWords,
  isFiltered,
  isSameFilter,
  NAMED_FILTERS,
  STARTER_NAMES,
} from './job-filters.ts';
import './jobs.css';
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

const BY_OPTIONS = [
  { value: '', text: 'Anyone' },
  ...JOB_STARTERS.map((value) => ({ value, text: STARTER_NAMES[value] })),
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
  const filters = filtersOf(params);
  const filtered = isFiltered(filters);
  const clear = () => setFilters({ status: null, type: null, by: null });
  const folds = params.get('rounds') !== 'each';
  const entries: readonly ListEntry[] =
    jobs === undefined ? [] : folds ? foldJobs(jobs, timeZone) : jobs.map((job) => ({ kind: 'job', job }));
  return (
    <Panel label="Jobs" busy={list.isPending}>
      <div className="panel-head">
        <fieldset className="segments" aria-label="Filters by name">
          {NAMED_FILTERS.map(({ name, ...named }) => (
            <button
              key={name}
              type="button"
              aria-pressed={isSameFilter(named, filters)}
              onClick={() => setFilters({ ...named })}
            >
              {name}
            </button>
          ))}
        </fieldset>
        <div className="end">
          <fieldset className="segments" aria-label="Quiet runs">
            <button type="button" aria-pressed={folds} onClick={() => setFilters({ rounds: null })}>
              Fold quiet runs
            </button>
            <button type="button" aria-pressed={!folds} onClick={() => setFilters({ rounds: 'each' })}>
              Every run
            </button>
          </fieldset>
        </div>
      </div>
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
        <SelectField
          label="Started by"
          value={params.get('by') ?? ''}
          onChange={(by) => setFilters({ by })}
          options={BY_OPTIONS}
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
      {filtered && <BulkBar filters={filters} />}
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
          Other jobs are hidden by the filter: {filterWords(filters)}.
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
              {entries.map((entry) =>
                entry.kind === 'job' ? (
                  <Line
                    key={entry.job.id}
                    job={entry.job}
                    chosen={entry.job.id === chosenId}
                    onChoose={onChoose}
                    now={now}
                  />
                ) : (
                  <FoldLines key={entry.key} fold={entry} chosenId={chosenId} onChoose={onChoose} now={now} />
                ),
              )}
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

/** The highest mark: more new solves in one round are drawn as high. */
const MOST_MARKED = 5;

interface FoldLinesProps {
  readonly fold: JobFold;
  readonly chosenId: string | undefined;
  readonly onChoose: (id: string) => void;
  readonly now: Date;
}

/** The quiet runs of an hour in one line, which opens to a line each. */
function FoldLines({ fold, chosenId, onChoose, now }: FoldLinesProps) {
  const { timeZone } = useConfig();
  const [open, setOpen] = useState(false);
  const isOpen = open || fold.jobs.some(({ id }) => id === chosenId);
  const found = foldFound(fold);
  return (
    <>
      <tr>
        <th scope="row">
          <span className="grid min-w-0">
            <button
              type="button"
              className="name flex items-center gap-2"
              aria-expanded={isOpen}
              onClick={() => setOpen(!isOpen)}
            >
              <ChevronRight
                size={14}
                aria-hidden
                className={isOpen ? 'rotate-90 text-muted' : 'text-muted'}
              />
              {foldCount(fold)}
            </button>
            <span className="text-12 text-muted">
              {foldSpan(fold, timeZone, now)}
              <span className="narrow-only">, {found}</span>
            </span>
          </span>
        </th>
        <td>
          <JobState status="succeeded" />
        </td>
        <td className="wide-only text-text-2">
          <span className="flex items-center gap-2.5">
            <span className="round-marks" aria-hidden>
              {foldMarks(fold).map((fresh, index) => (
                <i
                  // oxlint-disable-next-line react/no-array-index-key -- a mark is its place in time
                  key={index}
                  className={fresh > 0 ? 'found' : undefined}
                  style={
                    fresh > 0 ? { height: 6 + (Math.min(fresh, MOST_MARKED) / MOST_MARKED) * 14 } : undefined
                  }
                />
              ))}
            </span>
            {found}
          </span>
        </td>
        <td className="num wide-only whitespace-nowrap text-text-2">{count(foldRead(fold))} read</td>
      </tr>
      {isOpen &&
        fold.jobs.map((job) => (
          <Line key={job.id} job={job} chosen={job.id === chosenId} onChoose={onChoose} now={now} folded />
        ))}
    </>
  );
}

interface LineProps {
  readonly job: JobView;
  readonly chosen: boolean;
  readonly onChoose: (id: string) => void;
  readonly now: Date;
  /** One of an open fold. */
  readonly folded?: boolean;
}

function Line({ job, chosen, onChoose, now, folded = false }: LineProps) {
  const { timeZone } = useConfig();
  const { sub } = useMe();
  const took = jobDuration(job, now);
  return (
    <tr className={classNames(chosen && 'selected')}>
      <th scope="row">
        <span className={classNames('grid min-w-0', folded && 'pl-5.5')}>
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
          (resultLabel(job.result) ?? (job.status === 'succeeded' ? 'nothing to do' : 'none yet'))
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
