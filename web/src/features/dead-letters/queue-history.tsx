import type { QueueHistory } from '#shared/dead-letters/contract.ts';
import { clockTime, count, moment } from '#shared/kernel/format.ts';
import { useApi } from '#web/shared/api/api-context.ts';
import { Bars } from '#web/shared/charts/bars.tsx';
import { useNow } from '#web/shared/format/time.ts';
import { useConfig } from '#web/shared/identity/config.ts';
import { LoadFailure } from '#web/shared/ui/note.tsx';
import { Panel, SkeletonRows } from '#web/shared/ui/panel.tsx';
import { DataTable } from '#web/shared/ui/table.tsx';
import { useQuery } from '@tanstack/react-query';
import { queueHistoryQuery } from './dead-letter-api.ts';
import { historyLabel } from './queue-labels.ts';

/** How much waited in each queue over the last day, each at its own scale. */
export function QueueHistoryPanel() {
  const history = useQuery(queueHistoryQuery(useApi()));
  return (
    <Panel label="The last day" busy={history.isPending}>
      <div className="panel-head pb-3.5">
        <h2>The last day</h2>
        <span className="as-of">most messages that waited at once, by quarter of an hour</span>
      </div>
      {history.isError && (
        <div className="px-5 pb-4">
          <LoadFailure
            what="The history"
            error={history.error}
            retrying={history.isFetching}
            onRetry={() => void history.refetch()}
          />
        </div>
      )}
      {history.isPending && <SkeletonRows label="the history" rows={3} />}
      {history.data && <Day history={history.data} asOf={new Date(history.dataUpdatedAt).toISOString()} />}
    </Panel>
  );
}

const cell = (value: number | null | undefined) => (typeof value === 'number' ? value : 'not measured');

function Day({ history: { from, periodSeconds, items }, asOf }: { history: QueueHistory; asOf: string }) {
  const { timeZone } = useConfig();
  const now = useNow(60_000);
  const begin = (index: number): string =>
    new Date(Date.parse(from) + index * periodSeconds * 1_000).toISOString();
  const timeAt = (index: number): string => moment(begin(index), timeZone, now);
  const periods = items[0]?.depth.length ?? 0;
  const ticks = [0, 1, 2, 3].map((quarter) => clockTime(begin((quarter * periods) / 4), timeZone));
  const isGap = items.some(({ depth }) => depth.includes(null));
  return (
    <div className="panel-body grid flex-none gap-4">
      {items.map((queue) => {
        const known = queue.depth.filter((value) => value !== null);
        const most = Math.max(0, ...known);
        return (
          <div
            key={queue.name}
            className="grid items-end gap-x-4 gap-y-1 sm:grid-cols-[120px_minmax(0,1fr)_90px]"
          >
            <span className="mono text-13">{queue.name}</span>
            <Bars values={queue.depth} most={Math.max(1, most)} label={historyLabel(queue, timeAt)} />
            <span className="text-12 text-text-2 sm:text-right">
              {known.length === 0 ? 'not measured' : most === 0 ? 'nothing waited' : `most ${count(most)}`}
            </span>
          </div>
        );
      })}
      <p className="flex justify-between text-12 text-muted sm:ml-[136px] sm:mr-[106px]" aria-hidden>
        {ticks.map((tick) => (
          <span key={tick}>{tick}</span>
        ))}
        <span>now</span>
      </p>
      {isGap && <p className="text-12 text-muted">Hatched: not measured.</p>}
      <DataTable
        caption="Depth of the queues over the last day"
        asOf={asOf}
        columns={['Time', ...items.flatMap(({ name }) => [`${name} waiting`, `${name} dead`])]}
        rows={Array.from({ length: periods }, (_, back) => {
          const index = periods - 1 - back;
          return {
            key: begin(index),
            cells: [
              { at: begin(index), words: timeAt(index) },
              ...items.flatMap(({ depth, deadLetters }) => [cell(depth[index]), cell(deadLetters[index])]),
            ],
          };
        })}
      />
    </div>
  );
}
