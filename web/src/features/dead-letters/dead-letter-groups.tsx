import { type QueueName, QUEUES } from '#shared/jobs/task-definition.ts';
import type { DeadLetterGroup, QueueList } from '#shared/dead-letters/contract.ts';
import { useApi } from '#web/shared/api/api-context.ts';
import { counted } from '#shared/kernel/format.ts';
import { SelectField, useUrlFilters } from '#web/shared/ui/filters.tsx';
import { Button } from '#web/shared/ui/button.tsx';
import { CsvButton, type CsvColumn } from '#web/shared/ui/csv-button.tsx';
import { LoadFailure } from '#web/shared/ui/note.tsx';
import { Empty, Panel, SkeletonRows } from '#web/shared/ui/panel.tsx';
import { useQueries } from '@tanstack/react-query';
import { deadLettersQuery } from './dead-letter-api.ts';
import { MessageGroupLine } from './message-group.tsx';
import { MESSAGE_LABELS, messageSubject, type RedriveInAddress } from './queue-labels.ts';

interface DeadLetterGroupsProps {
  /** Undefined until the queues were read. */
  readonly queues: QueueList['items'] | undefined;
  /** The redrive that the page shows. */
  readonly run: RedriveInAddress | null;
  readonly onStarted: (run: RedriveInAddress) => void;
  readonly onChanged: () => void;
}

const OPTIONS = [{ value: '', text: 'All queues' }, ...QUEUES.map((name) => ({ value: name, text: name }))];

interface DeadLetter {
  readonly queue: QueueName;
  readonly cause: string;
  readonly letter: DeadLetterGroup['letters'][number];
}

const CSV: readonly CsvColumn<DeadLetter>[] = [
  { name: 'Queue', of: ({ queue }) => queue },
  { name: 'Cause', of: ({ cause }) => cause },
  { name: 'Id', of: ({ letter }) => messageSubject(letter.message).id ?? letter.id },
  { name: 'About', of: ({ letter }) => messageSubject(letter.message).words },
  { name: 'Why', of: ({ letter }) => letter.why },
  { name: 'Sent', at: ({ letter }) => letter.sentAt },
  { name: 'Today', of: ({ letter }) => MESSAGE_LABELS[letter.state].text },
];

/** What is dead, by cause: of the queues that hold any. */
export function DeadLetterGroups({ queues, run, onStarted, onChanged }: DeadLetterGroupsProps) {
  const api = useApi();
  const [params, setFilters] = useUrlFilters();
  const queue = params.get('queue');
  const asked = (queues ?? []).filter(({ deadLetters }) => deadLetters > 0).map(({ name }) => name);
  const shown: readonly QueueName[] = QUEUES.filter(
    (name) => asked.includes(name) && (queue === null || queue === name),
  );
  const reads = useQueries({ queries: shown.map((name) => deadLettersQuery(api, name)) });
  const broken = reads.find(({ isError }) => isError);
  const groups = reads.flatMap(
    ({ data }) => data?.items.map((group) => ({ queue: data.queue, group })) ?? [],
  );
  const looked = reads.reduce((sum, { data }) => sum + (data?.looked ?? 0), 0);
  const pending = queues === undefined || reads.some(({ isPending }) => isPending);
  const cut = reads.some(({ data }) => data?.complete === false);
  return (
    <Panel label="Dead letters, by cause" busy={pending}>
      <div className="panel-head pb-3.5">
        <h2>Dead letters, by cause</h2>
        {groups.length > 0 && (
          <span className="as-of">
            {counted(looked, 'message')}
            {cut ? ' looked at, and there are more' : ''}, {counted(groups.length, 'cause')}
          </span>
        )}
        <div className="end">
          {groups.length > 0 && (
            <CsvButton
              caption="Dead letters"
              columns={CSV}
              rows={groups.flatMap(({ queue: name, group }) =>
                group.letters.map((letter) => ({ queue: name, cause: group.title, letter })),
              )}
              asOf={new Date(Math.min(...reads.map(({ dataUpdatedAt }) => dataUpdatedAt))).toISOString()}
              more={cut || groups.some(({ group }) => group.letters.length < group.count)}
            />
          )}
          <SelectField
            label="Queue"
            value={queue ?? ''}
            onChange={(name) => setFilters({ queue: name })}
            options={OPTIONS}
          />
        </div>
      </div>
      {broken && (
        <div className="px-5 pb-4">
          <LoadFailure
            what="The dead letters"
            safe="They stay where they are."
            error={broken.error}
            retrying={broken.isFetching}
            onRetry={() => void broken.refetch()}
          />
        </div>
      )}
      {pending && !broken && <SkeletonRows label="the dead letters" rows={3} />}
      {!pending && !broken && groups.length === 0 && (
        <NothingDead
          onClear={queue !== null && asked.length > 0 ? () => setFilters({ queue: null }) : null}
        />
      )}
      {groups.map(({ queue: name, group }) => (
        <MessageGroupLine
          key={`${name} ${group.cause}`}
          queue={name}
          group={group}
          run={run?.cause === group.cause ? run : null}
          onStarted={onStarted}
          onChanged={onChanged}
        />
      ))}
    </Panel>
  );
}

const NothingDead = ({ onClear }: { onClear: (() => void) | null }) =>
  onClear !== null ? (
    <Empty
      kind="filtered"
      title="Nothing is dead in this queue"
      action={<Button onClick={onClear}>Show all queues</Button>}
    >
      Other queues hold dead letters.
    </Empty>
  ) : (
    <Empty kind="never" title="Nothing is dead">
      What cannot be done after several tries is listed here by its cause, to be tried again or discarded.
    </Empty>
  );
