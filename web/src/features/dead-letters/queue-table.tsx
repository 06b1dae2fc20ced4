import type { QueueList } from '#shared/dead-letters/contract.ts';
import { count, duration, moment } from '#shared/kernel/format.ts';
import { useNow } from '#web/shared/format/time.ts';
import { useConfig } from '#web/shared/identity/config.ts';
import { Badge } from '#web/shared/ui/badge.tsx';
import { classNames } from '#web/shared/ui/class-names.ts';
import { CsvButton, type CsvColumn } from '#web/shared/ui/csv-button.tsx';
import { LoadFailure } from '#web/shared/ui/note.tsx';
import { Panel, SkeletonRows } from '#web/shared/ui/panel.tsx';
import { ScrollRegion } from '#web/shared/ui/table.tsx';
import type { UseQueryResult } from '@tanstack/react-query';
import { Check, Clock, OctagonAlert } from 'lucide-react';
import { QUEUE_PURPOSE } from './queue-labels.ts';

type Line = QueueList['items'][number];

const CSV: readonly CsvColumn<Line>[] = [
  { name: 'Queue', of: ({ name }) => name },
  { name: 'Purpose', of: ({ name }) => QUEUE_PURPOSE[name] },
  { name: 'Waiting', of: ({ depth }) => depth },
  {
    name: 'Oldest',
    of: ({ oldestAgeSeconds }) => (oldestAgeSeconds === null ? null : duration(oldestAgeSeconds * 1_000)),
  },
  { name: 'In flight', of: ({ inFlight }) => inFlight },
  { name: 'Dead letters', of: ({ deadLetters }) => deadLetters },
];

/** The three queues: how much, since when, and what is dead. */
export function QueueTable({ query }: { query: UseQueryResult<QueueList> }) {
  const { timeZone } = useConfig();
  const now = useNow(5_000);
  return (
    <Panel label="Depth and age" busy={query.isPending}>
      <div className="panel-head pb-3.5">
        <h2>Depth and age</h2>
        {query.data && <span className="as-of">as of {moment(query.data.asOf, timeZone, now)}</span>}
        {query.data && (
          <div className="end">
            <CsvButton caption="Queues" columns={CSV} rows={query.data.items} asOf={query.data.asOf} />
          </div>
        )}
      </div>
      {query.isError && (
        <div className="px-5 pb-4">
          <LoadFailure
            what={query.data ? 'The newest figures' : 'The queues'}
            safe="Work continues automatically."
            error={query.error}
            retrying={query.isFetching}
            onRetry={() => void query.refetch()}
          />
        </div>
      )}
      {query.isPending && <SkeletonRows label="the queues" rows={3} />}
      {query.data && (
        <ScrollRegion label="Queue table">
          <table className="table tall">
            <caption className="sr-only">Queues with depth, age, in flight and dead letters</caption>
            <thead>
              <tr>
                <th scope="col">Queue</th>
                <th scope="col" className="num">
                  Waiting
                </th>
                <th scope="col" className="num">
                  Oldest
                </th>
                <th scope="col" className="num wide-only">
                  In flight
                </th>
                <th scope="col" className="num">
                  Dead<span className="wide-only"> letters</span>
                </th>
                <th scope="col" className="num wide-only">
                  State
                </th>
              </tr>
            </thead>
            <tbody>
              {query.data.items.map((queue) => (
                <tr key={queue.name}>
                  <th scope="row">
                    <span className="grid min-w-0">
                      <span className="mono">{queue.name}</span>
                      <span className="wide-only text-12 text-muted">{QUEUE_PURPOSE[queue.name]}</span>
                    </span>
                  </th>
                  <td className="num">{count(queue.depth)}</td>
                  <td className="num text-text-2" title={queue.oldestAge}>
                    {queue.oldestAgeSeconds === null ? 'none' : duration(queue.oldestAgeSeconds * 1_000)}
                  </td>
                  <td className="num wide-only text-text-2">{count(queue.inFlight)}</td>
                  <td className={classNames('num', queue.deadLetters > 0 && 'text-error')}>
                    {count(queue.deadLetters)}
                  </td>
                  <td className="num wide-only">
                    <State queue={queue} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      )}
      <p className="px-5 py-3 text-12 text-muted">
        The age is that of the oldest work that is not done, as its record says; a message only wakes the
        worker up.
      </p>
    </Panel>
  );
}

function State({ queue }: { queue: Line }) {
  if (queue.deadLetters > 0) {
    return (
      <Badge tone="error" icon={OctagonAlert}>
        {count(queue.deadLetters)} dead
      </Badge>
    );
  }
  return queue.depth + queue.inFlight === 0 ? (
    <Badge tone="ok" icon={Check}>
      Empty
    </Badge>
  ) : (
    <Badge tone="pending" icon={Clock}>
      At work
    </Badge>
  );
}
