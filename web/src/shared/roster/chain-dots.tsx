import type { ChainLink } from '#shared/competitors/contract.ts';
import { LINK_NAMES, STATE_NAMES } from './chain-words.ts';

/** The chain in a row: dot done, ring waiting, square refused; the shape differs, not only the colour. */
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
