import { comingMoment, inUtc, moment } from '#shared/kernel/format.ts';
import type { ScheduleView } from '#shared/schedules/contract.ts';
import { useNow } from '#web/shared/format/time.ts';
import { useConfig } from '#web/shared/identity/config.ts';
import { Badge, type Tone } from '#web/shared/ui/badge.tsx';
import { Button } from '#web/shared/ui/button.tsx';
import { classNames } from '#web/shared/ui/class-names.ts';
import { ScrollRegion } from '#web/shared/ui/table.tsx';
import {
  Check,
  Clock,
  LoaderCircle,
  type LucideIcon,
  Minus,
  OctagonAlert,
  Pencil,
  Play,
  Trash2,
  TriangleAlert,
} from 'lucide-react';
import { Link } from 'react-router';
import { lastRunState, scheduleAbout, scheduleTimes, scheduleTitle } from './schedule-labels.ts';
import './schedules.css';

export type Act = 'edit' | 'run' | 'delete' | 'switch';

interface ScheduleTableProps {
  readonly schedules: readonly ScheduleView[];
  readonly coachName: (id: string) => string | undefined;
  /** Which switch is being saved. */
  readonly switching: string | null;
  readonly onAct: (act: Act, schedule: ScheduleView) => void;
}

const GROUPS = [
  { builtIn: true, title: 'Built in', about: 'can be changed and switched off, not deleted' },
  { builtIn: false, title: 'Yours', about: 'made by admins of this program' },
] as const;

/** Built-in ones first; on a phone, times and runs fold into the name's cell. */
export function ScheduleTable({ schedules, ...line }: ScheduleTableProps) {
  return (
    <ScrollRegion label="Schedule table">
      <table className="table tall schedules">
        <caption className="sr-only">Schedules with their times, next and last runs</caption>
        <thead>
          <tr>
            <th scope="col">Schedule</th>
            <th scope="col" className="wide-only">
              When
            </th>
            <th scope="col" className="wide-only">
              Next run
            </th>
            <th scope="col" className="wide-only">
              Last run
            </th>
            <th scope="col">State</th>
            <th scope="col">
              <span className="sr-only">Actions</span>
            </th>
          </tr>
        </thead>
        {GROUPS.map(({ builtIn, title, about }) => {
          const some = schedules
            .filter((schedule) => schedule.builtIn === builtIn)
            .toSorted((a, b) => scheduleTitle(a).localeCompare(scheduleTitle(b)));
          return (
            some.length > 0 && (
              <tbody key={title}>
                <tr className="group-row">
                  <th scope="rowgroup" colSpan={6}>
                    {title} <span>{about}</span>
                  </th>
                </tr>
                {some.map((schedule) => (
                  <ScheduleLine key={schedule.name} schedule={schedule} {...line} />
                ))}
              </tbody>
            )
          );
        })}
      </table>
    </ScrollRegion>
  );
}

function ScheduleLine({
  schedule,
  coachName,
  switching,
  onAct,
}: Omit<ScheduleTableProps, 'schedules'> & { schedule: ScheduleView }) {
  const title = scheduleTitle(schedule);
  return (
    <tr className={classNames(!schedule.enabled && 'off')}>
      <th scope="row">
        <span className="grid min-w-0 gap-0.5 font-normal">
          <button
            type="button"
            id={`schedule-${schedule.name}`}
            className="name"
            onClick={() => onAct('edit', schedule)}
          >
            <bdi>{title}</bdi>
          </button>
          <span className="text-12 text-muted">{scheduleAbout(schedule, coachName)}</span>
          <span className="narrow-only grid gap-0.5 text-12 text-text-2">
            <span>{scheduleTimes(schedule)}</span>
            <NextRun schedule={schedule} />
            <LastRun schedule={schedule} />
          </span>
        </span>
      </th>
      <td className="wide-only">
        <span className="grid">
          <span>{scheduleTimes(schedule)}</span>
          <span className="mono text-12 text-muted">{schedule.expression}</span>
        </span>
      </td>
      <td className="wide-only">
        <NextRun schedule={schedule} />
      </td>
      <td className="wide-only">
        <LastRun schedule={schedule} />
      </td>
      <td>
        <button
          type="button"
          role="switch"
          className="switch"
          aria-checked={schedule.enabled}
          aria-label={title}
          aria-disabled={switching === schedule.name || undefined}
          onClick={() => {
            if (switching !== schedule.name) onAct('switch', schedule);
          }}
        >
          <i aria-hidden />
          <span aria-hidden>{schedule.enabled ? 'On' : 'Off'}</span>
        </button>
      </td>
      <td className="acts">
        {schedule.taskType !== null && (
          <Button
            small
            iconOnly
            look="ghost"
            aria-label={`Run ${title} now`}
            onClick={() => onAct('run', schedule)}
          >
            <Play size={14} aria-hidden />
          </Button>
        )}
        <Button
          small
          iconOnly
          look="ghost"
          aria-label={`Edit ${title}`}
          onClick={() => onAct('edit', schedule)}
        >
          <Pencil size={14} aria-hidden />
        </Button>
        {!schedule.builtIn && (
          <Button
            small
            iconOnly
            look="ghost"
            aria-label={`Delete ${title}`}
            onClick={() => onAct('delete', schedule)}
          >
            <Trash2 size={14} aria-hidden />
          </Button>
        )}
      </td>
    </tr>
  );
}

function NextRun({ schedule: { enabled, nextRuns } }: { schedule: ScheduleView }) {
  const { timeZone } = useConfig();
  const now = useNow();
  const [next] = nextRuns;
  if (next === undefined)
    return <span className="text-muted">{enabled ? 'never again' : 'none while off'}</span>;
  return (
    <span className="grid">
      <span>
        <span className="narrow-only">Next: </span>
        {comingMoment(next.at, timeZone, now)}
      </span>
      <span className="wide-only text-12 text-muted">{inUtc(next.at, timeZone)}</span>
    </span>
  );
}

const ICONS: Readonly<Record<Tone, LucideIcon>> = {
  ok: Check,
  pending: Clock,
  accent: LoaderCircle,
  error: OctagonAlert,
  warning: TriangleAlert,
  neutral: Minus,
};

function LastRun({ schedule: { lastRun, didNotRun } }: { schedule: ScheduleView }) {
  const { timeZone } = useConfig();
  const now = useNow();
  const at = lastRun === null ? null : moment(lastRun.time, timeZone, now);
  const state = lastRun === null ? null : lastRunState(lastRun);
  return (
    <span className="grid justify-items-start gap-0.5">
      {didNotRun !== null && (
        <Badge tone="warning" icon={TriangleAlert}>
          Did not run at {moment(didNotRun.expectedAt, timeZone, now)}
        </Badge>
      )}
      {state === null || lastRun === null ? (
        <span className="text-muted">Has not run yet</span>
      ) : (
        <>
          {didNotRun === null && (
            <Badge tone={state.tone} icon={ICONS[state.tone]}>
              {state.text}
            </Badge>
          )}
          <span className="text-12 text-muted">
            {didNotRun === null ? '' : `${state.text} `}
            {lastRun.jobId === null ? (
              at
            ) : (
              <Link to={`/jobs/${encodeURIComponent(lastRun.jobId)}`}>
                {at}
                <span className="sr-only">, open the job</span>
              </Link>
            )}
            {lastRun.byHand && ', by hand'}
          </span>
        </>
      )}
    </span>
  );
}
