import { downloadRoute } from '#web/shared/api/call-route.ts';
import { useApi } from '#web/shared/api/api-context.ts';
import { messageOf } from '#web/shared/api/api-error.ts';
import { saveFile } from '#web/shared/api/save-file.ts';
import { competitorRoutes } from '#shared/competitors/contract.ts';
import { dashboardRoutes } from '#shared/dashboard/contract.ts';
import { useNow } from '#web/shared/format/time.ts';
import { Button } from '#web/shared/ui/button.tsx';
import { useMutation } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useDashboardFilters } from './filters.ts';

const FILES = {
  leaderboard: { route: dashboardRoutes.exportLeaderboard, what: 'the leaderboard' },
  solves: { route: dashboardRoutes.exportSolves, what: 'all solves' },
  'flash-ctf': { route: dashboardRoutes.exportFlashCtfs, what: 'Flash CTF results' },
  roster: { route: competitorRoutes.exportRoster, what: 'the roster' },
} as const;

/** A list as a file for spreadsheets, under the filters of the page. A failure is said beside the button. */
export function DownloadButton({ file }: { file: keyof typeof FILES }) {
  const api = useApi();
  const { coachId, division, from, to } = useDashboardFilters(useNow());
  const { route, what } = FILES[file];
  const download = useMutation({
    mutationFn: () =>
      file === 'roster'
        ? downloadRoute(api, competitorRoutes.exportRoster, { query: { coachId, division } })
        : downloadRoute(api, route, { query: { coachId, division, from, to } }),
    onSuccess: (blob) => saveFile(blob, `${file}.csv`),
  });
  return (
    <>
      {download.isError && (
        <span role="alert" className="text-12 text-error">
          {messageOf(download.error)}
        </span>
      )}
      <Button
        small
        aria-disabled={download.isPending || undefined}
        aria-label={`Download CSV of ${what}`}
        onClick={() => download.isPending || download.mutate()}
      >
        <Download size={14} aria-hidden />
        {download.isPending ? 'Preparing' : 'CSV'}
      </Button>
    </>
  );
}
