import type { SyncRunView } from '#shared/score-sync/contract.ts';
import { hourOf } from '#shared/kernel/days.ts';
import { clockTime, count, counted, percent, plainDay } from '#shared/kernel/format.ts';
import { linearScale, ticksUpTo } from '#web/shared/charts/sparkline.tsx';
import { useNow } from '#web/shared/format/time.ts';
import { useConfig } from '#web/shared/identity/config.ts';
import { useUrlFilters } from '#web/shared/ui/filters.tsx';
import { LoadFailure } from '#web/shared/ui/note.tsx';
import { Empty, Panel, SkeletonRows } from '#web/shared/ui/panel.tsx';
import { DataTable } from '#web/shared/ui/table.tsx';
import { Link } from 'react-router';
import { EDGE, Grid, Limit, Plot, Swatch } from './plot.tsx';
import {
  beganAt,
  ERROR_ALARM,
  errorRuns,
  errorsFinding,
  hourName,
  hoursShown,
  newShare,
  runFigures,
  runHours,
  runKind,
  runsFinding,
  runTook,
  runWords,
  taskName,
  type RunBlock,
} from './sync-health-labels.ts';

export interface RunsOfDay {
  readonly day: string;
  readonly isToday: boolean;
  /** Newest first; undefined while they load. */
  readonly runs: readonly SyncRunView[] | undefined;
  readonly asOf: string;
  readonly error: unknown;
  readonly retrying: boolean;
  readonly onRetry: () => void;
}

const HOURS_AT_FIRST = 8;
const WHOLE_DAY = 24;
const ROW = 30;
const HEAD = 20;
const LABELS = 72;
const FAILED_SHOWN = 5;

/** A block for each run of a day, a line for each hour. */
export function RunTimeline({ of }: { of: RunsOfDay }) {
  const { timeZone } = useConfig();
  const now = useNow();
  const [params, set] = useUrlFilters();
  const whole = params.get('hours') === 'day';
  const lastHour = of.isToday ? Number(hourOf(now, timeZone)) : WHOLE_DAY - 1;
  const hours = hoursShown(lastHour, whole ? WHOLE_DAY : HOURS_AT_FIRST);
  const inSight = of.runs?.filter((run) => hours.includes(hourOf(new Date(beganAt(run)), timeZone)));
  const day = of.isToday ? 'today' : `on ${plainDay(of.day)}`;
  const when = whole || hours.length < HOURS_AT_FIRST ? day : `in the last ${HOURS_AT_FIRST} hours ${day}`;
  const bad = (inSight ?? []).filter((run) => ['failed', 'some_failed'].includes(runKind(run)));
  return (
    <Panel label="Runs" busy={of.runs === undefined && of.error === null}>
      <div className="panel-head">
        <h2>Runs</h2>
        <span className="as-of">{of.isToday ? 'today' : plainDay(of.day)}, a block for each</span>
        <fieldset className="segments end" aria-label="Runs of">
          <button type="button" aria-pressed={!whole} onClick={() => set({ hours: null })}>
            {HOURS_AT_FIRST} hours
          </button>
          <button type="button" aria-pressed={whole} onClick={() => set({ hours: 'day' })}>
            Day
          </button>
        </fieldset>
      </div>
      {of.error !== null && (
        <div className="px-5 pt-4">
          <LoadFailure
            what={of.runs ? 'The newest runs' : 'The runs'}
            safe="They go on all the same."
            error={of.error}
            retrying={of.retrying}
            onRetry={of.onRetry}
          />
        </div>
      )}
      {of.runs === undefined && of.error === null && <SkeletonRows label="the runs" rows={8} />}
      {inSight !== undefined && inSight.length === 0 && (
        <Empty kind="never" title={`No runs ${when}`}>
          A score sync starts every five minutes while processing is on. Of days that are over, only runs with
          news are kept.
        </Empty>
      )}
      {inSight !== undefined && inSight.length > 0 && (
        <>
          <div className="panel-body">
            <Timeline runs={inSight} hours={hours} when={when} isToday={of.isToday} />
          </div>
          {bad.length > 0 && (
            <ul className="border-t border-line px-4 py-3 text-13 sm:px-5" aria-label="Runs with failures">
              {bad.slice(0, FAILED_SHOWN).map((run) => (
                <li key={run.id}>
                  <Link className="underline" to={`/jobs/${encodeURIComponent(run.id)}`}>
                    {taskName(run)} at {clockTime(beganAt(run), timeZone)}
                  </Link>{' '}
                  <span className="text-text-2">{failureWords(run)}</span>
                </li>
              ))}
              {bad.length > FAILED_SHOWN && (
                <li className="text-text-2">and {count(bad.length - FAILED_SHOWN)} more, in the table</li>
              )}
            </ul>
          )}
          <div className="panel-foot">
            <span className="key">
              <span>
                <span
                  className="swatch"
                  style={{ background: 'var(--surface-3)', boxShadow: 'inset 0 0 0 1px var(--line-control)' }}
                />
                Nothing new
              </span>
              <span>
                <Swatch color="var(--s1)" /> Share with new solves
              </span>
              <span>
                <Swatch color="var(--error)" /> × Failed, or reads that failed
              </span>
            </span>
            <DataTable
              caption={`Runs ${when}`}
              asOf={of.asOf}
              columns={['Began', 'What', 'Result', 'Asked', 'Nothing new', 'New', 'Failed', 'Took']}
              rows={inSight.map((run) => {
                const { asked, empty, changed, failed } = runFigures(run);
                const at = beganAt(run);
                return {
                  key: run.id,
                  cells: [
                    { at, words: clockTime(at, timeZone) },
                    taskName(run),
                    runWords(run),
                    asked,
                    empty,
                    changed,
                    failed,
                    runTook(run),
                  ],
                };
              })}
            />
          </div>
        </>
      )}
    </Panel>
  );
}

function failureWords(run: SyncRunView): string {
  const { asked, failed } = runFigures(run);
  return run.status === 'failed' ? 'failed' : `${count(failed)} of ${counted(asked, 'read')} failed`;
}

const QUARTERS = [
  { minute: 0, name: ':00' },
  { minute: 15, name: ':15' },
  { minute: 30, name: ':30' },
  { minute: 45, name: ':45' },
] as const;

function Timeline({
  runs,
  hours,
  when,
  isToday,
}: {
  runs: readonly SyncRunView[];
  hours: readonly string[];
  when: string;
  isToday: boolean;
}) {
  const { timeZone } = useConfig();
  const now = useNow();
  const byHour = new Map(runHours(runs, timeZone).map((one) => [one.hour, one.blocks]));
  const height = HEAD + hours.length * ROW + 4;
  return (
    <Plot height={height} label={runsFinding(runs, when)}>
      {(width) => {
        const x = linearScale([0, 60], [LABELS, width - 2]);
        return (
          <>
            {QUARTERS.map(({ minute, name }) => (
              <g key={minute}>
                <text x={x(minute)} y={12}>
                  {name}
                </text>
                <line
                  x1={x(minute)}
                  x2={x(minute)}
                  y1={HEAD}
                  y2={height - 4}
                  stroke="var(--grid)"
                  strokeDasharray="1 3"
                />
              </g>
            ))}
            {hours.map((hour, row) => {
              const top = HEAD + row * ROW;
              const current = isToday && hour === hourOf(now, timeZone);
              const nowX = x(now.getUTCMinutes());
              return (
                <g key={hour}>
                  <line x1={0} x2={width} y1={top} y2={top} stroke="var(--line)" />
                  <text x={0} y={top + ROW / 2 + 4}>
                    {hourName(hour)}
                  </text>
                  {(byHour.get(hour) ?? []).map((block) => (
                    <Block key={block.run.id} block={block} x={x} top={top + 4} />
                  ))}
                  {current && (
                    <line
                      x1={nowX}
                      x2={nowX}
                      y1={top + 1}
                      y2={top + ROW - 1}
                      stroke="var(--accent)"
                      strokeWidth={2}
                    />
                  )}
                </g>
              );
            })}
          </>
        );
      }}
    </Plot>
  );
}

const BLOCK = ROW - 8;

function Block({
  block: { run, from, minutes },
  x,
  top,
}: {
  block: RunBlock;
  x: (minute: number) => number;
  top: number;
}) {
  const kind = runKind(run);
  const bad = kind === 'failed' || kind === 'some_failed';
  const left = x(from);
  const wide = Math.max(5, x(from + minutes) - left);
  // A few among many would not be seen.
  const share = newShare(run);
  const filled = share === 0 ? 0 : Math.max(0.15, share) * (BLOCK - 2);
  const middle = left + wide / 2;
  return (
    <g>
      <rect
        x={left + 0.5}
        y={top + 0.5}
        width={wide - 1}
        height={BLOCK - 1}
        rx={2}
        fill={bad ? 'var(--error-soft)' : kind === 'none' ? 'none' : 'var(--surface-3)'}
        stroke={bad ? 'var(--error)' : kind === 'none' ? 'var(--line)' : 'var(--line-strong)'}
        strokeDasharray={kind === 'running' ? '2 2' : undefined}
      />
      {filled > 0 && (
        <rect
          x={left + 1}
          y={top + BLOCK - 1 - filled}
          width={wide - 2}
          height={filled}
          rx={1}
          fill="var(--s1)"
        />
      )}
      {bad && (
        <path
          d={`M${middle - 2.5},${top + 6}l5,5m0,-5l-5,5`}
          stroke="var(--error)"
          strokeWidth={1.5}
          fill="none"
        />
      )}
    </g>
  );
}

const ERRORS_HEIGHT = 170;

/** The share of each run's reads that failed, against the alarm. */
export function RunErrors({ of }: { of: RunsOfDay }) {
  const { timeZone } = useConfig();
  const runs = errorRuns(of.runs ?? []);
  const finding = errorsFinding(runs);
  return (
    <Panel label="Error rate" busy={of.runs === undefined && of.error === null}>
      <div className="panel-head">
        <h2>Error rate</h2>
        <span className="as-of">
          {runs.length === 0 ? 'by run' : `the last ${counted(runs.length, 'run')} that asked anyone`}
        </span>
      </div>
      {of.runs === undefined ? (
        of.error === null && <SkeletonRows label="the error rate" rows={4} />
      ) : (
        <>
          <div className="panel-body grid gap-2">
            <p className="text-13 text-text-2">{finding}</p>
            <ErrorBars runs={runs} label={finding} />
          </div>
          {runs.length > 0 && (
            <div className="panel-foot">
              <DataTable
                caption="Error rate by run"
                asOf={of.asOf}
                columns={['Began', 'What', 'Asked', 'Failed', 'Error rate']}
                rows={runs.toReversed().map((run) => {
                  const { asked, failed } = runFigures(run);
                  const at = beganAt(run);
                  return {
                    key: run.id,
                    cells: [
                      { at, words: clockTime(at, timeZone) },
                      taskName(run),
                      asked,
                      failed,
                      percent(run.errorShare ?? 0, 1),
                    ],
                  };
                })}
              />
            </div>
          )}
        </>
      )}
    </Panel>
  );
}

const HUNDRED = 100;

function ErrorBars({ runs, label }: { runs: readonly SyncRunView[]; label: string }) {
  const { timeZone } = useConfig();
  const worst = Math.max(ERROR_ALARM, ...runs.map(({ errorShare }) => errorShare ?? 0)) * HUNDRED;
  const ticks = ticksUpTo(worst);
  const y = linearScale([0, ticks.at(-1) ?? 1], [ERRORS_HEIGHT - EDGE.bottom, EDGE.top]);
  return (
    <Plot height={ERRORS_HEIGHT} label={label}>
      {(width) => {
        const step = (width - EDGE.left) / Math.max(12, runs.length);
        const x = (index: number) => EDGE.left + index * step;
        const named = [0, Math.floor((runs.length - 1) / 2), runs.length - 1];
        const shown = runs.length > 12 ? named : named.slice(0, Math.min(1, runs.length));
        return (
          <>
            <Grid ticks={ticks} y={y} width={width} text={(value) => `${value}%`} />
            {runs.map((run, index) => {
              const share = run.errorShare ?? 0;
              const tall = y(0) - y(share * HUNDRED);
              return (
                <rect
                  key={run.id}
                  x={x(index) + step * 0.15}
                  width={step * 0.7}
                  y={share === 0 ? y(0) - 2 : y(0) - tall}
                  height={share === 0 ? 2 : tall}
                  fill={
                    share >= ERROR_ALARM
                      ? 'var(--error)'
                      : share > 0
                        ? 'var(--warning)'
                        : 'var(--line-control)'
                  }
                />
              );
            })}
            <Limit y={y(ERROR_ALARM * HUNDRED)} width={width} name={`alarm at ${percent(ERROR_ALARM)}`} />
            {shown.map((index, place) => {
              const run = runs[index];
              return (
                run !== undefined && (
                  <text
                    key={run.id}
                    x={place === 2 ? width : x(index)}
                    y={ERRORS_HEIGHT - 6}
                    textAnchor={place === 2 ? 'end' : place === 1 ? 'middle' : 'start'}
                  >
                    {clockTime(beganAt(run), timeZone)}
                  </text>
                )
              );
            })}
          </>
        );
      }}
    </Plot>
  );
}
