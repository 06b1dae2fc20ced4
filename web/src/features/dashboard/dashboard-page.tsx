import { DIVISIONS } from '#shared/competitors/division.ts';
import type { DashboardView } from '#shared/dashboard/contract.ts';
import { useAlerts } from '#web/shared/alerts/alerts.ts';
import { useApi } from '#web/shared/api/api-context.ts';
import { counted, divisionName, duration, moment } from '#shared/kernel/format.ts';
import { useNow } from '#web/shared/format/time.ts';
import { freshnessBarOf } from '#web/shared/freshness/freshness-bar.ts';
import { CoachFilter } from '#web/shared/identity/coaches.tsx';
import { useConfig } from '#web/shared/identity/config.ts';
import { seesAllCoaches, useActingAs, useMe } from '#web/shared/identity/current-user.tsx';
import { SelectField, useUrlFilters } from '#web/shared/ui/filters.tsx';
import { LoadFailure, Note } from '#web/shared/ui/note.tsx';
import { usePageTitle } from '#web/shared/ui/page.tsx';
import { Button } from '#web/shared/ui/button.tsx';
import { Empty, Panel, Skeleton, SkeletonRows } from '#web/shared/ui/panel.tsx';
import { DataTable } from '#web/shared/ui/table.tsx';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { Alerts } from './alerts.tsx';
import { Brief } from './brief.tsx';
import { dashboardQuery } from '#web/shared/dashboard/dashboard-query.ts';
import { FirstSteps, isNewcomer } from './first-steps.tsx';
import { Kpis } from './kpis.tsx';
import { Leaderboard } from './leaderboard.tsx';
import { useDashboardFilters } from './filters.ts';
import { PeriodFilter } from './period-filter.tsx';
import { periodOf } from './period.ts';
import './dashboard.css';
import './sections.css';

/** Fetched once the first view stands. */
const CtfPanel = lazy(() => import('./ctf-panel.tsx'));
const TeamMatrix = lazy(() => import('./team-matrix.tsx'));
const Activity = lazy(() => import('./activity.tsx'));

/** Is anything wrong, who needs me, how are we doing: in words first, then the figures behind the answers. */
export default function DashboardPage() {
  const [params] = useUrlFilters();
  const now = useNow();
  const period = periodOf(params.get('period'));
  const dashboard = useQuery(dashboardQuery(useApi(), useActingAs(), useDashboardFilters(now)));
  // Asked for at the same time and waited for too, so that what stands below the alerts does not move.
  const alerts = useAlerts(seesAllCoaches(useMe()) ? params.get('coach') : null);
  const data = alerts.isPending ? undefined : dashboard.data;
  usePageTitle('Dashboard');
  const { coach } = useMe();
  // A coach of one's own roster; an admin keeps the filters that led here.
  const welcome = coach !== null && data !== undefined && isNewcomer(data) ? coach : null;
  return (
    <>
      <div className="page-head">
        <div>
          <h1>{welcome === null ? period.text : `Welcome, ${welcome.name}`}</h1>
          <p className="sub">
            {welcome !== null
              ? `${welcome.school}. Three steps, and your first scores come in.`
              : data
                ? scopeLine(data)
                : 'Competitors, teams, and scores'}
          </p>
        </div>
        {welcome === null && <DashboardFilters shown={data?.period} />}
      </div>
      {dashboard.isError && (
        <LoadFailure
          what={data ? 'Newer figures' : 'The dashboard'}
          safe={data ? 'The numbers below may be out of date.' : 'Your rosters are safe.'}
          error={dashboard.error}
          retrying={dashboard.isFetching}
          onRetry={() => void dashboard.refetch()}
        />
      )}
      {data === undefined && !dashboard.isError && <DashboardSkeleton />}
      {data && <Blocks data={data} now={now} outdated={dashboard.isPlaceholderData} />}
    </>
  );
}

const scopeLine = ({ scope, period }: DashboardView): string =>
  `${scope.title}, ${counted(scope.teams, 'team')}, ${counted(scope.competitors, 'competitor')}. ${period.label}`;

/** The figures. `outdated`: they belong to the filter chosen before, and the new ones are on their way. */
function Blocks({ data, now, outdated }: { data: DashboardView; now: Date; outdated: boolean }) {
  const { timeZone } = useConfig();
  const freshnessBar = freshnessBarOf(data.freshness, now);
  if (isNewcomer(data)) {
    return (
      <div className="blocks" aria-busy={outdated || undefined}>
        <FirstSteps scope={data.scope} />
        {data.scope.competitors > 0 && <Alerts />}
      </div>
    );
  }
  return (
    <div className="blocks" aria-busy={outdated || undefined}>
      <output className="sr-only">{outdated ? 'Loading the chosen filter' : ''}</output>
      <FreshnessNotes freshness={data.freshness} />
      {data.rollup?.ranked === false && (
        <Note tone="accent" title="The lists for these days are being added up">
          The leaderboard, teams, and streaks of all coaches show here within 10 minutes. The figures are
          there already.
        </Note>
      )}
      <NobodyFound scope={data.scope} />
      <Brief brief={data.brief} freshnessBar={freshnessBar} />
      <Alerts />
      <Kpis data={data} freshnessBar={freshnessBar} />
      <div className="performance">
        <Panel label="Challenges Done" freshnessBar={freshnessBar}>
          <Leaderboard data={data} now={now} />
        </Panel>
        <Panel label="Monthly CTF" freshnessBar={freshnessBar}>
          <Suspense fallback={<ChartSkeleton title="Monthly CTF" />}>
            <CtfPanel data={data} />
          </Suspense>
        </Panel>
      </div>
      <Panel label="Teams" freshnessBar={freshnessBar}>
        <Suspense fallback={<ChartSkeleton title="Teams" />}>
          <TeamMatrix data={data} now={now} />
        </Suspense>
      </Panel>
      <Suspense
        fallback={
          <Panel label="Activity">
            <ChartSkeleton title="Activity" />
          </Panel>
        }
      >
        <Activity data={data} now={now} />
      </Suspense>
      <footer className="page-foot">
        <span>
          {data.freshness.asOf === null
            ? 'No scores have been read yet.'
            : `All figures as of ${moment(data.freshness.asOf, timeZone, now)} unless a line says otherwise.`}{' '}
          {data.rollup !== null && `Added up over all coaches ${moment(data.rollup.asOf, timeZone, now)}. `}
          Days are in the time zone {timeZone.replaceAll('_', ' ')}.
        </span>
        <span>
          The line on top of each block shows how old its data is: full is fresh, amber dashes are late.
        </span>
        <ReadsTable freshness={data.freshness} now={now} />
      </footer>
    </div>
  );
}

const DIVISION_OPTIONS = [
  { value: '', text: 'All divisions' },
  ...DIVISIONS.map((value) => ({ value, text: divisionName(value) })),
];

/** Coach (for admins), division, period: kept in the address. */
function DashboardFilters({ shown }: { shown: DashboardView['period'] | undefined }) {
  const [params, set] = useUrlFilters();
  return (
    <fieldset className="tools" aria-label="Filters">
      <CoachFilter />
      <SelectField
        label="Division"
        value={params.get('division') ?? ''}
        onChange={(division) => set({ division, page: null })}
        options={DIVISION_OPTIONS}
      />
      <PeriodFilter shown={shown} />
    </fieldset>
  );
}

/** The shape of what comes; said once. */
function DashboardSkeleton() {
  return (
    <div className="blocks" aria-busy>
      <output className="sr-only">Loading the dashboard</output>
      <div className="brief" aria-hidden>
        {[1, 2, 3].map((key) => (
          <section key={key}>
            <Skeleton width={120} />
            <Skeleton width="80%" height={22} />
            <Skeleton width="95%" />
          </section>
        ))}
      </div>
      <div className="kpis" aria-hidden>
        {[1, 2, 3, 4, 5].map((key) => (
          <div key={key} className="panel kpi">
            <div className="grid content-start gap-3">
              <Skeleton width={128} />
              <Skeleton width={84} height={34} />
              <Skeleton width={150} height={10} />
              <Skeleton width="100%" height={36} />
              <Skeleton width={140} height={10} />
            </div>
          </div>
        ))}
      </div>
      <div className="panel">
        <div className="panel-head">
          <h2>Challenges Done</h2>
        </div>
        <SkeletonRows label="the leaderboard" rows={8} />
      </div>
      <div className="panel" aria-hidden>
        <ChartSkeleton title="Monthly CTF" />
      </div>
    </div>
  );
}

const ChartSkeleton = ({ title }: { title: string }) => (
  <>
    <div className="panel-head">
      <h2>{title}</h2>
    </div>
    <div className="ctf-body">
      <output className="sr-only">Loading {title}</output>
      <Skeleton width="40%" height={34} />
      <Skeleton width="100%" height={260} />
    </div>
  </>
);

/** A filter that leaves nobody is said once, with the way back; the parts below keep their places. */
function NobodyFound({ scope }: { scope: DashboardView['scope'] }) {
  const [params, set] = useUrlFilters();
  if (scope.competitors > 0 || (scope.division === null && !params.has('coach'))) return null;
  return (
    <Panel label="No one found">
      <Empty
        kind="filtered"
        heading="h2"
        title="No one matches these filters"
        action={
          <Button look="primary" onClick={() => set({ division: null, coach: null, page: null })}>
            Show everyone
          </Button>
        }
      >
        {scope.division === null
          ? 'This coach has no competitors.'
          : `No one here is in ${divisionName(scope.division)}.`}
      </Empty>
    </Panel>
  );
}

/** What the age of the figures means, where it is not simply fresh. */
function FreshnessNotes({ freshness }: { freshness: DashboardView['freshness'] }) {
  const { state, late, expected, promiseSeconds } = freshness;
  if (state === 'paused') {
    return (
      <Note tone="accent" title="Sync is paused by the program">
        Keep editing. Your changes are saved and go out when sync is back on.
      </Note>
    );
  }
  if (state === 'stale') {
    return (
      <Note tone="warning" title="Scores are late">
        {late} of {counted(expected, 'competitor')} {late === 1 ? 'was' : 'were'} last read more than{' '}
        {duration(promiseSeconds * 1000)} ago, or never. They may have solved more than we show. We keep
        trying.
      </Note>
    );
  }
  return null;
}

const WORDS = { ok: 'on time', late: 'late', missed: 'missed' } as const;

/** The rail in the top bar as a table. */
function ReadsTable({ freshness, now }: { freshness: DashboardView['freshness']; now: Date }) {
  const { timeZone } = useConfig();
  return (
    <DataTable
      label="Score reads of the last 24 hours as a table"
      asOf={freshness.asOf}
      caption="Planned score reads of the last 24 hours, newest first"
      columns={['Planned for', 'Result', 'New solves']}
      rows={freshness.ticks
        .map((tick) => ({
          key: tick.at,
          cells: [{ at: tick.at, words: moment(tick.at, timeZone, now) }, WORDS[tick.state], tick.newSolves],
        }))
        .toReversed()}
    />
  );
}
