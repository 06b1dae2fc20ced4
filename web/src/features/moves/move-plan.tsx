import { count, counted, plural } from '#shared/kernel/format.ts';
import type { MoveRow } from '#shared/moves/contract.ts';
import { useApi } from '#web/shared/api/api-context.ts';
import { matches } from '#web/shared/format/text.ts';
import { PlanSteps, TypedConfirm } from '#web/shared/jobs/plan-run.tsx';
import { Badge, type Tone } from '#web/shared/ui/badge.tsx';
import { Button, ButtonLink } from '#web/shared/ui/button.tsx';
import { CsvButton } from '#web/shared/ui/csv-button.tsx';
import { Figures } from '#web/shared/ui/figures.tsx';
import { CountedFilters, SearchField } from '#web/shared/ui/filters.tsx';
import { ActFailure, Note } from '#web/shared/ui/note.tsx';
import { Empty, Panel } from '#web/shared/ui/panel.tsx';
import { pageOf } from '#web/shared/ui/sorted-pages.ts';
import { Pager, ScrollRegion } from '#web/shared/ui/table.tsx';
import { useMutation } from '@tanstack/react-query';
import { ArrowRight, Check, type LucideIcon, Minus, TriangleAlert } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { Link } from 'react-router';
import { applyMove, moveQuery, type WholeMove } from './move-api.ts';
import {
  byWeight,
  effectOf,
  MOVE_CSV,
  moveFigures,
  movedLabel,
  nameOf,
  outcomeWord,
  sumsOf,
} from './move-labels.ts';

interface MovePlanProps {
  readonly planId: string;
  /** Of the move, once it was asked for. */
  readonly appliedId: string | null;
  readonly onApplied: (jobId: string) => void;
  readonly onAgain: () => void;
}

/** Steps 2 and 3: every change, then what became of each. */
export function MovePlan({ planId, appliedId, onApplied, onAgain }: MovePlanProps) {
  const api = useApi();
  return (
    <PlanSteps
      planId={planId}
      appliedId={appliedId}
      taskType="competitor_move"
      viewOf={(jobId) => moveQuery(api, jobId)}
      words={WORDS}
      onAgain={onAgain}
    >
      {(view, applied) => (
        <Shown view={view} planId={planId} applied={applied} onApplied={onApplied} onAgain={onAgain} />
      )}
    </PlanSteps>
  );
}

const WORDS = {
  during: 'Moving.',
  unfinished: {
    title: 'The move did not finish',
    safe: 'Those who moved are complete. Try the job again under Jobs: it does only the rest.',
  },
  notMade: 'Nothing was moved.',
  safe: 'Looking at it moves no one.',
};

interface ShownProps {
  readonly view: WholeMove;
  readonly planId: string;
  readonly applied: boolean;
  readonly onApplied: (jobId: string) => void;
  readonly onAgain: () => void;
}

const Shown = ({ view, planId, applied, onApplied, onAgain }: ShownProps) => (
  <>
    {applied && (
      <Note tone="ok" title="Moved" said="when free">
        <p>{movedLabel(view.rows, view.to.name)} Both coaches see it in their activity.</p>
        <ButtonLink small className="mt-2.5" to={`/competitors?coach=${encodeURIComponent(view.to.id)}`}>
          Show the list of {view.to.name}
        </ButtonLink>
      </Note>
    )}
    <Figures label="The plan in numbers" figures={moveFigures(view.rows, applied)} />
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
      <Rows view={view} applied={applied} />
      <div className="grid gap-4">
        {!applied && <Apply view={view} planId={planId} onApplied={onApplied} onAgain={onAgain} />}
        <GoesAlong rows={view.rows} to={view.to.name} />
      </div>
    </div>
  </>
);

function Apply({ view, planId, onApplied, onAgain }: Omit<ShownProps, 'applied'>) {
  const api = useApi();
  const { going } = sumsOf(view.rows);
  const apply = useMutation({
    mutationFn: () => applyMove(api, planId),
    onSuccess: ({ jobId }) => onApplied(jobId),
  });
  return (
    <Panel label="Apply">
      <div className="panel-head">
        <h2>Apply</h2>
      </div>
      <div className="panel-body grid gap-4">
        {view.appliedBy !== null ? (
          <>
            <p className="text-13 text-text-2">This plan was applied.</p>
            <Button onClick={() => onApplied(view.appliedBy ?? '')}>Show the result</Button>
          </>
        ) : going === 0 ? (
          <>
            <p className="text-13 text-text-2">This plan moves no one.</p>
            <Button onClick={onAgain}>Make another plan</Button>
          </>
        ) : (
          <TypedConfirm
            number={going}
            meaning="to confirm everyone who moves"
            button={`Move ${counted(going, 'competitor')}`}
            pending={apply.isPending}
            onConfirm={() => apply.mutate()}
          >
            <p className="flex flex-wrap items-center gap-2 text-16 font-medium">
              <bdi>{sumsOf(view.rows).coaches.join(', ')}</bdi>
              <ArrowRight size={16} aria-label="to" />
              <bdi>{view.to.name}</bdi>
            </p>
          </TypedConfirm>
        )}
        {apply.isError && (
          <>
            <ActFailure
              title="Not moved"
              error={apply.error}
              again="It is safe to try again: it is done once."
            />
            <Button onClick={onAgain}>Make the plan again</Button>
          </>
        )}
        <p className="text-12 text-muted">
          It can be undone by moving them back. Whoever changes meanwhile stays, and is listed.
        </p>
      </div>
    </Panel>
  );
}

function GoesAlong({ rows, to }: { rows: readonly MoveRow[]; to: string }) {
  const { leaving, whole } = sumsOf(rows);
  return (
    <Panel label="What goes along">
      <div className="panel-head">
        <h2>What goes along</h2>
      </div>
      <ul className="panel-body grid gap-2.5 text-13 text-text-2">
        <Point icon={Check}>Account, solves, report card and release, with all points</Point>
        <Point icon={Check}>What is open for them: {to} sees it as their own</Point>
        {whole.length > 0 && (
          <Point icon={Check}>
            {counted(whole.length, 'whole team')}; on the platform{' '}
            {plural(whole.length, 'it stays', 'they stay')} under the coach who made{' '}
            {plural(whole.length, 'it', 'them')}
          </Point>
        )}
        {leaving > 0 && (
          <Point icon={Minus}>
            Not the team of those who leave one: {to} puts them on another. Their scores are read once more
            before the platform takes them off.
          </Point>
        )}
        <Point icon={Minus}>Not the old coach’s view: lists and figures leave them out from then on</Point>
      </ul>
    </Panel>
  );
}

const Point = ({ icon: Icon, children }: { icon: LucideIcon; children: ReactNode }) => (
  <li className="grid grid-cols-[14px_minmax(0,1fr)] gap-2">
    <Icon size={14} className="mt-[3px] text-muted" aria-hidden />
    <span>{children}</span>
  </li>
);

const PAGE = 20;
const TONES: Readonly<Record<MoveRow['outcome'], Tone>> = {
  move: 'accent',
  moved: 'ok',
  unchanged: 'neutral',
  refused: 'warning',
};
const ICONS: Readonly<Record<MoveRow['outcome'], LucideIcon>> = {
  move: ArrowRight,
  moved: Check,
  unchanged: Minus,
  refused: TriangleAlert,
};

const FILTERS = [
  { id: 'all', text: 'All', passes: () => true },
  { id: 'leaves', text: 'Leave a team', passes: ({ teamEffect }: MoveRow) => teamEffect === 'leaves' },
  { id: 'along', text: 'With their team', passes: ({ teamEffect }: MoveRow) => teamEffect === 'comes_along' },
  {
    id: 'stay',
    text: 'Stay',
    passes: ({ outcome }: MoveRow) => outcome === 'refused' || outcome === 'unchanged',
  },
] as const;

function Rows({ view, applied }: { view: WholeMove; applied: boolean }) {
  const [filter, setFilter] = useState<string>('all');
  const [search, setSearch] = useState('');
  const [index, setIndex] = useState(0);
  const passes = FILTERS.find(({ id }) => id === filter)?.passes ?? (() => true);
  const found = view.rows
    .filter((row) => passes(row) && matches(search, row.name, row.team?.name ?? null, row.from?.name ?? null))
    .toSorted(byWeight);
  const page = pageOf(found, index, PAGE);
  return (
    <Panel label="Changes">
      <div className="panel-head">
        <h2>{applied ? 'What became of each' : 'Every change'}</h2>
        <div className="end">
          <SearchField
            label="Find a competitor, team or coach"
            placeholder="Competitor or team"
            value={search}
            onChange={(text) => {
              setSearch(text);
              setIndex(0);
            }}
          />
          <CsvButton
            caption="Move of competitors"
            columns={MOVE_CSV}
            rows={found}
            asOf={view.readAt}
            more={view.more}
          />
        </div>
      </div>
      <div className="px-4 pt-2 pb-3 sm:px-5">
        <CountedFilters
          label="Show"
          known
          more={view.more}
          options={FILTERS.map(({ id, text, passes: lets }) => ({
            id,
            text,
            count: view.rows.filter(lets).length,
          }))}
          chosenId={filter}
          onChoose={(id) => {
            setFilter(id);
            setIndex(0);
          }}
        />
      </div>
      {found.length === 0 ? (
        <Empty
          kind="filtered"
          title="No one passes this filter"
          action={
            <Button
              onClick={() => {
                setFilter('all');
                setSearch('');
              }}
            >
              Show everyone
            </Button>
          }
        >
          The plan is about {counted(view.rows.length, 'competitor')}.
        </Empty>
      ) : (
        <ScrollRegion label="Changes by competitor">
          <table className="table tall">
            <caption className="sr-only">Who moves, from whom, and what becomes of their team</caption>
            <thead>
              <tr>
                <th scope="col">Competitor</th>
                <th scope="col" className="wide-only">
                  From
                </th>
                <th scope="col" className="wide-only">
                  Team
                </th>
                <th scope="col" className="num wide-only">
                  Challenges
                </th>
                <th scope="col" className="num">
                  Result
                </th>
              </tr>
            </thead>
            <tbody>
              {page.rows.map((row) => (
                <tr key={row.competitorId}>
                  <th scope="row">
                    <span className="grid min-w-0">
                      {row.name === null ? (
                        <span className="name">{nameOf(row)}</span>
                      ) : (
                        <Link className="name" to={`/competitors/${encodeURIComponent(row.competitorId)}`}>
                          <bdi>{row.name}</bdi>
                        </Link>
                      )}
                      <span className="text-12 text-muted">
                        {row.grade === null ? 'no grade' : `grade ${row.grade}`}
                        <span className="narrow-only">, {effectOf(row)}</span>
                      </span>
                    </span>
                  </th>
                  <td className="wide-only text-text-2">{row.from?.name ?? ''}</td>
                  <td className="wide-only">{effectOf(row)}</td>
                  <td className="num wide-only">{row.onPlatform ? count(row.challenges) : 'no account'}</td>
                  <td className="num">
                    <Badge tone={TONES[row.outcome]} icon={ICONS[row.outcome]}>
                      {outcomeWord(row)}
                    </Badge>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      )}
      {found.length > PAGE && (
        <div className="panel-foot">
          <Pager
            what="changes"
            from={page.from}
            shown={page.rows.length}
            of={found.length}
            onBack={page.index > 0 ? () => setIndex(page.index - 1) : null}
            onNext={page.index < page.last ? () => setIndex(page.index + 1) : null}
          />
        </div>
      )}
    </Panel>
  );
}
