import { lazy } from 'react';
import { BrowserRouter, Route, Routes } from 'react-router';
import { NotFoundPage } from './not-found-page.tsx';
import { Shell } from './shell/shell.tsx';

/** Every page is a chunk of its own. */
const loadDashboard = () => import('../features/dashboard/dashboard-page.tsx');
const loadCompetitors = () => import('../features/competitors/competitors-page.tsx');
const loadTeams = () => import('../features/teams/teams-page.tsx');
const loadImport = () => import('../features/import/import-page.tsx');
const loadRosterPlan = () => import('../features/roster-plan/roster-plan-page.tsx');
const loadCoaches = () => import('../features/coaches/coaches-page.tsx');
const loadJobs = () => import('../features/jobs/jobs-page.tsx');
const loadQueues = () => import('../features/queues/queues-page.tsx');

const DashboardPage = lazy(loadDashboard);
const CompetitorsPage = lazy(loadCompetitors);
const TeamsPage = lazy(loadTeams);
const ImportPage = lazy(loadImport);
const RosterPlanPage = lazy(loadRosterPlan);
const CoachesPage = lazy(loadCoaches);
const JobsPage = lazy(loadJobs);
const QueuesPage = lazy(loadQueues);

const LOADERS: readonly (readonly [start: string, load: () => Promise<unknown>])[] = [
  ['/competitors', loadCompetitors],
  ['/teams', loadTeams],
  ['/import', loadImport],
  ['/roster-plan', loadRosterPlan],
  ['/jobs', loadJobs],
  ['/queues', loadQueues],
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
        <Route path="teams/:teamId?" element={<TeamsPage />} />
        <Route path="import" element={<ImportPage />} />
        <Route path="roster-plan" element={<RosterPlanPage />} />
        <Route path="coaches/:coachId?" element={<CoachesPage />} />
        <Route path="jobs/:jobId?" element={<JobsPage />} />
        <Route path="queues" element={<QueuesPage />} />
        <Route path="*" element={<NotFoundPage />} />
      </Route>
    </Routes>
  </BrowserRouter>
);
