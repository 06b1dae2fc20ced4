import type { QueueName } from '#shared/jobs/task-definition.ts';
import type { LetterGroup } from '#shared/dead-letters/contract.ts';
import { Check, ChevronDown, Clock, OctagonAlert, TriangleAlert } from 'lucide-react';
import { count } from '../../shared/format/numbers.ts';
import { moment } from '../../shared/format/time.ts';
import { useNow } from '../../shared/format/use-now.ts';
import { useConfig } from '../../shared/identity/get-config.ts';
import { Badge } from '../../shared/ui/badge.tsx';
import { ScrollRegion } from '../../shared/ui/scroll-region.tsx';
import { GroupActs } from './group-acts.tsx';
import { groupSubject, LETTER_WORDS, letterSubject } from './queue-words.ts';

interface LetterGroupProps {
  readonly queue: QueueName;
  readonly group: LetterGroup;
  readonly onStarted: (jobId: string) => void;
  readonly onChanged: () => void;
}

const ICONS = { needed: TriangleAlert, superseded: Check, later: Clock, unknown: OctagonAlert };

/** Letters that died of the same cause: which, what each needs today, and what to do with all of them. */
export function LetterGroupLine({ queue, group, onStarted, onChanged }: LetterGroupProps) {
  const { timeZone } = useConfig();
  const now = useNow();
  const first = moment(group.oldestSentAt, timeZone, now);
  const last = moment(group.newestSentAt, timeZone, now);
  const needed = group.states.needed > 0;
  const Icon = needed || group.states.unknown > 0 ? OctagonAlert : Check;
  return (
    <details className="cause">
      <summary>
        <Icon size={16} strokeWidth={1.75} className={needed ? 'text-error' : 'text-muted'} aria-hidden />
        <span className="min-w-0 flex-1">
          <b>{group.title}</b>
          <span className="second">
            <span className="mono">{queue}</span>, {groupSubject(group.kind)},{' '}
            {first === last ? first : `${first} to ${last}`}
          </span>
        </span>
        <span className="figure">
          {count(group.count)}
          <span className="sr-only"> letters</span>
        </span>
        <ChevronDown size={16} className="cause-arrow" aria-hidden />
      </summary>
      <div className="cause-body">
        <div className="min-w-0">
          <ScrollRegion label={`Letters: ${group.title}`} className="cause-letters">
            <table className="table tight">
              <caption className="sr-only">Letters of this cause, oldest first</caption>
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
                {group.letters.map((letter) => {
                  const { id, words } = letterSubject(letter.message);
                  const { tone, text } = LETTER_WORDS[letter.state];
                  return (
                    <tr key={letter.id}>
                      <th scope="row">
                        <span className="two-lines">
                          <span className="mono break-all">{id ?? letter.id}</span>
                          <span className="second">
                            {words}
                            {letter.source === 'scheduler' && ', from the scheduler'}
                            {letter.why !== null && `. ${letter.why}`}
                          </span>
                        </span>
                      </th>
                      <td className="wide-only whitespace-nowrap text-text-2">
                        {moment(letter.sentAt, timeZone, now)}
                      </td>
                      <td className="num whitespace-nowrap">
                        <Badge tone={tone} icon={ICONS[letter.state]}>
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
        <GroupActs queue={queue} group={group} onStarted={onStarted} onChanged={onChanged} />
      </div>
    </details>
  );
}
