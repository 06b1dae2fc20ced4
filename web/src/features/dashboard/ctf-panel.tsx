import type { CtfChart, DashboardView } from '#shared/dashboard/contract.ts';
import { linearScale, ticksUpTo, useWidth } from '#web/shared/charts/sparkline.tsx';
import { count, dayTick, monthName, plainDay } from '#shared/kernel/format.ts';
import { useUrlFilters } from '#web/shared/ui/filters.tsx';
import { DataTable } from '#web/shared/ui/table.tsx';
import { LinePath } from '@visx/shape';
import { eventsSummary, paceFinding, paceSummary } from './ctf-labels.ts';
import { DownloadButton } from './download-button.tsx';

const HEIGHT = 300;
const EDGE = { left: 40, right: 78, top: 18, bottom: 26 };

/** Monthly CTF: the pace of the month over the last, or points per event; the switch is kept in the address. */
export default function CtfPanel({ data }: { data: DashboardView }) {
  const [params, set] = useUrlFilters();
  const absolute = params.get('ctf') === 'absolute';
  const { pace, events } = data.ctfChart;
  return (
    <>
      <div className="panel-head">
        <h2>Monthly CTF</h2>
        <div className="end">
          <fieldset className="segments" aria-label="Monthly CTF shows">
            <button type="button" aria-pressed={!absolute} onClick={() => set({ ctf: null })}>
              Pace
            </button>
            <button type="button" aria-pressed={absolute} onClick={() => set({ ctf: 'absolute' })}>
              Absolute
            </button>
          </fieldset>
          <DownloadButton file="flash-ctf" />
        </div>
      </div>
      <div className="ctf-body">
        {absolute ? (
          <Events events={events} asOf={data.freshness.asOf} />
        ) : (
          <Pace pace={pace} asOf={data.freshness.asOf} />
        )}
      </div>
    </>
  );
}

function Pace({ pace, asOf }: { pace: CtfChart['pace']; asOf: string | null }) {
  const [month, before] = [monthName(pace.month), monthName(pace.previousMonth)];
  return (
    <>
      <div>
        <p className="flex flex-wrap items-baseline gap-x-2 leading-(--lh-36) font-figure">
          <span className="text-36 tracking-[-.035em] tabular-nums">{count(pace.solved)}</span>
          <span className="text-14 font-normal text-muted">CTF challenges in {month}</span>
        </p>
        <p className="text-13 text-text-2">{paceFinding(pace)}</p>
      </div>
      <PaceChart pace={pace} />
      <div className="grid gap-2">
        <span className="key text-12 text-muted">
          <span>
            <span className="swatch odl" /> {month}
          </span>
          <span>
            <span className="swatch base" /> {before}
          </span>
        </span>
        <DataTable
          asOf={asOf}
          caption={`CTF challenges solved by day of month, ${month} and ${before}`}
          columns={['Day', month, before]}
          rows={Array.from({ length: Math.max(pace.monthDays, pace.previousTotals.length) }, (_, index) => ({
            key: String(index),
            cells: [index + 1, pace.totals[index] ?? '', pace.previousTotals[index] ?? ''],
          }))}
        />
      </div>
    </>
  );
}

function PaceChart({ pace }: { pace: CtfChart['pace'] }) {
  const [holder, width] = useWidth<HTMLDivElement>();
  const { totals, previousTotals, forecast, monthDays } = pace;
  const days = Math.max(monthDays, previousTotals.length);
  const ticks = ticksUpTo(Math.max(forecast ?? 0, pace.solved, pace.previousSolved));
  const x = linearScale([1, days], [EDGE.left, width - EDGE.right]);
  const y = linearScale([0, ticks.at(-1) ?? 1], [HEIGHT - EDGE.bottom, EDGE.top]);
  const now = { x: x(totals.length), y: y(pace.solved) };
  const end = { x: x(monthDays), y: y(forecast ?? pace.solved) };
  const before = { x: x(previousTotals.length), y: y(pace.previousSolved) };
  // Two labels at the right must not cover each other.
  const beforeY = Math.abs(before.y - end.y) < 30 ? end.y + (before.y < end.y ? -30 : 30) : before.y;
  const path = (values: readonly number[], look: object) => (
    <LinePath
      data={values.map((value, index) => ({ x: x(index + 1), y: y(value) }))}
      x={(point) => point.x}
      y={(point) => point.y}
      strokeLinejoin="round"
      strokeLinecap="round"
      {...look}
    />
  );
  return (
    <div ref={holder} className="chart" style={{ height: HEIGHT }}>
      <svg width={width} height={HEIGHT} role="img" aria-label={paceSummary(pace)} className="block">
        {width > 0 && (
          <>
            <Grid ticks={ticks} y={y} width={width - EDGE.right} />
            {[1, 8, 15, 22, 29]
              .filter((day) => day <= days)
              .map((day) => (
                <text key={day} x={x(day)} y={HEIGHT - 6} textAnchor="middle">
                  {day === 1 ? dayTick(`${pace.month}-01`) : day}
                </text>
              ))}
            {path(previousTotals, { stroke: 'var(--s-base)', strokeWidth: 1.5, strokeDasharray: '4 3' })}
            {totals.length > 1 && (
              <path
                d={`M${x(1)},${y(0)} ${totals.map((value, index) => `L${x(index + 1)},${y(value)}`).join(' ')} L${now.x},${y(0)} Z`}
                fill="var(--s1)"
                opacity={0.1}
              />
            )}
            {path(totals, { stroke: 'var(--s1)', strokeWidth: 2 })}
            <circle cx={now.x} cy={now.y} r={3.5} fill="var(--s1)" />
            {forecast !== null && (
              <>
                <line
                  x1={now.x}
                  y1={now.y}
                  x2={end.x}
                  y2={end.y}
                  stroke="var(--s1)"
                  strokeWidth={1.5}
                  strokeDasharray="2 3"
                />
                <circle cx={end.x} cy={end.y} r={3} fill="var(--surface-1)" stroke="var(--s1)" />
                <text x={end.x + 8} y={end.y - 1} className="strong">
                  ~{count(forecast)}
                </text>
                <text x={end.x + 8} y={end.y + 13}>
                  at this pace
                </text>
              </>
            )}
            <text x={before.x + 8} y={beforeY - 1}>
              {monthName(pace.previousMonth)}
            </text>
            <text x={before.x + 8} y={beforeY + 13}>
              {count(pace.previousSolved)}
            </text>
          </>
        )}
      </svg>
    </div>
  );
}

/** Hairlines with their figures, from zero up. */
const Grid = ({
  ticks,
  y,
  width,
}: {
  ticks: readonly number[];
  y: (value: number) => number;
  width: number;
}) =>
  ticks.map((tick) => (
    <g key={tick}>
      <line x1={EDGE.left} x2={width} y1={y(tick)} y2={y(tick)} stroke="var(--grid)" strokeDasharray="1 3" />
      <text x={EDGE.left - 8} y={y(tick) + 4} textAnchor="end">
        {count(tick)}
      </text>
    </g>
  ));

function Events({ events, asOf }: { events: CtfChart['events']; asOf: string | null }) {
  const [holder, width] = useWidth<HTMLDivElement>();
  // The newest that fit; the table has all.
  const shown = events.slice(-Math.max(1, Math.floor((width - EDGE.left) / 44)));
  const ticks = ticksUpTo(Math.max(0, ...shown.map((event) => event.points)));
  const y = linearScale([0, ticks.at(-1) ?? 1], [HEIGHT - EDGE.bottom, EDGE.top]);
  const step = (width - EDGE.left - 8) / Math.max(1, shown.length);
  const wide = Math.min(56, step * 0.6);
  return (
    <>
      <div>
        <p className="text-20 leading-(--lh-36) font-medium tracking-[-.015em]">{eventsSummary(events)}</p>
        <p className="text-13 text-text-2">Points of all competitors, by the day the event began.</p>
      </div>
      <div ref={holder} className="chart" style={{ height: HEIGHT }}>
        <svg
          width={width}
          height={HEIGHT}
          role="img"
          aria-label={`Points per Flash CTF. ${eventsSummary(events)}`}
          className="block"
        >
          {width > 0 && (
            <>
              <Grid ticks={ticks} y={y} width={width} />
              {shown.map(({ eventId, day, points }, index) => {
                const middle = EDGE.left + step * (index + 0.5);
                return (
                  <g key={eventId}>
                    <rect
                      x={middle - wide / 2}
                      y={y(points)}
                      width={wide}
                      height={y(0) - y(points)}
                      rx={2}
                      fill="var(--s6)"
                    />
                    <text x={middle} y={y(points) - 6} textAnchor="middle" className="strong">
                      {count(points)}
                    </text>
                    <text x={middle} y={HEIGHT - 6} textAnchor="middle">
                      {dayTick(day)}
                    </text>
                  </g>
                );
              })}
            </>
          )}
        </svg>
      </div>
      <DataTable
        caption="Points per Flash CTF"
        asOf={asOf}
        columns={['Flash CTF', 'Day', 'Took part', 'Solved', 'Points']}
        rows={events.map(({ eventId, name, day, players, solved, points }) => ({
          key: eventId,
          cells: [name, plainDay(day), players, solved, count(points)],
        }))}
      />
    </>
  );
}
