import type { SyncHealthView } from '#shared/score-sync/contract.ts';
import { count, counted, dayTick, plainDay } from '#shared/kernel/format.ts';
import { linearScale, ticksUpTo } from '#web/shared/charts/sparkline.tsx';
import { useUrlFilters } from '#web/shared/ui/filters.tsx';
import { Empty, Fact, Panel } from '#web/shared/ui/panel.tsx';
import { DataTable } from '#web/shared/ui/table.tsx';
import { EDGE, Grid, Limit, Plot, Swatch, ToCome } from './plot.tsx';
import {
  CALL_GROUPS,
  callLedger,
  dayBars,
  forecastWords,
  hourBars,
  purposeName,
  UNSPLIT,
  type CallBar,
} from './sync-health-labels.ts';

type Calls = SyncHealthView['calls'];
const HOURS = 24;
const HEIGHT = 250;

/** Calls by hour of the last day, or by day of the period, stacked by purpose, against the budget. */
export function CallsChart({ calls, today, asOf }: { calls: Calls; today: string; asOf: string }) {
  const [params, set] = useUrlFilters();
  const several = calls.days.length > 1;
  const daily = several && params.get('calls') === 'days';
  const day = calls.hours?.day ?? null;
  const bars = daily ? dayBars(calls, dayTick) : hourBars(calls);
  const budget = daily ? calls.budget.perDay : calls.budget.perDay / HOURS;
  const made = bars.reduce((sum, { total }) => sum + total, 0);
  const ahead = bars.some((bar) => bar.ahead > 0);
  const unsplit = bars.some((bar) => bar.unsplit > 0);
  const when = day === null ? '' : day === today ? 'today' : plainDay(day, today);
  const finding = daily
    ? `${count(made)} calls in ${counted(bars.length, 'day')}, ${count(calls.budget.perDay)} allowed a day.`
    : `${count(made)} calls ${day === today ? 'today' : `on ${when}`}, of ${count(calls.budget.perDay)} allowed.`;
  return (
    <Panel label="Calls">
      <div className="panel-head">
        <h2>{daily ? 'Calls by day' : 'Calls by hour'}</h2>
        <span className="as-of">{daily ? 'to the Game Platform' : when}</span>
        {several && (
          <fieldset className="segments end" aria-label="Calls by">
            <button type="button" aria-pressed={!daily} onClick={() => set({ calls: null })}>
              Hour
            </button>
            <button type="button" aria-pressed={daily} onClick={() => set({ calls: 'days' })}>
              Day
            </button>
          </fieldset>
        )}
      </div>
      {bars.length === 0 ? (
        <Empty kind="never" title="No calls in these days">
          Every call to the Game Platform is counted here, by hour and by what it was for.
        </Empty>
      ) : (
        <>
          <div className="panel-body grid gap-2">
            <p className="text-13 text-text-2">{finding}</p>
            <Bars bars={bars} budget={budget} label={`${finding} ${ahead ? forecastWords(calls) : ''}`} />
          </div>
          <div className="panel-foot">
            <span className="key">
              {CALL_GROUPS.filter((_, index) => bars.some(({ groups }) => (groups[index] ?? 0) > 0)).map(
                ({ name, color }) => (
                  <span key={name}>
                    <Swatch color={color} /> {name}
                  </span>
                ),
              )}
              {unsplit && (
                <span>
                  <Swatch color={UNSPLIT.color} /> {UNSPLIT.name}
                </span>
              )}
              {ahead && (
                <span>
                  <Swatch color="var(--line-control)" hatched /> Still to come, about
                </span>
              )}
            </span>
            <DataTable
              caption={daily ? 'Calls by day' : `Calls by hour, ${when}`}
              asOf={asOf}
              columns={[
                daily ? 'Day' : 'Hour',
                ...CALL_GROUPS.map(({ name }) => name),
                UNSPLIT.name,
                'All',
                'Still to come, about',
              ]}
              rows={bars.map((bar) => ({
                key: bar.key,
                cells: [bar.name, ...bar.groups, bar.unsplit, bar.total, bar.ahead],
              }))}
            />
          </div>
        </>
      )}
    </Panel>
  );
}

/** A budget far above all bars would flatten them; it is told in words then. */
const BUDGET_IN_SIGHT = 2;
const AHEAD = 'calls-ahead';
const AHEAD_FILL = `url(#${AHEAD})`;

function Bars({ bars, budget, label }: { bars: readonly CallBar[]; budget: number; label: string }) {
  const most = Math.max(1, ...bars.map(({ total, ahead }) => total + ahead));
  const limited = budget <= most * BUDGET_IN_SIGHT;
  const ticks = ticksUpTo(limited ? Math.max(most, budget) : most);
  const y = linearScale([0, ticks.at(-1) ?? 1], [HEIGHT - EDGE.bottom, EDGE.top]);
  return (
    <Plot height={HEIGHT} label={label}>
      {(width) => {
        const step = (width - EDGE.left) / Math.max(7, bars.length);
        const wide = Math.min(48, step - Math.max(2, step * 0.15));
        const every = Math.ceil(66 / step);
        return (
          <>
            <ToCome id={AHEAD} />
            <Grid ticks={ticks} y={y} width={width} />
            {bars.map((bar, index) => {
              const left = EDGE.left + index * step + (step - wide) / 2;
              let below = 0;
              const parts = [
                ...bar.groups.map((calls, group) => ({ calls, color: CALL_GROUPS[group]?.color ?? '' })),
                { calls: bar.unsplit, color: UNSPLIT.color },
                { calls: bar.ahead, color: AHEAD_FILL },
              ];
              return (
                <g key={bar.key}>
                  {parts.map(({ calls, color }) => {
                    const foot = below;
                    below += calls;
                    return (
                      calls > 0 && (
                        <rect
                          key={color}
                          x={left}
                          width={wide}
                          y={y(foot + calls)}
                          height={y(foot) - y(foot + calls)}
                          fill={color}
                          stroke={color === AHEAD_FILL ? 'var(--line-control)' : undefined}
                          strokeDasharray={color === AHEAD_FILL ? '2 2' : undefined}
                        />
                      )
                    );
                  })}
                  {index % every === 0 && (
                    <text x={left + wide / 2} y={HEIGHT - 6} textAnchor="middle">
                      {bar.name}
                    </text>
                  )}
                </g>
              );
            })}
            {limited && <Limit y={y(budget)} width={width} name={`budget ${count(Math.round(budget))}`} />}
          </>
        );
      }}
    </Plot>
  );
}

const METER = 10;
const METER_AHEAD = 'calls-ahead-today';

/** Where today’s calls went, and where the rest will go. */
export function Ledger({
  calls,
  day,
  today,
  asOf,
}: {
  calls: Calls;
  day: string;
  today: string;
  asOf: string;
}) {
  const { spent, toCome, kept, spare, of } = callLedger(calls, day);
  const own = calls.days.find((one) => one.day === day);
  const isToday = day === today;
  const parts = [
    { name: 'spent', calls: spent, color: 'var(--s-base)' },
    ...(isToday
      ? [{ name: 'to come, about', calls: toCome, color: 'var(--line-control)', hatched: true }]
      : []),
    { name: 'kept for rosters', calls: kept, color: 'var(--s3)' },
  ];
  return (
    <Panel label="Call budget">
      <div className="panel-head">
        <h2>Call budget</h2>
        <span className="as-of">{isToday ? 'today, anew at midnight' : plainDay(day, today)}</span>
      </div>
      <div className="panel-body grid content-start gap-3">
        <Plot
          height={METER}
          label={`${count(spent)} of ${count(of)} calls spent${isToday ? `, about ${count(toCome)} to come` : ''}, ${count(kept)} kept for rosters`}
        >
          {(width) => {
            let left = 0;
            return (
              <>
                <ToCome id={METER_AHEAD} />
                <rect width={width} height={METER} rx={METER / 2} fill="var(--surface-3)" />
                {parts.map(({ name, calls: some, color, hatched = false }) => {
                  const x = left;
                  left += (some / of) * width;
                  return (
                    <rect
                      key={name}
                      x={x}
                      width={Math.min(left, width) - Math.min(x, width)}
                      height={METER}
                      rx={2}
                      fill={hatched ? `url(#${METER_AHEAD})` : color}
                    />
                  );
                })}
              </>
            );
          }}
        </Plot>
        <p className="key text-12">
          {parts.map(({ name, calls: some, color, hatched = false }) => (
            <span key={name}>
              <Swatch color={color} hatched={hatched} /> {count(some)} {name}
            </span>
          ))}
          <span>{count(spare)} spare</span>
        </p>
        {isToday && <p className="text-13 text-text-2">{forecastWords(calls)}</p>}
        <dl className="facts">
          {(own?.byPurpose ?? [])
            .toSorted((a, b) => b.calls - a.calls)
            .map(({ purpose, calls: some }) => (
              <Fact key={purpose} name={purposeName(purpose)}>
                {count(some)}
              </Fact>
            ))}
          <Fact name="All, of the budget">
            {count(spent)} of {count(of)}
          </Fact>
          <Fact name="Had to wait">{count(own?.refused ?? 0)}</Fact>
          <Fact name="Platform errors">{count(own?.errors ?? 0)}</Fact>
          <Fact name="Asked to slow down">{count(own?.throttled ?? 0)}</Fact>
        </dl>
      </div>
      <div className="panel-foot">
        <DataTable
          caption={`Call budget, ${isToday ? 'today' : plainDay(day, today)}`}
          asOf={asOf}
          columns={['What', 'Calls']}
          rows={[
            ...(own?.byPurpose ?? []).map(({ purpose, calls: some }) => ({
              key: purpose,
              cells: [purposeName(purpose), some],
            })),
            { key: 'spent', cells: ['Spent, all', spent] },
            ...(isToday ? [{ key: 'ahead', cells: ['To come by midnight, about', toCome] }] : []),
            { key: 'kept', cells: ['Kept for rosters', kept] },
            { key: 'spare', cells: ['Spare', spare] },
            { key: 'of', cells: ['Budget of a day', of] },
          ]}
        />
      </div>
    </Panel>
  );
}
