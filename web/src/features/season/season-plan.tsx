import { count, counted, plainDay } from '#shared/kernel/format.ts';
import type { RollOverRow } from '#shared/season/contract.ts';
import { useApi } from '#web/shared/api/api-context.ts';
import { matches } from '#web/shared/format/text.ts';
import { PlanSteps, TypedConfirm } from '#web/shared/jobs/plan-run.tsx';
import { Button, ButtonLink } from '#web/shared/ui/button.tsx';
import { CsvButton } from '#web/shared/ui/csv-button.tsx';
import { Figures } from '#web/shared/ui/figures.tsx';
import { CountedFilters, SearchField } from '#web/shared/ui/filters.tsx';
import { ActFailure, Note } from '#web/shared/ui/note.tsx';
import { Empty, Fact, Panel } from '#web/shared/ui/panel.tsx';
import { pageOf } from '#web/shared/ui/sorted-pages.ts';
import { Pager, ScrollRegion } from '#web/shared/ui/table.tsx';
import { useMutation } from '@tanstack/react-query';
import { Check, ChevronDown, ChevronRight, TriangleAlert } from 'lucide-react';
import { Fragment, useState } from 'react';
import { Link } from 'react-router';
import { applyRollOver, rollOverQuery, type WholeRollOver } from './season-api.ts';
import {
  byCoach,
  changeOf,
  effectOf,
  nameOf,
  peopleOf,
  ROLL_OVER_CSV,
  rollOverFigures,
  standsOut,
  sumsOf,
  teamLines,
  type OfCoach,
} from './season-labels.ts';

interface SeasonPlanProps {
  readonly planId: string;
  /** Of the roll-over, once it was asked for. */
  readonly appliedId: string | null;
  readonly onApplied: (jobId: string) => void;
  readonly onAgain: () => void;
}

/** Steps 2 and 3: every change, then what became of each. */
export function SeasonPlan({ planId, appliedId, onApplied, onAgain }: SeasonPlanProps) {
  const api = useApi();
  return (
    <PlanSteps
      planId={planId}
      appliedId={appliedId}
      taskType="season_roll_over"
      viewOf={(jobId) => rollOverQuery(api, jobId)}
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
  during: 'Rolling over.',
  unfinished: {
    title: 'The roll-over did not finish',
    safe: 'Whoever went up is complete. Try the job again under Jobs: it does only the rest.',
  },
  notMade: 'Nothing was changed.',
  safe: 'Looking at it changes nothing.',
};

interface ShownProps {
  readonly view: WholeRollOver;
  readonly planId: string;
  readonly applied: boolean;
  readonly onApplied: (jobId: string) => void;
  readonly onAgain: () => void;
}

function Shown({ view, planId, applied, onApplied, onAgain }: ShownProps) {
  const sums = sumsOf(view.rows);
  return (
    <>
      {applied && (
        <Note
          tone="ok"
          title={`Applied to ${counted(sums.up + sums.archived, 'competitor')}`}
          said="when free"
        >
          <p>
            The season starts {plainDay(view.seasonStart)}.{' '}
            {sums.skipped > 0 &&
              `${counted(sums.skipped, 'competitor')} changed since the plan and ${sums.skipped === 1 ? 'was' : 'were'} left alone.`}
          </p>
          <ButtonLink small className="mt-2.5" to="/competitors">
            Show competitors
          </ButtonLink>
        </Note>
      )}
      <Figures label="The plan in numbers" figures={rollOverFigures(view.rows, applied)} />
      {applied ? (
        <Changes view={view} title="What became of everyone, by coach" />
      ) : (
        <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
          <Changes view={view} title="What changes, by coach" />
          <div className="grid gap-4">
            <Apply view={view} planId={planId} onApplied={onApplied} onAgain={onAgain} />
            <Teams view={view} />
          </div>
        </div>
      )}
    </>
  );
}

function Apply({ view, planId, onApplied, onAgain }: Omit<ShownProps, 'applied'>) {
  const api = useApi();
  const sums = sumsOf(view.rows);
  const changing = sums.up + sums.archived;
  const apply = useMutation({
    mutationFn: () => applyRollOver(api, planId),
    onSuccess: ({ jobId }) => onApplied(jobId),
  });
  return (
    <Panel label="Apply">
      <div className="panel-head">
        <h2>Apply</h2>
      </div>
      <div className="panel-body grid gap-4">
        <dl className="facts">
          <Fact name="For">{view.coach?.name ?? 'The whole program'}</Fact>
          <Fact name="Season starts">{plainDay(view.seasonStart)}</Fact>
          <Fact name="Before">
            {view.seasonNow === null ? 'no season was set' : plainDay(view.seasonNow)}
          </Fact>
          <Fact name="Teams">{view.teams === 'keep' ? 'kept' : 'emptied'}</Fact>
        </dl>
        {view.appliedBy !== null ? (
          <Button onClick={() => onApplied(view.appliedBy ?? '')}>Show the result</Button>
        ) : changing === 0 ? (
          <p className="text-13 text-text-2">This plan changes no one.</p>
        ) : (
          <TypedConfirm
            number={sums.losing > 0 ? sums.losing : changing}
            meaning={
              sums.losing > 0 ? 'to confirm all who are archived or leave a team' : 'to confirm all who go up'
            }
            button={`Apply to ${counted(changing, 'competitor')}`}
            pending={apply.isPending}
            onConfirm={() => apply.mutate()}
          />
        )}
        {apply.isError && (
          <>
            <ActFailure
              title="Not applied"
              error={apply.error}
              again="It is safe to try again: it is done once."
            />
            <Button onClick={onAgain}>Make the plan again</Button>
          </>
        )}
        <Note tone="neutral" title="Can be taken back">
          <p>Whoever is archived can be activated again. Grades can be corrected. Teams keep their names.</p>
        </Note>
        <Note tone="warning" title="Cannot be taken back by itself">
          <p>
            Releases of last season are taken off the record, and the platform takes leaving members off their
            teams. Our history keeps all points. Whoever changes meanwhile is left alone and listed.
          </p>
        </Note>
      </div>
    </Panel>
  );
}

function Teams({ view }: { view: WholeRollOver }) {
  const lines = teamLines(view.rows);
  return (
    <Panel label="Teams">
      <div className="panel-head">
        <h2>Teams</h2>
        <span className="as-of">
          {view.teams === 'keep' ? 'kept with their names' : 'emptied, names stay'}
        </span>
      </div>
      <ul className="panel-body grid gap-3 text-13">
        {lines.length === 0 && <li className="text-text-2">There are no teams.</li>}
        {lines.map(({ kind, title, text }) => (
          <li key={title} className="grid grid-cols-[16px_minmax(0,1fr)] gap-2.5">
            {kind === 'ok' ? (
              <Check size={16} className="mt-0.5 text-ok" aria-hidden />
            ) : (
              <TriangleAlert size={16} className="mt-0.5 text-warning" aria-hidden />
            )}
            <span>
              <b>{title}</b>
              <span className="block text-text-2">{text}</span>
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

const FILTERS = [
  { id: 'all', text: 'All', passes: () => true },
  { id: 'up', text: 'Up', passes: ({ outcome }: RollOverRow) => outcome === 'up' },
  { id: 'archived', text: 'Archived', passes: ({ outcome }: RollOverRow) => outcome === 'archived' },
  {
    id: 'leaves',
    text: 'Leave a team',
    passes: ({ outcome, leavesTeam }: RollOverRow) => leavesTeam && outcome !== 'skipped',
  },
  {
    id: 'left',
    text: 'Left as they are',
    passes: ({ outcome }: RollOverRow) => outcome === 'left' || outcome === 'skipped',
  },
] as const;

const PAGE = 12;

/** Counts by coach; each unfolds to its people. A search unfolds all that it finds. */
function Changes({ view, title }: { view: WholeRollOver; title: string }) {
  const [filter, setFilter] = useState<string>('all');
  const [search, setSearch] = useState('');
  const [index, setIndex] = useState(0);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set(view.coach === null ? [] : [view.coach.id]));
  const people = peopleOf(view.rows);
  const passes = FILTERS.find(({ id }) => id === filter)?.passes ?? (() => true);
  const found = people.filter(
    (row) =>
      passes(row) &&
      matches(search, row.name, row.coach?.name ?? null, row.coach?.school ?? null, row.team?.name ?? null),
  );
  const coaches = byCoach(found);
  const page = pageOf(coaches, index, PAGE);
  const all = sumsOf(found);
  const narrowed = filter !== 'all' || search !== '';
  const toggle = (id: string) =>
    setOpen((before) =>
      before.has(id) ? new Set([...before].filter((one) => one !== id)) : new Set([...before, id]),
    );
  return (
    <Panel label="Changes">
      <div className="panel-head">
        <h2>{title}</h2>
        <span className="as-of">{counted(coaches.length, 'coach', 'coaches')}, largest first</span>
        <div className="end">
          <SearchField
            label="Find a competitor, coach or team"
            placeholder="Competitor, coach, team"
            value={search}
            onChange={(text) => {
              setSearch(text);
              setIndex(0);
            }}
          />
          <CsvButton
            caption="Season roll-over"
            columns={ROLL_OVER_CSV}
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
            count: people.filter(lets).length,
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
          The plan is about {counted(people.length, 'competitor')}.
        </Empty>
      ) : (
        <ScrollRegion label="Changes by coach">
          <table className="table tall">
            <caption className="sr-only">Changes by coach, each with its people</caption>
            <thead>
              <tr>
                <th scope="col">Coach</th>
                <th scope="col" className="num">
                  Up
                </th>
                <th scope="col" className="num">
                  Archived
                </th>
                <th scope="col" className="num wide-only">
                  To High School
                </th>
                <th scope="col" className="num wide-only">
                  Releases due
                </th>
                <th scope="col" className="num wide-only">
                  Left
                </th>
              </tr>
            </thead>
            <tbody>
              {page.rows.map((coach) => (
                <Fragment key={coach.id}>
                  <CoachLine
                    coach={coach}
                    open={narrowed || open.has(coach.id)}
                    onToggle={() => toggle(coach.id)}
                  />
                  {(narrowed || open.has(coach.id)) && (
                    <tr>
                      <td colSpan={6} className="!p-0">
                        <People rows={coach.rows} all={narrowed} />
                      </td>
                    </tr>
                  )}
                </Fragment>
              ))}
            </tbody>
            <tfoot>
              <tr>
                <th scope="row">All {count(coaches.length)}</th>
                <td className="num">{count(all.up)}</td>
                <td className="num">{count(all.archived)}</td>
                <td className="num wide-only">{count(all.toHighSchool)}</td>
                <td className="num wide-only">{count(all.releases)}</td>
                <td className="num wide-only">{count(all.left + all.skipped)}</td>
              </tr>
            </tfoot>
          </table>
        </ScrollRegion>
      )}
      {coaches.length > PAGE && (
        <div className="panel-foot">
          <Pager
            what="coaches"
            from={page.from}
            shown={page.rows.length}
            of={coaches.length}
            onBack={page.index > 0 ? () => setIndex(page.index - 1) : null}
            onNext={page.index < page.last ? () => setIndex(page.index + 1) : null}
          />
        </div>
      )}
    </Panel>
  );
}

function CoachLine({ coach, open, onToggle }: { coach: OfCoach; open: boolean; onToggle: () => void }) {
  const { sums } = coach;
  const Arrow = open ? ChevronDown : ChevronRight;
  return (
    <tr>
      <th scope="row">
        <span className="grid min-w-0 justify-items-start gap-0.5">
          <button
            type="button"
            className="name flex items-center gap-1.5"
            aria-expanded={open}
            onClick={onToggle}
          >
            <Arrow size={14} className="text-muted" aria-hidden />
            <bdi>{coach.name}</bdi>
          </button>
          <span className="text-12 text-muted">
            {coach.school}
            {sums.left + sums.skipped > 0 && (
              <span className="narrow-only">, {count(sums.left + sums.skipped)} left as they are</span>
            )}
          </span>
        </span>
      </th>
      <td className="num">{count(sums.up)}</td>
      <td className="num">{count(sums.archived)}</td>
      <td className="num wide-only">{count(sums.toHighSchool)}</td>
      <td className="num wide-only">{count(sums.releases)}</td>
      <td className="num wide-only">{count(sums.left + sums.skipped)}</td>
    </tr>
  );
}

/** Those to whom more happens than a grade; the others are behind a button, and all there. */
function People({ rows, all }: { rows: readonly RollOverRow[]; all: boolean }) {
  const [whole, setWhole] = useState(false);
  const sorted = rows.toSorted(
    (a, b) => Number(standsOut(b)) - Number(standsOut(a)) || nameOf(a).localeCompare(nameOf(b)),
  );
  const telling = sorted.filter(standsOut);
  const shown = all || whole || telling.length === 0 ? sorted : telling;
  const rest = sorted.length - shown.length;
  return (
    <ul className="border-l-2 border-accent bg-surface-1 text-13">
      {shown.map((row) => (
        <li
          key={row.subject}
          className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-0.5 border-t border-line px-4 py-2 first:border-t-0 sm:grid-cols-[minmax(0,2fr)_minmax(0,2fr)_minmax(0,4fr)] sm:px-5"
        >
          {row.name === null ? (
            <span className="text-text-2">{nameOf(row)}</span>
          ) : (
            <Link className="name" to={`/competitors/${encodeURIComponent(row.subject)}`}>
              <bdi>{row.name}</bdi>
            </Link>
          )}
          <span className="whitespace-nowrap">{changeOf(row)}</span>
          <span className="text-text-2 max-sm:col-span-2">{effectOf(row)}</span>
        </li>
      ))}
      {rest > 0 && (
        <li className="flex items-center gap-3 border-t border-line px-4 py-2 text-text-2 sm:px-5">
          {counted(rest, 'other')} only {rest === 1 ? 'goes' : 'go'} up a grade
          <Button small look="ghost" onClick={() => setWhole(true)}>
            Show them
          </Button>
        </li>
      )}
    </ul>
  );
}
