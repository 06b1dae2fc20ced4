import { useQuery } from '@tanstack/react-query';
import { CircleCheck, TriangleAlert } from 'lucide-react';
import { useApi } from '../../shared/api/api-context.ts';
import { moment } from '../../shared/format/time.ts';
import { useNow } from '../../shared/format/use-now.ts';
import { useConfig } from '../../shared/identity/get-config.ts';
import { LoadFailure } from '../../shared/ui/load-failure.tsx';
import { Panel } from '../../shared/ui/panel.tsx';
import { SkeletonRows } from '../../shared/ui/skeleton.tsx';
import { Twin } from '../../shared/ui/twin.tsx';
import { editTimesQuery } from './api/get-edit-times.ts';
import {
  EDIT_TIME_COLUMNS,
  editTimeCells,
  editTimesLine,
  keptPromise,
  percentilesLine,
} from './edit-times-words.ts';

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
            safe="Edits go out all the same."
            error={query.error}
            retrying={query.isFetching}
            onRetry={() => void query.refetch()}
          />
        </div>
      )}
      {months && !latest && (
        <p className="panel-body text-13 text-text-2">
          Nobody edited a team yet. Every edit is timed from here until the platform confirms it.
        </p>
      )}
      {months && latest && (
        <div className="panel-body grid gap-2 text-13">
          <p className="edit-times-line">
            <Icon size={16} className={keptPromise(latest) ? 'text-ok' : 'text-warning'} aria-hidden />
            <span>
              {editTimesLine(latest, now.toISOString().slice(0, 7))}{' '}
              <span className="text-text-2">{percentilesLine(latest)}</span>
            </span>
          </p>
          <Twin
            label="By month, as a table"
            caption="Time from an edit to the platform’s confirmation, by month"
            columns={EDIT_TIME_COLUMNS}
            rows={months.map((month) => ({ key: month.month, cells: editTimeCells(month) }))}
          />
        </div>
      )}
    </Panel>
  );
}
