import type { DashboardView } from '#shared/dashboard/contract.ts';
import { railFinding } from './rail-finding.ts';

const HEIGHT = 15;
const LOWEST = 2;
const HIGHEST = 11;

/** One tick per planned score read of the last 24 h: height is what was new, amber is late or missed, the dot is now. */
export function Rail({ freshness }: { freshness: DashboardView['freshness'] }) {
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
