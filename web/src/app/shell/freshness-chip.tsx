import type { DashboardView } from '#shared/dashboard/contract.ts';
import { age, moment } from '../../shared/format/time.ts';
import { useNow } from '../../shared/format/use-now.ts';
import { useConfig } from '../../shared/identity/get-config.ts';
import { classNames } from '../../shared/ui/class-names.ts';

interface FreshnessChipProps {
  readonly freshness: DashboardView['freshness'] | undefined;
  readonly failed: boolean;
}

/** How old the scores are, in words. The age ticks on quietly; only a change of the time or the state is said. */
export function FreshnessChip({ freshness, failed }: FreshnessChipProps) {
  const { timeZone } = useConfig();
  const now = useNow();
  if (freshness === undefined) {
    return (
      <span className="fresh quiet">
        <output>{failed ? 'Age of scores unknown' : 'Checking scores'}</output>
      </span>
    );
  }
  const { state, asOf } = freshness;
  const since = asOf === null ? null : moment(asOf, timeZone, now);
  const words =
    since === null
      ? 'No scores read yet'
      : `${state === 'paused' ? 'Paused, as of' : 'Scores as of'} ${since}`;
  return (
    <span
      className={classNames(
        'fresh',
        state === 'stale' && 'stale',
        (state === 'paused' || state === 'never') && 'quiet',
      )}
    >
      <output className="truncate">
        {words}
        {state === 'stale' && <span className="sr-only">, late</span>}
      </output>
      {asOf !== null && <span className="wide-only text-muted">{age(asOf, now)}</span>}
    </span>
  );
}
