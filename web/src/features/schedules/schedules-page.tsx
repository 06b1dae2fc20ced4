import { moment, zoneName } from '#shared/kernel/format.ts';
import type { ScheduleView } from '#shared/schedules/contract.ts';
import { useApi } from '#web/shared/api/api-context.ts';
import { useNow } from '#web/shared/format/time.ts';
import { coachesQuery } from '#web/shared/identity/coaches.tsx';
import { useConfig } from '#web/shared/identity/config.ts';
import { AdminsOnly, seesAllCoaches, useMe } from '#web/shared/identity/current-user.tsx';
import { Button } from '#web/shared/ui/button.tsx';
import { CsvButton, type CsvColumn } from '#web/shared/ui/csv-button.tsx';
import { CountedFilters, useUrlFilters } from '#web/shared/ui/filters.tsx';
import { ActFailure, LoadFailure, Note } from '#web/shared/ui/note.tsx';
import { usePageTitle } from '#web/shared/ui/page.tsx';
import { Empty, Panel, SkeletonRows } from '#web/shared/ui/panel.tsx';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { DeleteDialog, RunDialog, SwitchOffDialog, useSwitch } from './schedule-acts.tsx';
import { schedulesQuery } from './schedule-api.ts';
import { ScheduleDialog } from './schedule-dialog.tsx';
import {
  countedScheduleFilters,
  lastRunState,
  missedNote,
  scheduleAbout,
  scheduleFilterOf,
  schedulesSummary,
  scheduleTimes,
  scheduleTitle,
} from './schedule-labels.ts';
import { type Act, ScheduleTable } from './schedule-table.tsx';

/** For admins only: what starts by itself, when it does next, and whether it did. */
export default function SchedulesPage() {
  usePageTitle('Schedules');
  return seesAllCoaches(useMe()) ? <Schedules /> : <AdminsOnly page="Schedules" what="schedules" />;
}

interface Open {
  readonly act: Act | 'new';
  readonly schedule: ScheduleView | null;
}

function Schedules() {
  const { timeZone } = useConfig();
  const now = useNow();
  const list = useQuery(schedulesQuery(useApi()));
  const [params, setFilters] = useUrlFilters();
  const [opened, setOpened] = useState<Open | null>(null);
  // The palette opens the form by its address.
  const open: Open | null = opened ?? (params.get('new') === null ? null : { act: 'new', schedule: null });
  const change = useSwitch();
  const schedules = list.data;
  const missed = missedNote(schedules ?? [], timeZone, now);
  const only = schedules?.filter(({ didNotRun }) => didNotRun !== null) ?? [];
  const close = () => {
    setOpened(null);
    if (params.has('new')) setFilters({ new: null });
  };
  const act = (chosen: Act, schedule: ScheduleView) => {
    change.reset();
    // What others rely on is asked about first; everything else is one press, and one more to undo it.
    if (chosen === 'switch' && !(schedule.builtIn && schedule.enabled)) change.mutate(schedule);
    else setOpened({ act: chosen, schedule });
  };
  return (
    <>
      <div className="page-head">
        <div>
          <h1>Schedules</h1>
          <p className="sub">
            {schedules ? schedulesSummary(schedules) : 'What starts by itself.'} Times are{' '}
            {zoneName(timeZone)}, the program&rsquo;s zone.
          </p>
        </div>
        <div className="tools">
          <Button look="primary" onClick={() => setOpened({ act: 'new', schedule: null })}>
            <Plus size={14} aria-hidden /> New schedule
          </Button>
        </div>
      </div>
      {change.isError && open === null && <ActFailure title="Not switched" error={change.error} />}
      {missed !== null && (
        <Note tone="warning" title={missed.title}>
          <p>{missed.text}</p>
          {only.map(
            (schedule) =>
              only.length === 1 &&
              schedule.taskType !== null && (
                <Button key={schedule.name} small className="mt-2" onClick={() => act('run', schedule)}>
                  Run it now
                </Button>
              ),
          )}
        </Note>
      )}
      <ScheduleList
        list={list}
        switching={change.isPending ? change.variables.name : null}
        onAct={act}
        onNew={() => setOpened({ act: 'new', schedule: null })}
      />
      <p className="text-12 text-muted">
        Every change and every run by hand is written to the audit log. A schedule counts as “did not run”
        five minutes after its time.
      </p>
      {open !== null && <Opened open={open} change={change} onClose={close} />}
    </>
  );
}

function Opened({
  open: { act, schedule },
  change,
  onClose,
}: {
  open: Open;
  change: ReturnType<typeof useSwitch>;
  onClose: () => void;
}) {
  if (schedule === null || act === 'edit' || act === 'new') {
    return <ScheduleDialog schedule={schedule} onClose={onClose} onSaved={onClose} />;
  }
  if (act === 'run') return <RunDialog schedule={schedule} onClose={onClose} />;
  if (act === 'delete') return <DeleteDialog schedule={schedule} onClose={onClose} />;
  return <SwitchOffDialog schedule={schedule} change={change} onClose={onClose} />;
}

const CSV: readonly CsvColumn<ScheduleView>[] = [
  { name: 'Schedule', of: scheduleTitle },
  { name: 'Name', of: ({ name }) => name },
  { name: 'What it does', of: (schedule) => scheduleAbout(schedule) },
  { name: 'When', of: scheduleTimes },
  { name: 'Expression', of: ({ expression }) => expression },
  { name: 'Time zone', of: ({ timezone }) => timezone },
  { name: 'State', of: ({ enabled }) => (enabled ? 'On' : 'Off') },
  { name: 'Built in', of: ({ builtIn }) => (builtIn ? 'yes' : 'no') },
  { name: 'Next run', at: ({ nextRuns }) => nextRuns[0]?.at ?? null },
  { name: 'Last run', at: ({ lastRun }) => lastRun?.time ?? null },
  { name: 'Result', of: ({ lastRun }) => (lastRun === null ? null : lastRunState(lastRun).text) },
  { name: 'Job id', of: ({ lastRun }) => lastRun?.jobId ?? null },
  { name: 'Did not run at', at: ({ didNotRun }) => didNotRun?.expectedAt ?? null },
];

interface ScheduleListProps {
  readonly list: UseQueryResult<ScheduleView[]>;
  readonly switching: string | null;
  readonly onAct: (act: Act, schedule: ScheduleView) => void;
  readonly onNew: () => void;
}

function ScheduleList({ list, switching, onAct, onNew }: ScheduleListProps) {
  const { timeZone } = useConfig();
  const now = useNow();
  const [params, setFilters] = useUrlFilters();
  const coaches = useQuery(coachesQuery(useApi()));
  const filter = scheduleFilterOf(params.get('show'));
  const schedules = list.data;
  const shown = (schedules ?? []).filter(filter.holds);
  const asOf = new Date(list.dataUpdatedAt).toISOString();
  return (
    <Panel label="Schedules" busy={list.isPending}>
      <div className="panel-head pb-3.5">
        <CountedFilters
          label="Show"
          options={countedScheduleFilters(schedules ?? [])}
          chosenId={filter.id}
          known={schedules !== undefined}
          onChoose={(id) => setFilters({ show: id === 'all' ? null : id })}
        />
        <div className="end">
          {shown.length > 0 && <CsvButton caption="Schedules" columns={CSV} rows={shown} asOf={asOf} />}
        </div>
      </div>
      {list.isError && (
        <div className="px-5 pb-4">
          <LoadFailure
            what={schedules ? 'The newest state' : 'The schedules'}
            safe="They run all the same."
            error={list.error}
            retrying={list.isFetching}
            onRetry={() => void list.refetch()}
          />
        </div>
      )}
      {list.isPending && <SkeletonRows label="schedules" rows={8} />}
      {schedules?.length === 0 && (
        <Empty
          kind="never"
          heading="h2"
          title="No schedules"
          action={
            <Button look="primary" onClick={onNew}>
              New schedule
            </Button>
          }
        >
          Nothing starts by itself here. The built-in schedules come back with the next deployment.
        </Empty>
      )}
      {schedules && schedules.length > 0 && shown.length === 0 && (
        <Empty
          kind="filtered"
          heading="h2"
          title={filter.id === 'own' ? 'No schedule of your own yet' : 'No schedule is off'}
          action={
            <>
              {filter.id === 'own' && <Button onClick={onNew}>New schedule</Button>}
              <Button onClick={() => setFilters({ show: null })}>Show all schedules</Button>
            </>
          }
        >
          The other schedules are hidden by the filter.
        </Empty>
      )}
      {shown.length > 0 && (
        <ScheduleTable
          schedules={shown}
          coachName={(id) => coaches.data?.find((coach) => coach.id === id)?.name}
          switching={switching}
          onAct={onAct}
        />
      )}
      {schedules && schedules.length > 0 && (
        <div className="panel-foot">
          <span>as of {moment(asOf, timeZone, now)}</span>
        </div>
      )}
    </Panel>
  );
}
