import type { SyncHealthView } from '#shared/score-sync/contract.ts';
import { dayIn, moment, plainDay, rangeLabel, zoneName } from '#shared/kernel/format.ts';
import { useApi } from '#web/shared/api/api-context.ts';
import { useNow } from '#web/shared/format/time.ts';
import { useConfig } from '#web/shared/identity/config.ts';
import { AdminsOnly, seesAllCoaches, useMe } from '#web/shared/identity/current-user.tsx';
import { ButtonLink } from '#web/shared/ui/button.tsx';
import { DayField, SelectField, useUrlFilters } from '#web/shared/ui/filters.tsx';
import { LoadFailure, Note } from '#web/shared/ui/note.tsx';
import { usePageTitle } from '#web/shared/ui/page.tsx';
import { Empty, Panel, SkeletonRows } from '#web/shared/ui/panel.tsx';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useEffect, useEffectEvent } from 'react';
import { TuningAdvice } from './advice.tsx';
import { CallsChart, Ledger } from './calls.tsx';
import { RunErrors, RunTimeline, type RunsOfDay } from './runs.tsx';
import { KeyFigures, OldestReads, PromiseDays, Variants } from './standing.tsx';
import { syncHealthQuery, syncRunsQuery } from './sync-health-api.ts';
import { neverSynced, periodOf, PERIODS, roundIsLate, waitsNote } from './sync-health-labels.ts';
import { Waits } from './waits.tsx';

/** For admins only: how fresh scores are, what that takes, and what might be changed. */
export default function SyncHealthPage() {
  usePageTitle('Sync health');
  return seesAllCoaches(useMe()) ? <SyncHealth /> : <AdminsOnly page="Sync health" what="sync health" />;
}

/** The runs of the last day of the period, all pages of them. */
function useRuns(day: string, today: string): RunsOfDay {
  const list = useInfiniteQuery(syncRunsQuery(useApi(), day));
  const goOn = useEffectEvent(() => void list.fetchNextPage());
  const more = list.hasNextPage && !list.isFetching && !list.isError;
  useEffect(() => {
    if (more) goOn();
  }, [more]);
  return {
    day,
    isToday: day === today,
    runs: list.data?.pages.flatMap(({ items }) => items),
    asOf: new Date(list.dataUpdatedAt).toISOString(),
    error: list.error,
    retrying: list.isFetching,
    onRetry: () => void list.refetch(),
  };
}

function SyncHealth() {
  const { timeZone } = useConfig();
  const now = useNow();
  const today = dayIn(timeZone, now);
  const [params, set] = useUrlFilters();
  const period = periodOf(params, today);
  const health = useQuery(syncHealthQuery(useApi(), period));
  const runs = useRuns(period.to, today);
  const { data } = health;
  const asOf = new Date(health.dataUpdatedAt).toISOString();
  const choose = (id: string) =>
    set(
      id === 'days'
        ? { period: null, from: period.from, to: period.to }
        : { period: id === 'week' ? null : id, from: null, to: null },
    );
  return (
    <>
      <div className="page-head">
        <div>
          <h1>Sync health</h1>
          <p className="sub">
            How fresh scores are and what that takes, for all coaches. Times are {zoneName(timeZone)}.
            {data !== undefined && ` As of ${moment(asOf, timeZone, now)}.`}
          </p>
        </div>
        <div className="tools">
          <SelectField label="Days" value={period.id} onChange={choose} options={PERIODS} />
          {period.id === 'days' && (
            <>
              <DayField label="From" value={period.from} onChange={(from) => set({ from })} />
              <DayField label="To" value={period.to} onChange={(to) => set({ to })} />
            </>
          )}
        </div>
      </div>
      {health.isError && (
        <LoadFailure
          what={data ? 'The newest figures' : 'Sync health'}
          safe="Scores are read all the same."
          error={health.error}
          retrying={health.isFetching}
          onRetry={() => void health.refetch()}
        />
      )}
      {data === undefined
        ? health.isPending && (
            <Panel label="Sync health" busy>
              <SkeletonRows label="sync health" rows={12} />
            </Panel>
          )
        : null}
      {data !== undefined && <Standing health={data} />}
      {data !== undefined && neverSynced(data) && (
        <Panel label="Sync health">
          <Empty
            kind="never"
            heading="h2"
            title="No scores have been read yet"
            action={
              <>
                <ButtonLink look="primary" to="/jobs">
                  Start a job
                </ButtonLink>
                <ButtonLink to="/schedules">See the schedules</ButtonLink>
              </>
            }
          >
            The score sync starts every five minutes. Its runs, waits and calls show here after the first one.
          </Empty>
        </Panel>
      )}
      {data !== undefined && !neverSynced(data) && (
        <Blocks health={data} runs={runs} asOf={asOf} today={today} fading={health.isPlaceholderData} />
      )}
    </>
  );
}

/** Why figures may stand still: said before they are read. */
function Standing({ health }: { health: SyncHealthView }) {
  const { timeZone } = useConfig();
  const now = useNow();
  const { processing, round, calls } = health;
  const waits = waitsNote(calls.waits, timeZone, now);
  if (!processing.enabled) {
    return (
      <Note tone="warning" title="Processing is off" said="when free">
        <p>
          {processing.changedAt !== null && `Since ${moment(processing.changedAt, timeZone, now)}. `}
          No call is made, so scores get older. Nothing is lost.{' '}
          {processing.reason !== null && (
            <>
              Reason: “<bdi>{processing.reason}</bdi>”{' '}
            </>
          )}
        </p>
        <ButtonLink small className="mt-2" to="/settings">
          Open Settings
        </ButtonLink>
      </Note>
    );
  }
  return (
    <>
      {waits !== null && (
        <Note tone="warning" title={waits.title} said="when free">
          <p>{waits.text}</p>
        </Note>
      )}
      {waits === null && round !== null && roundIsLate(health, now) && (
        <Note tone="warning" title="No round has run lately" said="when free">
          <p>
            The last one was at {moment(round.at, timeZone, now)}; one comes every five minutes. The figures
            below are as old. See whether its schedule is on and whether its jobs fail.
          </p>
          <div className="mt-2 flex flex-wrap gap-2">
            <ButtonLink small to="/schedules">
              Schedules
            </ButtonLink>
            <ButtonLink small to="/jobs?type=game_platform_sync">
              Score sync jobs
            </ButtonLink>
          </div>
        </Note>
      )}
    </>
  );
}

interface BlocksProps {
  readonly health: SyncHealthView;
  readonly runs: RunsOfDay;
  readonly asOf: string;
  readonly today: string;
  /** Of the period before, until the chosen one is there. */
  readonly fading: boolean;
}

const TWO = 'grid gap-(--gutter) lg:grid-cols-[minmax(0,7fr)_minmax(0,5fr)]';

function Blocks({ health, runs, asOf, today, fading }: BlocksProps) {
  const { from, to } = health.period;
  const when =
    from === to
      ? to === today
        ? 'today'
        : `on ${plainDay(to, today)}`
      : `in ${rangeLabel(from, to, today)}`;
  const day = health.calls.hours?.day ?? today;
  return (
    <div className={`grid gap-(--gutter) ${fading ? 'opacity-60' : ''}`} aria-busy={fading || undefined}>
      <KeyFigures health={health} when={when} runs={runs} today={today} />
      <div className={TWO}>
        <RunTimeline of={runs} />
        <TuningAdvice health={health} asOf={asOf} />
      </div>
      <Waits lag={health.lag} when={when} asOf={asOf} />
      <div className={TWO}>
        <CallsChart calls={health.calls} today={today} asOf={asOf} />
        <Ledger calls={health.calls} day={day} today={today} asOf={asOf} />
      </div>
      <div className="grid gap-(--gutter) lg:grid-cols-2">
        <RunErrors of={runs} />
        <PromiseDays health={health} asOf={asOf} today={today} />
      </div>
      <Variants health={health} when={when} asOf={asOf} />
      <OldestReads health={health} />
    </div>
  );
}
