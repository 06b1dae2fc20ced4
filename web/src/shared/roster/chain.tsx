import type { ChainLink, CompetitorRow } from '#shared/competitors/contract.ts';
import { Check, Clock, Hourglass, type LucideIcon, Minus, X, Zap } from 'lucide-react';
import { nearDay, nearDayInside } from '#shared/kernel/format.ts';
import { useNow } from '../format/time.ts';
import { useConfig } from '../identity/config.ts';
import { classNames } from '../ui/class-names.ts';

/** The names of the chain's links, and of what a link can be. */

const LINK_NAMES: Readonly<Record<ChainLink['link'], string>> = {
  release: 'Release',
  account: 'Account',
  approval: 'Approval',
  team: 'Team',
  last_solve: 'Last solve',
};

const STATE_NAMES: Readonly<Record<ChainLink['state'], string>> = {
  done: 'done',
  live: 'live',
  waiting_you: 'someone acts',
  waiting_platform: 'platform acts',
  refused: 'refused',
  not_yet: 'not yet',
};

const ICONS: Readonly<Record<ChainLink['state'], LucideIcon>> = {
  done: Check,
  live: Zap,
  waiting_you: Clock,
  waiting_platform: Hourglass,
  refused: X,
  not_yet: Minus,
};

/** The five links in detail: what is so, since when, who acts next; and why the scores were last read. */
export function Chain({ chain, lastRead }: Pick<CompetitorRow, 'chain' | 'lastRead'>) {
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
                  Last asked: {nearDayInside(lastRead.at, timeZone, now)}. {lastRead.because}
                </p>
              )}
            </div>
          </li>
        );
      })}
    </ol>
  );
}

/** The chain in a row: dot done, ring waiting, square refused; the shape differs, not only the color. */
export const ChainDots = ({ chain }: { chain: readonly ChainLink[] }) => (
  <span className="dots">
    <span className="sr-only">
      {chain.map((link) => `${LINK_NAMES[link.link].toLowerCase()} ${STATE_NAMES[link.state]}`).join(', ')}
    </span>
    {chain.map((link) => (
      <i key={link.link} className={link.state} />
    ))}
  </span>
);

const SHOWN = ['done', 'live', 'waiting_you', 'waiting_platform', 'refused', 'not_yet'] as const;

export const ChainKey = () => (
  <span className="key">
    {SHOWN.map((state) => (
      <span key={state}>
        <span className="dots" aria-hidden>
          <i className={state} />
        </span>
        {STATE_NAMES[state]}
      </span>
    ))}
  </span>
);
