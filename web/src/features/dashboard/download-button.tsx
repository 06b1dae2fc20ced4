import { exportRoute } from '#web/shared/api/call-route.ts';
import { useApi } from '#web/shared/api/api-context.ts';
import type { ApiClient } from '#web/shared/api/client.ts';
import { messageOf } from '#web/shared/api/api-error.ts';
import { useExport } from '#web/shared/exports/use-export.ts';
import { dashboardRoutes } from '#shared/dashboard/contract.ts';
import { useNow } from '#web/shared/format/time.ts';
import { Button } from '#web/shared/ui/button.tsx';
import { Download } from 'lucide-react';
import { useDashboardFilters } from './filters.ts';

const FILES = {
  leaderboard: { route: dashboardRoutes.exportLeaderboard, what: 'the leaderboard' },
  solves: { route: dashboardRoutes.exportSolves, what: 'all solves' },
  'flash-ctf': { route: dashboardRoutes.exportFlashCtfs, what: 'Flash CTF results' },
  roster: { route: null, what: 'the roster' },
} as const;

/** The competitors' routes are fetched on the press: the dashboard needs none of them otherwise. */
async function askForRoster(api: ApiClient, query: Readonly<Record<'coachId' | 'division', string | null>>) {
  const { competitorRoutes } = await import('#shared/competitors/contract.ts');
  return exportRoute(api, competitorRoutes.exportRoster, { query });
}

/** A list as a file for spreadsheets, under the filters of the page. A failure is said beside the button. */
export function DownloadButton({ file }: { file: keyof typeof FILES }) {
  const api = useApi();
  const { coachId, division, from, to } = useDashboardFilters(useNow());
  const { route, what } = FILES[file];
  const { busy, error, start } = useExport({
    what,
    fileName: `${file}.csv`,
    ask: () =>
      route === null
        ? askForRoster(api, { coachId, division })
        : exportRoute(api, route, { query: { coachId, division, from, to } }),
  });
  return (
    <>
      {error !== null && (
        <span role="alert" className="text-12 text-error">
          {messageOf(error)}
        </span>
      )}
      <Button
        small
        aria-disabled={busy || undefined}
        aria-label={busy ? `Preparing the file of ${what}` : `Download CSV of ${what}`}
        onClick={start}
      >
        <Download size={14} aria-hidden />
        {busy ? 'Preparing the file…' : 'CSV'}
      </Button>
    </>
  );
}
