import { ButtonLink } from '#web/shared/ui/button.tsx';
import { usePageTitle } from '#web/shared/ui/page.tsx';
import { Empty, Panel } from '#web/shared/ui/panel.tsx';
import { lazy } from 'react';
import { BrowserRouter, Route, Routes } from 'react-router';
import { Shell } from './shell/shell.tsx';

/** Every page is a chunk of its own. */
const loadDashboard = () => import('#web/features/dashboard/dashboard-page.tsx');
const loadCompetitors = () => import('#web/features/competitors/competitors-page.tsx');
const loadReportCard = () => import('#web/features/report-card/report-card-page.tsx');
const loadTeamReportCards = () => import('#web/features/report-card/team-report-cards-page.tsx');
const loadGoThrough = () => import('#web/features/competitors/guided/go-through-page.tsx');
const loadTeams = () => import('#web/features/teams/teams-page.tsx');
const loadImport = () => import('#web/features/competitors/import/import-page.tsx');
const loadRosterPlan = () => import('#web/features/teams/roster-plan/roster-plan-page.tsx');
const loadCoaches = () => import('#web/features/coaches/coaches-page.tsx');
const loadMove = () => import('#web/features/moves/move-page.tsx');
const loadSeason = () => import('#web/features/season/season-page.tsx');
const loadJobs = () => import('#web/features/jobs/jobs-page.tsx');
const loadSchedules = () => import('#web/features/schedules/schedules-page.tsx');
const loadSyncHealth = () => import('#web/features/score-sync/sync-health-page.tsx');
const loadSettings = () => import('#web/features/settings/settings-page.tsx');
const loadAudit = () => import('#web/features/audit/audit-page.tsx');
const loadQueues = () => import('#web/features/dead-letters/dead-letters-page.tsx');

const DashboardPage = lazy(loadDashboard);
const CompetitorsPage = lazy(loadCompetitors);
const ReportCardPage = lazy(loadReportCard);
const TeamReportCardsPage = lazy(loadTeamReportCards);
const GoThroughPage = lazy(loadGoThrough);
const TeamsPage = lazy(loadTeams);
const ImportPage = lazy(loadImport);
const RosterPlanPage = lazy(loadRosterPlan);
const CoachesPage = lazy(loadCoaches);
const MovePage = lazy(loadMove);
const SeasonPage = lazy(loadSeason);
const JobsPage = lazy(loadJobs);
const SchedulesPage = lazy(loadSchedules);
const QueuesPage = lazy(loadQueues);
const SyncHealthPage = lazy(loadSyncHealth);
const SettingsPage = lazy(loadSettings);
const AuditPage = lazy(loadAudit);

const LOADERS: readonly (readonly [start: string, load: () => Promise<unknown>])[] = [
  ['/competitors/go-through', loadGoThrough],
  ['/competitors', loadCompetitors],
  ['/teams', loadTeams],
  ['/import', loadImport],
  ['/roster-plan', loadRosterPlan],
  ['/move', loadMove],
  ['/season', loadSeason],
  ['/jobs', loadJobs],
  ['/queues', loadQueues],
  ['/schedules', loadSchedules],
  ['/sync-health', loadSyncHealth],
  ['/settings', loadSettings],
  ['/audit', loadAudit],
];

/** Fetches the chunk of the page that an address opens, while the sign-in is still being settled. */
export function preloadPage(pathname: string): void {
  const load = LOADERS.find(([start]) => pathname.startsWith(start))?.[1] ?? loadDashboard;
  // A failure shows when the page itself is opened.
  load().catch(() => undefined);
}

/** Drawn after sign-in only, so that the router reads the address that was asked for, not the login's. */
export const Pages = () => (
  <BrowserRouter>
    <Routes>
      <Route element={<Shell />}>
        <Route index element={<DashboardPage />} />
        <Route path="competitors/:competitorId?" element={<CompetitorsPage />} />
        <Route path="competitors/:competitorId/report" element={<ReportCardPage />} />
        <Route path="competitors/go-through" element={<GoThroughPage />} />
        <Route path="teams/:teamId?" element={<TeamsPage />} />
        <Route path="teams/:teamId/report-cards" element={<TeamReportCardsPage />} />
        <Route path="import" element={<ImportPage />} />
        <Route path="roster-plan" element={<RosterPlanPage />} />
        <Route path="coaches/:coachId?" element={<CoachesPage />} />
        <Route path="move" element={<MovePage />} />
        <Route path="season" element={<SeasonPage />} />
        <Route path="jobs/:jobId?" element={<JobsPage />} />
        <Route path="queues" element={<QueuesPage />} />
        <Route path="schedules" element={<SchedulesPage />} />
        <Route path="sync-health" element={<SyncHealthPage />} />
        <Route path="settings" element={<SettingsPage />} />
        <Route path="audit" element={<AuditPage />} />
        <Route path="*" element={<NotFoundPage />} />
      </Route>
    </Routes>
  </BrowserRouter>
);

/** An address that leads nowhere. */
function NotFoundPage() {
  usePageTitle('Not found');
  return (
    <>
      <div className="page-head">
        <h1>This page does not exist</h1>
      </div>
      <Panel label="Not found">
        <Empty
          kind="never"
          heading="h2"
          title="Nothing at this address"
          action={
            <ButtonLink look="primary" to="/">
              Go to the dashboard
            </ButtonLink>
          }
        >
          It may be mistyped, or the page has moved. Nothing is lost.
        </Empty>
      </Panel>
    </>
  );
}
