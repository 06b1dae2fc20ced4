import { createBrowserRouter } from 'react-router';
import { CrashPage } from './crash-page.tsx';
import { NotFoundPage } from './not-found-page.tsx';
import { Shell } from './shell/shell.tsx';

/** Every page is a chunk of its own. Made after sign-in, so that it reads the address the login gave back. */
export const createRouter = () =>
  createBrowserRouter([
    {
      element: <Shell />,
      errorElement: <CrashPage />,
      hydrateFallbackElement: <></>,
      children: [
        {
          index: true,
          lazy: async () => ({ Component: (await import('../features/dashboard/dashboard-page.tsx')).DashboardPage }),
        },
        {
          path: 'competitors/:competitorId?',
          lazy: async () => ({
            Component: (await import('../features/competitors/competitors-page.tsx')).CompetitorsPage,
          }),
        },
        {
          path: 'jobs/:jobId?',
          lazy: async () => ({ Component: (await import('../features/jobs/jobs-page.tsx')).JobsPage }),
        },
        { path: '*', element: <NotFoundPage /> },
      ],
    },
  ]);
