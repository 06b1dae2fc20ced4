import type { FreshnessView } from '#shared/dashboard/contract.ts';
import { age, moment } from '#shared/kernel/format.ts';
import { useNow } from '#web/shared/format/time.ts';
import { useConfig } from '#web/shared/identity/config.ts';
import { classNames } from '#web/shared/ui/class-names.ts';

interface FreshnessChipProps {
  readonly freshness: FreshnessView | undefined;
  readonly failed: boolean;
}

/** How old the scores are, in words. The age ticks on silently; only a change of the time or the state is said. */
export function FreshnessChip({ freshness, failed }: FreshnessChipProps) {
  const { timeZone } = useConfig();
  const now = useNow();
  if (freshness === undefined) {
    return (
      <span className="fresh idle">
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
        (state === 'paused' || state === 'never') && 'idle',
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

const HEIGHT = 15;
const LOWEST = 2;
const HIGHEST = 11;

/** One tick per planned score read of the last 24 h: height is what was new, amber is late or missed, the dot is now. */
export function Rail({ freshness }: { freshness: FreshnessView }) {
  const { ticks, state } = freshness;
  if (ticks.length === 0) return null;
  const most = Math.max(1, ...ticks.map((tick) => tick.newSolves));
  const x = (index: number) => `${((index + 0.5) / (ticks.length + 0.5)) * 100}%`;
  return (
    <div className="rail">
      <svg role="img" aria-label={railFinding(ticks)}>
        {ticks.map((tick, index) => {
          const share = Math.log1p(tick.newSolves) / Math.log1p(most);
          const height = tick.state === 'missed' ? HIGHEST : LOWEST + share * (HIGHEST - LOWEST);
          const name = tick.state === 'ok' ? (index === ticks.length - 1 ? 'now' : undefined) : tick.state;
          return (
            <line
              key={tick.at}
              className={name}
              x1={x(index)}
              x2={x(index)}
              y1={HEIGHT}
              y2={HEIGHT - height}
            />
          );
        })}
        <circle className={state} cx="100%" cy={HEIGHT - 2} r={2.5} />
      </svg>
    </div>
  );
}

/** The rail in words. */
export function railFinding(ticks: FreshnessView['ticks']): string {
  const count = (state: string) => ticks.filter((tick) => tick.state === state).length;
  const news = ticks.reduce((sum, tick) => sum + tick.newSolves, 0);
  return (
    `Score reads of the last 24 hours: ${ticks.length} planned, ${count('ok')} on time, ${count('late')} late, ` +
    `${count('missed')} missed; ${news} new solves.`
  );
}
