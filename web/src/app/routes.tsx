import { lazy } from 'react';
import { BrowserRouter, Route, Routes } from 'react-router';
import { NotFoundPage } from './not-found-page.tsx';
import { Shell } from './shell/shell.tsx';

/** Every page is a chunk of its own. */
const DashboardPage = lazy(() => import('../features/dashboard/dashboard-page.tsx'));
const CompetitorsPage = lazy(() => import('../features/competitors/competitors-page.tsx'));
const JobsPage = lazy(() => import('../features/jobs/jobs-page.tsx'));

/** Drawn after sign-in only, so that the router reads the address that was asked for, not the login's. */
export const Pages = () => (
  <BrowserRouter>
    <Routes>
      <Route element={<Shell />}>
        <Route index element={<DashboardPage />} />
        <Route path="competitors/:competitorId?" element={<CompetitorsPage />} />
        <Route path="jobs/:jobId?" element={<JobsPage />} />
        <Route path="*" element={<NotFoundPage />} />
      </Route>
    </Routes>
  </BrowserRouter>
);
