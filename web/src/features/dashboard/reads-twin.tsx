import type { DashboardView } from '#shared/dashboard/contract.ts';
import { moment } from '../../shared/format/time.ts';
import { useConfig } from '../../shared/identity/get-config.ts';
import { Twin } from '../../shared/ui/twin.tsx';

const WORDS = { ok: 'on time', late: 'late', missed: 'missed' } as const;

/** The rail in the top bar as a table. */
export function ReadsTwin({ freshness, now }: { freshness: DashboardView['freshness']; now: Date }) {
  const { timeZone } = useConfig();
  return (
    <Twin
      label="Score reads of the last 24 hours as a table"
      caption="Planned score reads of the last 24 hours, newest first"
      columns={['Planned for', 'Result', 'New solves']}
      rows={freshness.ticks
        .map((tick) => ({
          key: tick.at,
          cells: [moment(tick.at, timeZone, now), WORDS[tick.state], tick.newSolves],
        }))
        .toReversed()}
    />
  );
}
