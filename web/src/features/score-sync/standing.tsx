import type { SyncHealthView } from '#shared/score-sync/contract.ts';
import { age, count, counted, decimal, duration, moment, percent, plainDay } from '#shared/kernel/format.ts';
import { useNow } from '#web/shared/format/time.ts';
import { useConfig } from '#web/shared/identity/config.ts';
import { ButtonLink } from '#web/shared/ui/button.tsx';
import { CsvButton, type CsvColumn } from '#web/shared/ui/csv-button.tsx';
import { Empty, Fact, Panel } from '#web/shared/ui/panel.tsx';
import { DataTable, ScrollRegion } from '#web/shared/ui/table.tsx';
import { Link } from 'react-router';
import {
  armName,
  callLedger,
  DAY_STATE_WORDS,
  oldReadReason,
  promiseDays,
  readInTime,
  runSums,
  type DayState,
} from './sync-health-labels.ts';
import { Swatch } from './plot.tsx';
import type { RunsOfDay } from './runs.tsx';

/** The first answers: who is read in time, how soon a solve is seen, what failed, what is left of the day. */
export function KeyFigures({
  health,
  when,
  runs,
  today,
}: {
  health: SyncHealthView;
  when: string;
  runs: RunsOfDay;
  today: string;
}) {
  const { timeZone } = useConfig();
  const now = useNow();
  const { round, days, lag, calls } = health;
  const solves = days.reduce((sum, { newSolves }) => sum + newSolves, 0);
  const waited = days.reduce(
    (sum, { newSolves, meanWaitSeconds }) => sum + newSolves * (meanWaitSeconds ?? 0),
    0,
  );
  const sums = runs.runs === undefined ? null : runSums(runs.runs);
  const bad = sums === null ? null : sums.failed + sums.withErrors;
  const ledger = callLedger(calls, today);
  const inTime = round === null ? null : readInTime(round);
  return (
    <Panel label="Now">
      <dl className="grid sm:grid-cols-2 lg:grid-cols-4 [&>div]:border-t [&>div]:border-line [&>div]:p-4 sm:[&>div]:p-5">
        <Figure
          name="Read within the promise"
          value={
            round === null || inTime === null
              ? 'not known yet'
              : round.competitors === 0
                ? 'no one yet'
                : percent(inTime / round.competitors, 1)
          }
          foot={
            round === null
              ? 'no round has run yet'
              : inTime === null
                ? 'counted with the next round'
                : `${count(inTime)} of ${count(round.competitors)} within ${counted(lag.slaHours, 'hour')}${(round.unread ?? 0) > 0 ? `, ${count(round.unread ?? 0)} not read yet` : ''}, as of ${moment(round.at, timeZone, now)}`
          }
        />
        <Figure
          name="A new solve is seen after"
          value={solves === 0 ? 'no solves' : duration((waited / solves) * 1000)}
          foot={`${solves === 0 ? 'none' : `on average of ${counted(solves, 'solve')}`} ${when}`}
        />
        <Figure
          name={
            runs.isToday ? 'Runs with failures today' : `Runs with failures, ${plainDay(runs.day, today)}`
          }
          value={bad === null || sums === null ? 'loading' : `${count(bad)} of ${count(sums.runs)}`}
          foot={
            sums === null
              ? ''
              : `${count(sums.failed)} failed, ${count(sums.withErrors)} had reads that failed`
          }
        />
        <Figure
          name="Calls left today"
          value={count(ledger.left)}
          foot={`of ${count(ledger.of)}, ${count(ledger.kept)} kept for rosters`}
        />
      </dl>
    </Panel>
  );
}

const Figure = ({ name, value, foot }: { name: string; value: string; foot: string }) => (
  <div>
    <dt className="text-13 text-text-2">{name}</dt>
    <dd className="mt-1.5 text-(length:--fs-26) leading-(--lh-36) font-figure tracking-[-.02em] tabular-nums">
      {value}
    </dd>
    <dd className="text-12 text-muted">{foot}</dd>
  </div>
);

const CELL: Readonly<Record<DayState, string>> = {
  kept: 'var(--s4)',
  nearly: 'var(--warning)',
  broken: 'var(--error)',
  none: 'var(--surface-3)',
};

/** Day by day, whether everyone was read in time. */
export function PromiseDays({
  health,
  asOf,
  today,
}: {
  health: SyncHealthView;
  asOf: string;
  today: string;
}) {
  const days = promiseDays(health);
  const read = days.filter(({ state }) => state !== 'none');
  const kept = days.filter(({ state }) => state === 'kept').length;
  const late = days.reduce((sum, day) => sum + day.late, 0);
  const worst = days.toSorted((a, b) => b.late - a.late)[0];
  const finding = `The promise was kept on ${count(kept)} of ${counted(read.length, 'day')} with reads; ${late === 0 ? 'no read came late' : `${counted(late, 'read')} came late`}.`;
  return (
    <Panel label="The promise">
      <div className="panel-head">
        <h2>The promise</h2>
        <span className="as-of">everyone read within {counted(health.lag.slaHours, 'hour')}</span>
        <ButtonLink small to="/settings" className="end">
          Settings
        </ButtonLink>
      </div>
      <div className="panel-body grid content-start gap-3">
        <p className="text-13 text-text-2">{finding}</p>
        <svg className="block h-6 w-full" role="img" aria-label={finding}>
          {days.map(({ day, state }, index) => (
            <rect
              key={day}
              x={`${(index / days.length) * 100 + 0.15}%`}
              width={`${100 / days.length - 0.6}%`}
              height="100%"
              rx={2}
              fill={CELL[state]}
            />
          ))}
        </svg>
        <p className="flex justify-between text-12 text-muted">
          <span>{plainDay(health.period.from, today)}</span>
          <span>{health.period.to === today ? 'today' : plainDay(health.period.to, today)}</span>
        </p>
        <dl className="facts">
          <Fact name="Kept on">
            {count(kept)} of {counted(read.length, 'day')}
          </Fact>
          <Fact name="Most late reads in a day">
            {worst === undefined || worst.late === 0
              ? 'none'
              : `${count(worst.late)}, ${plainDay(worst.day, today)}`}
          </Fact>
        </dl>
      </div>
      <div className="panel-foot">
        <span className="key">
          <span>
            <Swatch color={CELL.kept} /> Kept
          </span>
          <span>
            <Swatch color={CELL.nearly} /> Fewer than 1 in 200 late
          </span>
          <span>
            <Swatch color={CELL.broken} /> Broken
          </span>
        </span>
        <DataTable
          caption="The promise by day"
          asOf={asOf}
          columns={['Day', 'Reads', 'Late', 'Promise']}
          rows={days.map(({ day, reads, late: some, state }) => ({
            key: day,
            cells: [plainDay(day, today), reads, some, DAY_STATE_WORDS[state]],
          }))}
        />
      </div>
    </Panel>
  );
}

type Arm = SyncHealthView['arms'][number];
const shareOf = (some: number, reads: number): string => (reads === 0 ? 'none' : percent(some / reads, 1));

const ARM_COLUMNS: readonly CsvColumn<Arm>[] = [
  { name: 'Read by', of: ({ arm }) => armName(arm) },
  { name: 'People', of: ({ competitors }) => competitors },
  { name: 'Reads', of: ({ reads }) => reads },
  {
    name: 'Reads a day and person',
    of: ({ readsPerCompetitorDay: some }) => (some === null ? null : decimal(some)),
  },
  { name: 'Calls', of: ({ calls }) => calls },
  { name: 'Nothing new', of: ({ empty, reads }) => shareOf(empty, reads) },
  { name: 'Failed', of: ({ failed, reads }) => shareOf(failed, reads) },
  { name: 'Late', of: ({ late }) => late },
  { name: 'New solves', of: ({ newSolves }) => newSolves },
  {
    name: 'Seen after, on average',
    of: ({ meanWaitSeconds: wait }) => (wait === null ? null : duration(wait * 1000)),
  },
];

const textOf = (column: CsvColumn<Arm>, arm: Arm): string => {
  const value = 'of' in column ? column.of(arm) : null;
  return value === null || value === ''
    ? 'not known'
    : typeof value === 'number'
      ? count(value)
      : String(value);
};

/** The ways of reading side by side, each with its number of people. */
export function Variants({ health, when, asOf }: { health: SyncHealthView; when: string; asOf: string }) {
  const { arms } = health;
  return (
    <Panel label="Ways of reading">
      <div className="panel-head pb-3">
        <h2>Ways of reading, compared</h2>
        <span className="as-of">{when}; people as the settings share them out now</span>
        <div className="end">
          {arms.length > 0 && (
            <CsvButton caption="Ways of reading" columns={ARM_COLUMNS} rows={arms} asOf={asOf} />
          )}
        </div>
      </div>
      {arms.length === 0 ? (
        <Empty kind="never" title="Nothing to compare yet">
          Each way of reading shows here once the first round has counted who there is.
        </Empty>
      ) : (
        <ScrollRegion label="Ways of reading table">
          <table className="table">
            <caption className="sr-only">Ways of reading, compared by freshness and calls</caption>
            <thead>
              <tr>
                {ARM_COLUMNS.map(({ name }, index) => (
                  <th key={name} scope="col" className={index === 0 ? undefined : 'num'}>
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {arms.map((arm) => (
                <tr key={arm.arm}>
                  {ARM_COLUMNS.map((column, index) =>
                    index === 0 ? (
                      <th key={column.name} scope="row" className="!font-medium whitespace-nowrap">
                        {textOf(column, arm)}
                      </th>
                    ) : (
                      <td key={column.name} className="num whitespace-nowrap">
                        {textOf(column, arm)}
                      </td>
                    ),
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      )}
    </Panel>
  );
}

type Old = NonNullable<SyncHealthView['round']>['oldest'][number];

/** Whose last read is longest ago, and why. */
export function OldestReads({ health }: { health: SyncHealthView }) {
  const { timeZone } = useConfig();
  const now = useNow();
  const { round, lag, processing } = health;
  const reasonOf = (old: Old) =>
    oldReadReason(old, { slaHours: lag.slaHours, enabled: processing.enabled, now });
  const rows = round?.oldest ?? [];
  return (
    <Panel label="Oldest reads">
      <div className="panel-head pb-3">
        <h2>Oldest reads</h2>
        <span className="as-of">
          {round === null ? 'after the first round' : `as of ${moment(round.at, timeZone, now)}`}
        </span>
        <div className="end">
          {rows.length > 0 && (
            <CsvButton
              caption="Oldest reads"
              columns={[
                { name: 'Person', of: ({ name }) => name },
                { name: 'Last read', at: ({ lastReadAt }) => lastReadAt },
                { name: 'Reason', of: reasonOf },
                { name: 'Last try failed', at: ({ failure }) => failure?.at ?? null },
                { name: 'Competitor id', of: ({ competitorId }) => competitorId },
              ]}
              rows={rows}
              asOf={round?.at ?? null}
            />
          )}
        </div>
      </div>
      {rows.length === 0 ? (
        <Empty kind="never" title="No one to read yet">
          {round === null
            ? 'The first round counts who there is, within five minutes.'
            : 'People show here once they have an account on the Game Platform.'}
        </Empty>
      ) : (
        <ScrollRegion label="Oldest reads table">
          <table className="table tall">
            <caption className="sr-only">Whose last read is longest ago, and why</caption>
            <thead>
              <tr>
                <th scope="col">Person</th>
                <th scope="col">Last read</th>
                <th scope="col" className="wide-only">
                  Reason
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((old) => (
                <tr key={old.competitorId}>
                  <th scope="row" className="!font-normal">
                    <Link className="name" to={`/competitors/${encodeURIComponent(old.competitorId)}`}>
                      <bdi>{old.name}</bdi>
                    </Link>
                    <span className="narrow-only block text-12 text-text-2">{reasonOf(old)}</span>
                  </th>
                  <td className="whitespace-nowrap">
                    {old.lastReadAt === null ? (
                      'never'
                    ) : (
                      <>
                        {age(old.lastReadAt, now)}
                        <span className="block text-12 text-muted">
                          {moment(old.lastReadAt, timeZone, now)}
                        </span>
                      </>
                    )}
                  </td>
                  <td className="wide-only text-text-2">{reasonOf(old)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      )}
    </Panel>
  );
}
