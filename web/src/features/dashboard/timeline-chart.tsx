import type { Timeline } from '#shared/dashboard/contract.ts';
import { countDays } from '#shared/kernel/days.ts';
import { count, dayTick } from '#shared/kernel/format.ts';
import { linearScale, useWidth } from '#web/shared/charts/sparkline.tsx';
import { timelineSummary, timelineTotals } from './activity-labels.ts';
import type { DayWindow } from './timeline-window.ts';

const TOP = 26;
/** Streaks share a lane; in a tall chart each has a line of its own, with a name. */
const STACKED = { lane: 34, streak: 4, rows: 6 };
const TALL = { lane: 56, streak: 18, rows: 20 };

interface TimelineChartProps {
  readonly timeline: Timeline;
  readonly window: DayWindow;
  readonly tall?: boolean;
}

/** A lane each for registrations, team edits, solves, streaks and Flash CTFs; a column for each day of the window. */
export function TimelineChart({ timeline, window, tall = false }: TimelineChartProps) {
  const [holder, width] = useWidth<HTMLDivElement>();
  const size = tall ? TALL : STACKED;
  const days = timeline.days.slice(window.start, window.start + window.size);
  const [first, last] = [days[0]?.day ?? '', days.at(-1)?.day ?? ''];
  const streaks = timeline.streaks.filter(({ from, to }) => to >= first && from <= last);
  const flashCtfs = timeline.flashCtfs.filter(({ day }) => day >= first && day <= last);
  const totals = timelineTotals(timeline);
  const streakLane = tall ? Math.max(size.lane, streaks.length * size.streak + 16) : size.lane;
  const lanes = [
    { name: 'Registrations', total: totals.registrations, tall: size.lane },
    { name: 'Team edits', total: totals.teamEdits, tall: size.lane },
    { name: 'Solves', total: totals.solves, tall: size.lane },
    { name: 'Streaks', total: totals.streaks, tall: streakLane },
    { name: 'Flash CTFs', total: totals.flashCtfs, tall: size.lane },
  ];
  const topOf = (lane: number): number => TOP + lanes.slice(0, lane).reduce((sum, one) => sum + one.tall, 0);
  const middle = (lane: number): number => topOf(lane) + (lanes[lane]?.tall ?? 0) / 2;
  const left = width < 560 ? 104 : 140;
  const step = (width - left - 8) / Math.max(1, days.length);
  const place = (day: string): number => left + step * (countDays(first, day) - 0.5);
  const most = Math.max(1, ...days.map((day) => day.solves));
  const bar = linearScale([0, most], [0, size.lane - 10]);
  const every = Math.max(1, Math.ceil(64 / Math.max(1, step)));
  const height = topOf(lanes.length) + 6;
  return (
    <div ref={holder} className="chart mx-5" style={{ height }}>
      <svg
        width={width}
        height={height}
        role="img"
        aria-label={`Activity by day. ${timelineSummary(timeline)}`}
        className="block"
      >
        {/* A dialog that closes is measured as next to nothing. */}
        {width > left + 8 && (
          <>
            {days.map(({ day }, index) =>
              index % every === 0 ? (
                <text key={day} x={place(day)} y={14} textAnchor={index === 0 ? 'start' : 'middle'}>
                  {dayTick(day)}
                </text>
              ) : null,
            )}
            {lanes.map(({ name, total }, lane) => (
              <g key={name}>
                <line x1={0} x2={width} y1={topOf(lane)} y2={topOf(lane)} stroke="var(--line)" />
                <text x={0} y={middle(lane) + 4} className="strong">
                  {name}
                </text>
                <text x={left - 14} y={middle(lane) + 4} textAnchor="end">
                  {count(total)}
                </text>
              </g>
            ))}
            {days.map(({ day, registrations, teamEdits, solves }) => (
              <g key={day}>
                {registrations > 0 && <Diamond x={place(day)} y={middle(0)} color="var(--s4)" />}
                {teamEdits > 0 && <Diamond x={place(day)} y={middle(1)} color="var(--s3)" />}
                {solves > 0 && (
                  <rect
                    x={place(day) - Math.min(10, step * 0.36)}
                    width={Math.min(20, step * 0.72)}
                    y={topOf(3) - 2 - bar(solves)}
                    height={bar(solves)}
                    fill="var(--s1)"
                  />
                )}
              </g>
            ))}
            {streaks.map(({ competitorId, name, from, to, days: length }, index) => {
              const begin = place(from < first ? first : from) - step * 0.3;
              const y = topOf(3) + 10 + (index % size.rows) * size.streak;
              return (
                <g key={`${competitorId}${from}`}>
                  <line
                    x1={begin}
                    x2={place(to > last ? last : to) + step * 0.3}
                    y1={y}
                    y2={y}
                    stroke="var(--s5)"
                    strokeWidth={2}
                  />
                  {tall && (
                    <text x={begin} y={y + 13}>
                      {name}, {length} days
                    </text>
                  )}
                </g>
              );
            })}
            {flashCtfs.map(({ eventId, name, day, players }) => (
              <g key={eventId}>
                <Diamond x={place(day)} y={middle(4)} color="var(--s2)" />
                {step > 9 && countDays(day, last) * step > (tall ? 260 : 90) && (
                  <text x={place(day) + 9} y={middle(4) + 4}>
                    {tall ? `${name}, ` : ''}
                    {count(players)} took part
                  </text>
                )}
              </g>
            ))}
          </>
        )}
      </svg>
    </div>
  );
}

const Diamond = ({ x, y, color }: { x: number; y: number; color: string }) => (
  <rect x={x - 4} y={y - 4} width={8} height={8} fill={color} transform={`rotate(45 ${x} ${y})`} />
);
