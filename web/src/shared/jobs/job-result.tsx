import type { JobView } from '#shared/jobs/contract.ts';
import type { TaskType } from '#shared/composition/tasks.ts';
import { useQuery } from '@tanstack/react-query';
import { Check, Clock, type LucideIcon, OctagonAlert, TriangleAlert, X } from 'lucide-react';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { useApi } from '../api/api-context.ts';
import { ApiError } from '../api/api-error.ts';
import { count } from '#shared/kernel/format.ts';
import { usePaused } from '../freshness/freshness-bar.ts';
import { useActingAs } from '../identity/current-user.tsx';
import { Badge, type Tone } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { classNames } from '../ui/class-names.ts';
import { CsvButton } from '../ui/csv-button.tsx';
import { LoadFailure, Note } from '../ui/note.tsx';
import { Panel } from '../ui/panel.tsx';
import { pageOf } from '../ui/sorted-pages.ts';
import { Pager, ScrollRegion } from '../ui/table.tsx';
import { allJobRows, type JobRowView, ownJobQuery } from './job-api.ts';
import { byOutcome, outcomeLabel, resultLabel } from './job-result-labels.ts';

interface JobResultProps {
  readonly jobId: string;
  /** What kind of job it has to be. */
  readonly taskType: TaskType;
  /** Whose results they are: "Competitor". */
  readonly who: string;
  readonly title: { readonly during: string; readonly after: string };
  /** By id, for those the page knows; the job itself holds no names. */
  readonly names: ReadonlyMap<string, string>;
  readonly className?: string;
  /** The job is over, now or long ago. */
  readonly onOver: () => void;
  readonly onShow: (id: string) => void;
  readonly onClose: () => void;
}

const POLL_MS = 2_000;

/** How far a job is that puts many on the platform, and what became of each. */
export function JobResult({
  jobId,
  taskType,
  who,
  title,
  names,
  className,
  onOver,
  onShow,
  onClose,
}: JobResultProps) {
  const api = useApi();
  const actingAs = useActingAs();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const query = useQuery(ownJobQuery(api, actingAs, jobId));
  const job = query.data?.taskType === taskType ? query.data : undefined;
  const over = job !== undefined && job.finishedAt !== null;
  const rows = useQuery({
    queryKey: ['job-rows', jobId, 'all', over],
    queryFn: ({ signal }) => allJobRows(api, { jobId, outcome: null, signal }),
    enabled: job !== undefined,
    placeholderData: (before) => before,
    refetchInterval: over ? false : POLL_MS,
  });
  const tellOver = useEffectEvent(onOver);
  useEffect(() => {
    if (over) tellOver();
  }, [over]);
  const unknown =
    (query.error instanceof ApiError && query.error.facts.status === 404) ||
    (query.data !== undefined && job === undefined);
  return (
    <Panel label={title.during} busy={!over && !unknown} className={classNames('mb-4', className)}>
      <div className="panel-head">
        <div>
          <h2 ref={heading} tabIndex={-1}>
            {over ? title.after : title.during}
          </h2>
        </div>
        <div className="end">
          {rows.data && rows.data.length > 0 && (
            <CsvButton
              caption={title.after}
              columns={[
                { name: who, of: ({ subject }) => names.get(subject) ?? subject },
                { name: 'Result', of: ({ outcome }) => outcomeLabel(outcome).text },
                { name: 'What to do', of: ({ message }) => message },
              ]}
              rows={rows.data.toSorted(byOutcome)}
              asOf={new Date(rows.dataUpdatedAt).toISOString()}
            />
          )}
          <Button small look="ghost" iconOnly aria-label="Close the result" onClick={onClose}>
            <X size={16} aria-hidden />
          </Button>
        </div>
      </div>
      <div className="panel-body grid flex-none gap-3 !pt-2">
        {unknown && (
          <Note tone="neutral" title="Result not found">
            Results are archived 14 days after the end. The list below shows how things are now.
          </Note>
        )}
        {query.isError && !unknown && (
          <LoadFailure
            what="How far it is"
            safe="It keeps going if you leave this page."
            error={query.error}
            retrying={query.isFetching}
            onRetry={() => void query.refetch()}
          />
        )}
        {query.isPending && <p className="text-13 text-text-2">Asking how far it is.</p>}
        {job && <State job={job} />}
        {rows.isError && (
          <LoadFailure
            what="The results"
            error={rows.error}
            retrying={rows.isFetching}
            onRetry={() => void rows.refetch()}
          />
        )}
      </div>
      {rows.data && rows.data.length > 0 && <Rows rows={rows.data} who={who} names={names} onShow={onShow} />}
    </Panel>
  );
}

function State({ job }: { job: JobView }) {
  const paused = usePaused();
  const { done, total } = job.progress;
  const underWay = job.finishedAt === null;
  return (
    <>
      <output className="grid gap-2 text-13 text-text-2">
        {underWay ? (
          <span className="flex flex-wrap items-center gap-3">
            {total === 0 ? (
              'Getting ready.'
            ) : (
              <>
                <progress className="meter wide" aria-label="Progress" value={done} max={total} />
                {count(done)} of {count(total)} done.
              </>
            )}{' '}
            It keeps going if you leave this page.
          </span>
        ) : (
          resultLabel(job)
        )}
      </output>
      {underWay && paused && (
        <Note tone="warning" title="The program has paused the platform">
          No one is added for now. It continues automatically. Nothing is lost, and you do not have to choose
          anyone again.
        </Note>
      )}
      {job.status === 'failed' && (
        <Note tone="error" title="It did not finish" said="when free">
          {job.error ?? 'Not everyone was handled.'} Those listed as added are added. Choose the others again;
          no one gets a second account.
        </Note>
      )}
      {job.status === 'cancelled' && (
        <Note tone="neutral" title="It was canceled">
          An admin stopped it at {count(done)} of {count(total)}. Those listed were dealt with before; choose
          the others again if they are still to be added.
        </Note>
      )}
    </>
  );
}

const PAGE_SIZE = 10;
const ICONS: Readonly<Record<Tone, LucideIcon>> = {
  ok: Check,
  error: OctagonAlert,
  warning: TriangleAlert,
  pending: Clock,
  accent: Check,
  neutral: Check,
};

interface RowsProps {
  readonly rows: readonly JobRowView[];
  readonly who: string;
  readonly names: ReadonlyMap<string, string>;
  readonly onShow: (id: string) => void;
}

function Rows({ rows, who, names, onShow }: RowsProps) {
  const [page, setPage] = useState(0);
  const shown = pageOf(rows.toSorted(byOutcome), page, PAGE_SIZE);
  return (
    <>
      <ScrollRegion label="Result for each">
        <table className="table">
          <caption className="sr-only">What became of each, those who need something first</caption>
          <thead>
            <tr>
              <th scope="col">{who}</th>
              <th scope="col">Result</th>
              <th scope="col" className="wide-only">
                What to do
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.rows.map(({ subject, outcome, message }) => {
              const { tone, text, open } = outcomeLabel(outcome);
              const words = message ?? (open ? 'Open it to see why.' : '');
              return (
                <tr key={subject}>
                  <th scope="row" className="text-left font-normal py-1.5">
                    <span className="grid min-w-0">
                      <button type="button" className="name" onClick={() => onShow(subject)}>
                        {names.get(subject) ?? 'Not in this list'}
                      </button>
                      {words !== '' && <span className="narrow-only text-12 text-muted">{words}</span>}
                    </span>
                  </th>
                  <td>
                    <Badge tone={tone} icon={ICONS[tone]}>
                      {text}
                    </Badge>
                  </td>
                  <td className="wide-only text-text-2">{words}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </ScrollRegion>
      {rows.length > PAGE_SIZE && (
        <div className="panel-foot">
          <Pager
            from={shown.from}
            shown={shown.rows.length}
            of={rows.length}
            onBack={shown.index > 0 ? () => setPage(shown.index - 1) : null}
            onNext={shown.index < shown.last ? () => setPage(shown.index + 1) : null}
            what="results"
          />
        </div>
      )}
    </>
  );
}
