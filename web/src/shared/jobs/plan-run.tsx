import type { TaskType } from '#shared/composition/tasks.ts';
import type { JobView } from '#shared/jobs/contract.ts';
import { count } from '#shared/kernel/format.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useApi } from '../api/api-context.ts';
import { ApiError } from '../api/api-error.ts';
import { Button } from '../ui/button.tsx';
import { TextInput } from '../ui/inputs.tsx';
import { LoadFailure, Note } from '../ui/note.tsx';
import { Empty, Panel, SkeletonRows } from '../ui/panel.tsx';
import { ownJobQuery } from './job-api.ts';

/** Plans that are made by a job, read, and then applied by another one. */

const PAGE = 200;
/** 10,000 rows: a plan of more is looked at by its sums and its file. */
const MOST_PAGES = 50;

type PlanPage<Row> = { readonly items: readonly Row[]; readonly nextCursor: string | null };

/** A plan with all of its rows. */
export type WholePlan<Page extends PlanPage<unknown>> = Omit<Page, 'items' | 'nextCursor'> & {
  readonly rows: readonly Page['items'][number][];
  /** When it was read, ISO 8601. */
  readonly readAt: string;
  /** There are rows that were not loaded. */
  readonly more: boolean;
};

interface PlanQuery<View> {
  readonly queryKey: readonly [name: string, jobId: string];
  readonly queryFn: (context: { readonly signal: AbortSignal }) => Promise<View>;
}

/** Reads all pages of a plan, up to 10,000 rows. */
export const wholePlanQuery = <Page extends PlanPage<unknown>>(
  name: string,
  jobId: string,
  read: (
    query: { readonly limit: number; readonly cursor: string | null },
    signal: AbortSignal,
  ) => Promise<Page>,
): PlanQuery<WholePlan<Page>> => ({
  queryKey: [name, jobId],
  queryFn: async ({ signal }) => {
    const rows: Page['items'][number][] = [];
    let cursor: string | null = null;
    for (let page = 1; ; page += 1) {
      const { items, nextCursor, ...view }: Page = await read({ limit: PAGE, cursor }, signal);
      rows.push(...items);
      cursor = nextCursor;
      if (cursor === null || page === MOST_PAGES)
        return { ...view, rows, readAt: new Date().toISOString(), more: cursor !== null };
    }
  },
});

/** How a job of one type stands; `unknown`: there is no such job, or it is of another type. */
export function usePlanJob(jobId: string | null, taskType: TaskType) {
  const query = useQuery({ ...ownJobQuery(useApi(), null, jobId ?? ''), enabled: jobId !== null });
  const job = query.data?.taskType === taskType ? query.data : undefined;
  const unknown =
    (query.error instanceof ApiError && query.error.facts.status === 404) ||
    (query.data !== undefined && job === undefined);
  return { query, job, unknown, over: job !== undefined && job.finishedAt !== null };
}

interface RunStateProps {
  readonly run: ReturnType<typeof usePlanJob>;
  /** Said while it runs: "Moving." */
  readonly during: string;
  /** Said where it did not finish. */
  readonly failed: { readonly title: string; readonly safe: string };
}

/** How far a job is, or why it did not finish. */
export function RunState({ run: { query, job, over }, during, failed }: RunStateProps) {
  return (
    <>
      {query.isError && (
        <LoadFailure
          what="How far it is"
          safe="It keeps going if you leave this page."
          error={query.error}
          retrying={query.isFetching}
          onRetry={() => void query.refetch()}
        />
      )}
      <output className="text-13 text-text-2 empty:hidden">
        {!over && !query.isError && <Progress job={job} during={during} />}
      </output>
      {over && job !== undefined && job.status !== 'succeeded' && (
        <Note tone="error" title={failed.title} said="at once">
          <p>
            {job.error} {failed.safe}
          </p>
        </Note>
      )}
    </>
  );
}

const Progress = ({ job, during }: { job: JobView | undefined; during: string }) => (
  <span className="flex flex-wrap items-center gap-3">
    {during}
    {job !== undefined && job.progress.total > 0 && (
      <>
        <progress
          className="meter wide"
          aria-label="Progress"
          value={job.progress.done}
          max={job.progress.total}
        />
        {count(job.progress.done)} of {count(job.progress.total)}
      </>
    )}
    <span>It is safe to leave this page.</span>
  </span>
);

interface PlanStepsProps<View> {
  readonly planId: string;
  /** Of what applies it, once it was asked for. */
  readonly appliedId: string | null;
  readonly taskType: TaskType;
  readonly viewOf: (jobId: string) => PlanQuery<View>;
  readonly words: {
    /** Said while it is applied: "Moving." */
    readonly during: string;
    readonly unfinished: RunStateProps['failed'];
    readonly notMade: string;
    /** Said where the plan cannot be loaded: "Looking at it moves no one." */
    readonly safe: string;
  };
  readonly onAgain: () => void;
  readonly children: (view: View, applied: boolean) => ReactNode;
}

/** Steps 2 and 3: every change, then what became of each; until then, how far the job is. */
export function PlanSteps<View>({
  planId,
  appliedId,
  taskType,
  viewOf,
  words,
  onAgain,
  children,
}: PlanStepsProps<View>) {
  const queries = useQueryClient();
  const run = usePlanJob(appliedId ?? planId, taskType);
  const { over, job, unknown } = run;
  const options = viewOf(job?.id ?? '');
  const view = useQuery({ ...options, enabled: over });
  const [name] = options.queryKey;
  const applied = appliedId !== null;
  const done = applied && over;
  useEffect(() => {
    // Whatever is kept of lists, teams and figures is of before.
    if (done) void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== name });
  }, [done, queries, name]);
  if (unknown)
    return (
      <Panel label="Plan">
        <Empty
          kind="never"
          heading="h2"
          title="Plan not found"
          action={
            <Button look="primary" onClick={onAgain}>
              Make a plan
            </Button>
          }
        >
          The link may be old. A plan is kept for 14 days.
        </Empty>
      </Panel>
    );
  return (
    <>
      <RunState
        run={run}
        during={applied ? words.during : 'Looking at everyone.'}
        failed={applied ? words.unfinished : { title: 'No plan was made', safe: words.notMade }}
      />
      {view.isError && (
        <LoadFailure
          what="The plan"
          safe={words.safe}
          error={view.error}
          retrying={view.isFetching}
          onRetry={() => void view.refetch()}
        />
      )}
      {(!over || view.isPending) && !run.query.isError && !view.isError && (
        <Panel label="Plan" busy>
          <SkeletonRows label="the plan" rows={8} />
        </Panel>
      )}
      {over && view.data && children(view.data, applied)}
    </>
  );
}

interface TypedConfirmProps {
  /** What has to be typed. */
  readonly number: number;
  /** "to confirm everyone who moves". */
  readonly meaning: string;
  readonly button: string;
  readonly pending: boolean;
  readonly onConfirm: () => void;
  readonly children?: ReactNode;
}

/** A change of many people is asked for by typing how many. */
export function TypedConfirm({ number, meaning, button, pending, onConfirm, children }: TypedConfirmProps) {
  const [typed, setTyped] = useState('');
  const [error, setError] = useState<string>();
  const input = useRef<HTMLInputElement>(null);
  const press = () => {
    if (pending) return;
    if (typed.replaceAll(/[\s,]/g, '') === String(number)) {
      onConfirm();
      return;
    }
    setError(
      typed === '' ? `Type ${count(number)} first.` : `That is another number. Type ${count(number)}.`,
    );
    input.current?.focus();
  };
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        press();
      }}
    >
      {children}
      <TextInput
        ref={input}
        label={`Type ${count(number)} ${meaning}`}
        inputMode="numeric"
        autoComplete="off"
        value={typed}
        error={error}
        onChange={(value) => {
          setTyped(value);
          setError(undefined);
        }}
      />
      <Button type="submit" look="primary" aria-disabled={pending || undefined}>
        {pending ? 'Starting' : button}
      </Button>
    </form>
  );
}
