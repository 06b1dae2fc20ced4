import type { QueueName } from '#shared/jobs/task-definition.ts';
import type { DeadLetterGroup } from '#shared/dead-letters/contract.ts';
import { count, moment } from '#shared/kernel/format.ts';
import { useNow } from '#web/shared/format/time.ts';
import { useConfig } from '#web/shared/identity/config.ts';
import { Badge } from '#web/shared/ui/badge.tsx';
import { Fold } from '#web/shared/ui/panel.tsx';
import { ScrollRegion } from '#web/shared/ui/table.tsx';
import { Check, Clock, OctagonAlert, TriangleAlert } from 'lucide-react';
import { GroupActs } from './group-acts.tsx';
import { groupSubject, MESSAGE_LABELS, messageSubject, type RedriveInAddress } from './queue-labels.ts';

interface MessageGroupProps {
  readonly queue: QueueName;
  readonly group: DeadLetterGroup;
  /** The redrive of this group that the page shows. */
  readonly run: RedriveInAddress | null;
  readonly onStarted: (run: RedriveInAddress) => void;
  readonly onChanged: () => void;
}

const ICONS = { needed: TriangleAlert, superseded: Check, later: Clock, unknown: OctagonAlert };

/** Messages that died of the same cause: which, what each needs today, and what to do with all of them. */
export function MessageGroupLine({ queue, group, run, onStarted, onChanged }: MessageGroupProps) {
  const { timeZone } = useConfig();
  const now = useNow();
  const first = moment(group.oldestSentAt, timeZone, now);
  const last = moment(group.newestSentAt, timeZone, now);
  const needed = group.states.needed > 0;
  const Icon = needed || group.states.unknown > 0 ? OctagonAlert : Check;
  return (
    <Fold
      summary={
        <>
          <Icon size={16} strokeWidth={1.75} className={needed ? 'text-error' : 'text-muted'} aria-hidden />
          <span className="min-w-0 flex-1">
            <b className="block text-14">{group.title}</b>
            <span className="text-12 text-text-2">
              <span className="mono">{queue}</span>, {groupSubject(group.kind)},{' '}
              {first === last ? first : `${first} to ${last}`}
            </span>
          </span>
          <span className="text-[20px] font-medium tabular-nums">
            {count(group.count)}
            <span className="sr-only"> messages</span>
          </span>
        </>
      }
    >
      <div className="grid grid-cols-1 items-start gap-(--gutter) px-4 pt-1 pb-5 sm:px-5 lg:grid-cols-[minmax(0,1fr)_340px] lg:pl-12">
        <div className="min-w-0">
          <ScrollRegion label={`Messages: ${group.title}`} className="max-h-[420px]">
            <table className="table tight">
              <caption className="sr-only">Messages of this cause, oldest first</caption>
              <thead>
                <tr>
                  <th scope="col">About</th>
                  <th scope="col" className="wide-only">
                    Sent
                  </th>
                  <th scope="col" className="num">
                    Today
                  </th>
                </tr>
              </thead>
              <tbody>
                {group.letters.map((dead) => {
                  const { id, words } = messageSubject(dead.message);
                  const { tone, text } = MESSAGE_LABELS[dead.state];
                  return (
                    <tr key={dead.id}>
                      <th scope="row" className="py-1.5">
                        <span className="grid min-w-0">
                          <span className="mono break-all">{id ?? dead.id}</span>
                          <span className="text-12 text-muted">
                            {words}
                            {dead.source === 'scheduler' && ', from the scheduler'}
                            {dead.why !== null && `. ${dead.why}`}
                          </span>
                        </span>
                      </th>
                      <td className="wide-only whitespace-nowrap text-text-2">
                        {moment(dead.sentAt, timeZone, now)}
                      </td>
                      <td className="num whitespace-nowrap">
                        <Badge tone={tone} icon={ICONS[dead.state]}>
                          {text}
                        </Badge>
                      </td>
                    </tr>
                  );
                })}
              </tbody>
            </table>
          </ScrollRegion>
          {group.letters.length < group.count && (
            <p className="pt-3 text-12 text-muted">
              The oldest {count(group.letters.length)} of {count(group.count)} are listed.
            </p>
          )}
        </div>
        <GroupActs queue={queue} group={group} run={run} onStarted={onStarted} onChanged={onChanged} />
      </div>
    </Fold>
  );
}
