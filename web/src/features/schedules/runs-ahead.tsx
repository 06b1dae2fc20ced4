import { clockTime, inUtc, shortDay, weekdayAndDay } from '#shared/kernel/format.ts';
import { dayOf } from '#shared/kernel/days.ts';
import type { RunAhead } from '#shared/schedules/contract.ts';
import { clockChange } from '#shared/schedules/firing-times.ts';
import { useApi } from '#web/shared/api/api-context.ts';
import { useNow } from '#web/shared/format/time.ts';
import { useConfig } from '#web/shared/identity/config.ts';
import { Skeleton } from '#web/shared/ui/panel.tsx';
import { useQuery } from '@tanstack/react-query';
import { Clock } from 'lucide-react';
import { Fragment, useEffect, useState } from 'react';
import { previewQuery } from './schedule-api.ts';

interface RunsAheadProps {
  readonly expression: string;
  readonly timezone: string;
  /** Of the schedule that is being changed; undefined: of a new one. */
  readonly countsFrom: string | undefined;
  /** What is wrong with the expression, in the words of the fields. */
  readonly problem: string | null;
}

const TYPING_MS = 300;
const SHOWN = 5;

/** The next runs of what is being typed; the list follows a moment after the last key. */
export function RunsAhead({ problem, ...typed }: RunsAheadProps) {
  const settled = useSettled(JSON.stringify(typed));
  const { countsFrom, ...asked }: typeof typed = JSON.parse(settled);
  const preview = useQuery({
    ...previewQuery(useApi(), { ...asked, ...(countsFrom === undefined ? {} : { countsFrom }) }),
    enabled: problem === null,
    placeholderData: (before) => before,
  });
  const runs = problem === null ? preview.data : undefined;
  return (
    <section aria-label="Next runs" className="runs-ahead">
      <h3 className="text-13 font-medium">Next runs</h3>
      {problem !== null && <output className="text-13 text-text-2">No runs to show yet. {problem}</output>}
      {problem === null && preview.isError && (
        <output className="text-13 text-text-2">
          The next runs could not be worked out. Change the time, or save to try again.
        </output>
      )}
      {problem === null && preview.isPending && (
        <div className="grid gap-3 py-2">
          {Array.from({ length: SHOWN }, (_, row) => (
            <Skeleton key={row} width="100%" />
          ))}
        </div>
      )}
      {runs?.length === 0 && (
        <output className="text-13 text-text-2">This never runs: its time is over, or never comes.</output>
      )}
      {runs !== undefined && runs.length > 0 && <RunList runs={runs} zone={asked.timezone} />}
    </section>
  );
}

/** The text once it has not changed for a moment. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

/** Each run here and in UTC, with a line where the clock changes before it. */
function RunList({ runs, zone }: { runs: readonly RunAhead[]; zone: string }) {
  const { timeZone } = useConfig();
  const now = useNow();
  const today = dayOf(now.toISOString(), timeZone);
  return (
    <ol>
      {runs.map(({ at, clockChange: change }, index) => {
        const before = runs[index - 1]?.at ?? now.toISOString();
        // Of the schedule's own clock; where that stands still, of the one that the times are shown by.
        const here = change ?? clockChange(timeZone, Date.parse(before), Date.parse(at));
        return (
          <Fragment key={at}>
            {here !== null && (
              <li className="clock-change">
                <Clock size={14} aria-hidden />
                <span>
                  {shortDay(new Date(here.at).toISOString(), change === null ? timeZone : zone, now)}:
                  daylight saving time {here.kind}
                </span>
              </li>
            )}
            <li>
              <span>{weekdayAndDay(dayOf(at, timeZone), today)}</span>
              <span className="font-medium">{clockTime(at, timeZone)}</span>
              <span className="utc">{inUtc(at, timeZone)}</span>
            </li>
          </Fragment>
        );
      })}
    </ol>
  );
}
