import type { ChainLink, CompetitorView } from '#shared/competitors/contract.ts';
import { Check, Clock, Hourglass, Minus, X, Zap, type LucideIcon } from 'lucide-react';
import { nearDay } from '../format/time.ts';
import { useNow } from '../format/use-now.ts';
import { useConfig } from '../identity/get-config.ts';
import { classNames } from '../ui/class-names.ts';
import { LINK_NAMES, STATE_NAMES } from './chain-words.ts';

const ICONS: Readonly<Record<ChainLink['state'], LucideIcon>> = {
  done: Check,
  live: Zap,
  waiting_you: Clock,
  waiting_platform: Hourglass,
  refused: X,
  not_yet: Minus,
};

/** The five links in detail: what is so, since when, who acts next; and why the scores were last read. */
export function Chain({ chain, lastRead }: Pick<CompetitorView, 'chain' | 'lastRead'>) {
  const { timeZone } = useConfig();
  const now = useNow();
  return (
    <ol className="chain" aria-label="Chain from release to last solve">
      {chain.map(({ link, state, at, text }) => {
        const Icon = ICONS[state];
        const when = at === null ? null : nearDay(at, timeZone, now);
        return (
          <li key={link} className={classNames(state !== 'done' && state !== 'live' && 'open')}>
            <span className={classNames('node', state)} aria-hidden>
              <Icon size={13} strokeWidth={2.2} />
            </span>
            <div>
              <h3>
                {LINK_NAMES[link]}
                <span className={classNames(state === 'refused' && 'refused-word')}>
                  {state === 'refused'
                    ? `refused ${(when ?? '').replace(/^[TY]/, (letter) => letter.toLowerCase())}`
                    : (when ?? STATE_NAMES[state])}
                  {when !== null && state !== 'refused' && (
                    <span className="sr-only">, {STATE_NAMES[state]}</span>
                  )}
                </span>
              </h3>
              <p>{text}</p>
              {link === 'last_solve' && lastRead !== null && (
                <p className="because">
                  Last asked: {nearDay(lastRead.at, timeZone, now)}. {lastRead.because}
                </p>
              )}
            </div>
          </li>
        );
      })}
    </ol>
  );
}
