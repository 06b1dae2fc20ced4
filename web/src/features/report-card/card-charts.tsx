import type { CardFigures, CardFlash, ComparisonGroup } from '#shared/report-card/contract.ts';
import { linearScale, ticksUpTo, useWidth } from '#web/shared/charts/sparkline.tsx';
import { usePrinting } from '#web/shared/ui/printing.ts';
import { count, counted } from '#shared/kernel/format.ts';
import { Bar, Circle, LinePath, Polygon } from '@visx/shape';
import type { ReactNode } from 'react';
import { heatLevel, spreadOut } from './report-card-labels.ts';

interface PlotProps {
  readonly height: number;
  /** On paper charts are drawn at this size, so that their words keep theirs. */
  readonly paper: readonly [width: number, height: number];
  /** The finding in a sentence. */
  readonly label: string;
  readonly children: (width: number, height: number) => ReactNode;
}

/** A drawing as wide as its place. Its height is kept before the width is known. */
function Plot({ height: screenHeight, paper, label, children }: PlotProps) {
  const [holder, screenWidth] = useWidth<HTMLDivElement>();
  const printing = usePrinting();
  const [width, height] = printing ? paper : [screenWidth, screenHeight];
  return (
    <div ref={holder} className="min-w-0" style={{ minHeight: printing ? 0 : height }}>
      {width > 0 && (
        <svg
          viewBox={`0 0 ${width} ${height}`}
          width={printing ? '100%' : width}
          height={printing ? undefined : height}
          role="img"
          aria-label={label}
          className="card-plot block"
        >
          {children(width, height)}
        </svg>
      )}
    </div>
  );
}

const RADAR_HEIGHT = 290;
const RINGS = [0.25, 0.5, 0.75, 1];
/** Fewer corners make no shape. */
export const FEWEST_CORNERS = 3;
const MOST_CORNERS = 8;

/** Strengths: points by category, the best one on the edge. */
export function Radar({ categories }: { categories: CardFigures['categories'] }) {
  const corners = categories.slice(0, MOST_CORNERS);
  const most = Math.max(1, ...corners.map(({ points }) => points));
  const [best] = corners;
  return (
    <Plot
      height={RADAR_HEIGHT}
      paper={[325, 162]}
      label={`Points by category; most in ${best?.category ?? 'none'} with ${count(best?.points ?? 0)}`}
    >
      {(width, height) => {
        const [cx, cy] = [width / 2, height / 2];
        // On paper words are smaller, and there is less room for a second line.
        const narrow = width < 420 && height === RADAR_HEIGHT;
        const radius = Math.max(40, Math.min(height / 2 - 40, width / 2 - (narrow ? 88 : 96)));
        const at = (index: number, share: number): [number, number] => {
          const angle = (index / corners.length) * 2 * Math.PI - Math.PI / 2;
          return [cx + Math.cos(angle) * radius * share, cy + Math.sin(angle) * radius * share];
        };
        const shape = corners.map(({ points }, index) => at(index, points / most));
        return (
          <>
            {RINGS.map((ring) => (
              <Polygon
                key={ring}
                points={corners.map((_, index) => at(index, ring))}
                fill="none"
                stroke={ring === 1 ? 'var(--line-strong)' : 'var(--grid)'}
              />
            ))}
            {corners.map(({ category }, index) => {
              const [x, y] = at(index, 1);
              return <line key={category} x1={cx} y1={cy} x2={x} y2={y} stroke="var(--grid)" />;
            })}
            <Polygon
              points={shape}
              fill="var(--s1)"
              fillOpacity={0.18}
              stroke="var(--s1)"
              strokeWidth={2}
              strokeLinejoin="round"
            />
            {shape.map(([x, y], index) => (
              <Circle key={corners[index]?.category} cx={x} cy={y} r={3} fill="var(--s1)" />
            ))}
            {corners.map(({ category, points }, index) => {
              const [x, y] = at(index, 1);
              const side = Math.abs(x - cx) < 2 ? 'middle' : x > cx ? 'start' : 'end';
              const dx = side === 'middle' ? 0 : side === 'start' ? 8 : -8;
              const words = narrow ? category.split(' ') : [category];
              const dy = side === 'middle' ? (y < cy ? -10 - 15 * words.length : 18) : -2;
              return (
                <text key={category} x={x + dx} y={y + dy} textAnchor={side}>
                  {words.map((word, line) => (
                    <tspan key={word} x={x + dx} dy={line === 0 ? 0 : 15} className="strong">
                      {word}
                    </tspan>
                  ))}
                  <tspan x={x + dx} dy={15}>
                    {count(points)}
                  </tspan>
                </text>
              );
            })}
          </>
        );
      }}
    </Plot>
  );
}

const LINE_HEIGHT = 290;
const TEAM_COLOR = 'var(--s2)';

interface CumulativeProps {
  readonly name: string;
  readonly days: CardFigures['cumulative'];
  readonly groups: readonly ComparisonGroup[];
  readonly flash: readonly CardFlash[];
  readonly dayLabel: (day: string) => string;
}

/** Points since the period began, beside the averages of team and division. */
export function Cumulative({ name, days, groups, flash, dayLabel }: CumulativeProps) {
  const series = [
    { id: 'own', name, color: 'var(--s1)', dash: undefined, values: days.map(({ points }) => points) },
    ...groups.flatMap(({ kind, cumulative }) =>
      cumulative === null
        ? []
        : [
            {
              id: kind,
              name: kind === 'team' ? 'Team avg' : 'Division avg',
              color: kind === 'team' ? TEAM_COLOR : 'var(--s-base)',
              dash: kind === 'team' ? '6 3' : '3 3',
              values: cumulative,
            },
          ],
    ),
  ];
  const ends = series.map(({ values }) => values.at(-1) ?? 0);
  const ticks = ticksUpTo(Math.max(...series.flatMap(({ values }) => values)));
  const finding = series.map((one, index) => `${one.name} ${count(Math.round(ends[index] ?? 0))}`).join(', ');
  return (
    <Plot height={LINE_HEIGHT} paper={[370, 162]} label={`Points over the period: ${finding}`}>
      {(width, height) => {
        const right = width - 104;
        const x = linearScale([0, Math.max(1, days.length - 1)], [48, right]);
        const y = linearScale([0, ticks.at(-1) ?? 1], [height - 30, 18]);
        const marks =
          width < 420
            ? [0, days.length - 1]
            : [0, 1, 2, 3].map((part) => Math.round((part / 3) * (days.length - 1)));
        const places = spreadOut(
          ends.map((end) => y(end)),
          31,
          height - 34,
        );
        return (
          <>
            {ticks.map((tick) => (
              <g key={tick}>
                <line
                  x1={48}
                  x2={right}
                  y1={y(tick)}
                  y2={y(tick)}
                  stroke={tick === 0 ? 'var(--line-strong)' : 'var(--grid)'}
                  strokeDasharray={tick === 0 ? undefined : '1 3'}
                />
                <text x={40} y={y(tick) + 4} textAnchor="end">
                  {count(tick)}
                </text>
              </g>
            ))}
            {flash.map(({ eventId, day }) => {
              const index = days.findIndex((one) => one.day === day);
              return index < 0 ? null : (
                <line
                  key={eventId}
                  x1={x(index)}
                  x2={x(index)}
                  y1={18}
                  y2={y(0)}
                  stroke="var(--line-control)"
                  strokeDasharray="2 3"
                />
              );
            })}
            {[...new Set(marks)].map((index) => (
              <text
                key={index}
                x={x(index)}
                y={height - 10}
                textAnchor={index === 0 ? 'start' : index === days.length - 1 ? 'end' : 'middle'}
              >
                {dayLabel(days[index]?.day ?? '')}
              </text>
            ))}
            {series
              .map((line, index) => ({ line, end: ends[index] ?? 0, place: places[index] ?? 0 }))
              .toReversed()
              .map(({ line: { id, values, color, dash, name: text }, end, place }) => (
                <g key={id}>
                  <LinePath
                    data={values.map((value, index) => ({ index, value }))}
                    x={(point) => x(point.index)}
                    y={(point) => y(point.value)}
                    stroke={color}
                    strokeWidth={id === 'own' ? 2.25 : 1.5}
                    strokeDasharray={dash}
                    strokeLinejoin="round"
                  />
                  <Circle cx={right} cy={y(end)} r={3} fill={color} />
                  <text x={right + 10} y={place} className="strong" style={{ fill: color }}>
                    {text}
                    <tspan x={right + 10} dy={14} className="figure">
                      {count(Math.round(end))}
                    </tspan>
                  </text>
                </g>
              ))}
          </>
        );
      }}
    </Plot>
  );
}

const HEAT_TOP = 22;
const HEAT_LEFT = 36;
const HEAT_HEIGHT = 238;
/** Rows that are named; Sunday is the first. */
const WEEKDAYS = [
  { row: 1, name: 'Mon' },
  { row: 3, name: 'Wed' },
  { row: 5, name: 'Fri' },
];

/** Solves by day, a column per week; weeks begin on Sunday. */
export function HeatMap({
  heat,
  dayLabel,
}: {
  heat: CardFigures['heat'];
  dayLabel: (day: string) => string;
}) {
  const first = new Date(`${heat[0]?.day ?? ''}T00:00:00Z`).getUTCDay();
  const weeks = Math.ceil((heat.length + first) / 7);
  const active = heat.filter(({ odl, ctf }) => odl + ctf > 0).length;
  const solves = heat.reduce((sum, { odl, ctf }) => sum + odl + ctf, 0);
  return (
    <Plot
      height={HEAT_HEIGHT}
      paper={[345, 152]}
      label={`${counted(solves, 'challenge')} on ${counted(active, 'day')} of ${heat.length}`}
    >
      {(width, height) => {
        const step = Math.min(44, (width - HEAT_LEFT) / weeks);
        const tall = Math.min(30, step, (height - HEAT_TOP) / 7);
        const [side, high] = [Math.max(4, step - 4), Math.max(4, tall - 4)];
        let month = '';
        return (
          <>
            <defs>
              <pattern id="before-account" width="5" height="5" patternUnits="userSpaceOnUse">
                <path d="M0 5L5 0" stroke="var(--line-strong)" strokeWidth="0.8" />
              </pattern>
            </defs>
            {WEEKDAYS.map(({ row, name }) => (
              <text key={name} x={0} y={HEAT_TOP + row * tall + high / 2 + 4}>
                {name}
              </text>
            ))}
            {heat.map(({ day, odl, ctf, flashCtf, beforeAccount }, index) => {
              const column = Math.floor((index + first) / 7);
              const row = (index + first) % 7;
              const isNew =
                day.slice(0, 7) !== month && column < weeks - 1 && (index === 0 || day.slice(8) <= '07');
              if (isNew) month = day.slice(0, 7);
              const name = dayLabel(day);
              return (
                <g key={day}>
                  {isNew && (
                    <text x={HEAT_LEFT + column * step} y={12}>
                      {name.replaceAll(/[\d,\s]+/g, '')}
                    </text>
                  )}
                  <Bar
                    x={HEAT_LEFT + column * step}
                    y={HEAT_TOP + row * tall}
                    width={side}
                    height={high}
                    rx={3}
                    fill={beforeAccount ? 'url(#before-account)' : `var(--h${heatLevel(odl + ctf)})`}
                    stroke={flashCtf ? 'var(--s2)' : 'none'}
                    strokeWidth={2}
                  >
                    <title>
                      {`${name}: ${beforeAccount ? 'no account yet' : `ODL ${odl}, CTF ${ctf}`}${flashCtf ? ', Flash CTF' : ''}`}
                    </title>
                  </Bar>
                </g>
              );
            })}
          </>
        );
      }}
    </Plot>
  );
}

const RANK_HEIGHT = 150;

/** Ranks from event to event; the first place is on top. */
export function RankTrend({
  flash,
  dayLabel,
}: {
  flash: readonly CardFlash[];
  dayLabel: (day: string) => string;
}) {
  const ranked = flash.flatMap(({ rank, ...event }) => (rank === null ? [] : [{ ...event, rank }]));
  const worst = Math.max(...ranked.map(({ rank }) => rank));
  const [first] = ranked;
  const last = ranked.at(-1);
  if (first === undefined || last === undefined) return null;
  return (
    <Plot
      height={RANK_HEIGHT}
      paper={[345, 84]}
      label={`Flash CTF rank, from ${first.rank} to ${last.rank} in ${counted(ranked.length, 'event')}`}
    >
      {(width, height) => {
        const x = linearScale([0, ranked.length - 1], [52, width - 36]);
        const y = linearScale([1, Math.max(2, worst)], [30, height - 40]);
        const sparse = Math.ceil(ranked.length / Math.max(2, Math.floor(width / 84)));
        return (
          <>
            {[1, Math.max(2, worst)].map((tick) => (
              <g key={tick}>
                <line
                  x1={32}
                  x2={width}
                  y1={y(tick)}
                  y2={y(tick)}
                  stroke="var(--grid)"
                  strokeDasharray="1 3"
                />
                <text x={24} y={y(tick) + 4} textAnchor="end">
                  {count(tick)}
                </text>
              </g>
            ))}
            <LinePath
              data={ranked.map(({ rank }, index) => ({ index, rank }))}
              x={(point) => x(point.index)}
              y={(point) => y(point.rank)}
              stroke="var(--s1)"
              strokeWidth={2}
            />
            {ranked.map(({ eventId, rank, day }, index) => (
              <g key={eventId}>
                <Circle cx={x(index)} cy={y(rank)} r={3.5} fill="var(--s1)" />
                <text x={x(index)} y={y(rank) - 10} textAnchor="middle" className="strong">
                  {count(rank)}
                </text>
                {(ranked.length - 1 - index) % sparse === 0 && (
                  <text x={x(index)} y={height - 8} textAnchor="middle">
                    {dayLabel(day)}
                  </text>
                )}
              </g>
            ))}
          </>
        );
      }}
    </Plot>
  );
}
