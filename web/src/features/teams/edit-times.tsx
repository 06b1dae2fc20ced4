import { useApi } from '#web/shared/api/api-context.ts';
import { moment } from '#shared/kernel/format.ts';
import { useNow } from '#web/shared/format/time.ts';
import { useConfig } from '#web/shared/identity/config.ts';
import { classNames } from '#web/shared/ui/class-names.ts';
import { LoadFailure } from '#web/shared/ui/note.tsx';
import { Panel, SkeletonRows } from '#web/shared/ui/panel.tsx';
import { DataTable } from '#web/shared/ui/table.tsx';
import { useQuery } from '@tanstack/react-query';
import { CircleCheck, TriangleAlert } from 'lucide-react';
import {
  EDIT_TIME_COLUMNS,
  editTimeCells,
  editTimesLine,
  keptPromise,
  percentilesLine,
} from './edit-times-labels.ts';
import { editTimesQuery } from './team-api.ts';

/** The promise of a minute, measured: all coaches' edits, month by month. */
export function EditTimes() {
  const { timeZone } = useConfig();
  const now = useNow();
  const query = useQuery(editTimesQuery(useApi()));
  const months = query.data;
  const latest = months?.[0];
  const Icon = latest && !keptPromise(latest) ? TriangleAlert : CircleCheck;
  return (
    <Panel label="How fast edits arrive" busy={query.isPending}>
      <div className="panel-head">
        <h2>How fast edits arrive</h2>
        {months && (
          <span className="as-of">
            all coaches, as of {moment(new Date(query.dataUpdatedAt).toISOString(), timeZone, now)}
          </span>
        )}
      </div>
      {query.isPending && <SkeletonRows label="how fast edits arrive" rows={1} />}
      {query.isError && (
        <div className="panel-body flex-none">
          <LoadFailure
            what={months ? 'The newest times of edits' : 'The times of edits'}
            safe="Your edits still go out."
            error={query.error}
            retrying={query.isFetching}
            onRetry={() => void query.refetch()}
          />
        </div>
      )}
      {months && !latest && (
        <p className="panel-body text-13 text-text-2">
          No one has edited a team yet. Every edit is timed until the platform confirms it.
        </p>
      )}
      {months && latest && (
        <div className="panel-body grid gap-2 text-13">
          <p className="flex gap-2.5">
            <Icon
              size={16}
              className={classNames('mt-0.5', keptPromise(latest) ? 'text-ok' : 'text-warning')}
              aria-hidden
            />
            <span>
              {editTimesLine(latest, now.toISOString().slice(0, 7))}{' '}
              <span className="text-text-2">{percentilesLine(latest)}</span>
            </span>
          </p>
          <DataTable
            label="By month, as a table"
            asOf={new Date(query.dataUpdatedAt).toISOString()}
            caption="Time from an edit to the platform’s confirmation, by month"
            columns={EDIT_TIME_COLUMNS}
            rows={months.map((month) => ({ key: month.month, cells: editTimeCells(month) }))}
          />
        </div>
      )}
    </Panel>
  );
}
