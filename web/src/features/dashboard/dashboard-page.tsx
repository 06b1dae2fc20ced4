import type { DashboardView } from '#shared/dashboard/contract.ts';
import { useQuery } from '@tanstack/react-query';
import { useApi } from '../../shared/api/api-context.ts';
import { counted } from '../../shared/format/numbers.ts';
import { dayIn, moment } from '../../shared/format/time.ts';
import { useNow } from '../../shared/format/use-now.ts';
import { useActingAs } from '../../shared/identity/acting-as.ts';
import { useConfig } from '../../shared/identity/get-config.ts';
import { seesAllCoaches, useMe } from '../../shared/identity/get-me.ts';
import { fuseOf } from '../../shared/ui/fuse.ts';
import { LoadFailure } from '../../shared/ui/load-failure.tsx';
import { usePageTitle } from '../../shared/ui/page-title.ts';
import { Panel } from '../../shared/ui/panel.tsx';
import { useUrlFilters } from '../../shared/ui/use-url-filters.ts';
import { dashboardQuery } from './api/get-dashboard.ts';
import { Brief } from './brief.tsx';
import { DashboardFilters } from './dashboard-filters.tsx';
import { DashboardSkeleton } from './dashboard-skeleton.tsx';
import './dashboard.css';
import { FreshnessNotes } from './freshness-notes.tsx';
import { Kpis } from './kpis.tsx';
import { Leaderboard } from './leaderboard.tsx';
import { periodOf, rangeOf } from './period.ts';
import { ReadsTwin } from './reads-twin.tsx';

/** Is anything wrong, who needs me, how are we doing: in words first, then the figures behind the answers. */
export default function DashboardPage() {
  const { timeZone } = useConfig();
  const me = useMe();
  const [params] = useUrlFilters();
  const now = useNow();
  const period = periodOf(params.get('period'));
  const dashboard = useQuery(
    dashboardQuery(useApi(), useActingAs(), {
      coachId: seesAllCoaches(me) ? params.get('coach') : null,
      division: params.get('division'),
      ...rangeOf(period.id, dayIn(timeZone, now)),
    }),
  );
  const { data } = dashboard;
  usePageTitle('Dashboard');
  return (
    <>
      <div className="page-head">
        <div>
          <h1>{period.text}</h1>
          <p className="sub">{data ? scopeLine(data) : 'Competitors, teams and scores'}</p>
        </div>
        <DashboardFilters />
      </div>
      {dashboard.isError && (
        <LoadFailure
          what={data ? 'Newer figures' : 'The dashboard'}
          safe={data ? 'The figures below are from before.' : 'Your rosters are safe.'}
          error={dashboard.error}
          retrying={dashboard.isFetching}
          onRetry={() => void dashboard.refetch()}
        />
      )}
      {dashboard.isPending && <DashboardSkeleton />}
      {data && <Blocks data={data} now={now} outdated={dashboard.isPlaceholderData} />}
    </>
  );
}

const scopeLine = ({ scope, period }: DashboardView): string =>
  `${scope.title}, ${counted(scope.teams, 'team')}, ${counted(scope.competitors, 'competitor')}. ${period.label}`;

/** The figures. `outdated`: they belong to the filter chosen before, and the new ones are on their way. */
function Blocks({ data, now, outdated }: { data: DashboardView; now: Date; outdated: boolean }) {
  const { timeZone } = useConfig();
  const fuse = fuseOf(data.freshness, now);
  return (
    <div className="blocks" aria-busy={outdated || undefined}>
      <output className="sr-only">{outdated ? 'Loading the chosen filter' : ''}</output>
      <FreshnessNotes freshness={data.freshness} />
      <Brief brief={data.brief} fuse={fuse} />
      <Kpis data={data} fuse={fuse} />
      <Panel label="Challenges Done" fuse={fuse}>
        <Leaderboard data={data} now={now} />
      </Panel>
      <footer className="page-foot">
        <span>
          {data.freshness.asOf === null
            ? 'No scores were read yet.'
            : `All figures as of ${moment(data.freshness.asOf, timeZone, now)} unless a line says otherwise.`}{' '}
          Days are those of {timeZone.replaceAll('_', ' ')}.
        </span>
        <span>
          The line on top of each block is the age of its data: full is fresh, amber dashes are late.
        </span>
        <ReadsTwin freshness={data.freshness} now={now} />
      </footer>
    </div>
  );
}
