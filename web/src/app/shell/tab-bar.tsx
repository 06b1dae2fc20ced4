import { Ellipsis } from 'lucide-react';
import { useRef } from 'react';
import { NavLink, useLocation } from 'react-router';
import type { Destination } from './navigation.ts';
import { Waiting } from './waiting.tsx';

/** More than this many words do not fit side by side on a phone. */
const MOST = 5;
const ID = 'more-pages';

interface TabBarProps {
  readonly links: readonly Destination[];
  /** How much waits for an admin, by page. */
  readonly waiting: Readonly<Record<string, number>>;
}

/** Where one can go, at the bottom of a phone; what does not fit is behind "More". */
export function TabBar({ links, waiting }: TabBarProps) {
  const menu = useRef<HTMLDivElement>(null);
  const { pathname } = useLocation();
  const tabs = links.length > MOST ? links.slice(0, MOST - 1) : links;
  const more = links.slice(tabs.length);
  const there = more.some(({ to }) => pathname === to || pathname.startsWith(`${to}/`));
  return (
    <nav className="tabs" aria-label="Main, phone">
      {tabs.map(({ to, text, icon: Icon }) => (
        <NavLink key={to} to={to} end={to === '/'}>
          <Icon size={18} strokeWidth={1.75} aria-hidden />
          {text}
          <Waiting count={waiting[to]} />
        </NavLink>
      ))}
      {more.length > 0 && (
        <>
          <button type="button" popoverTarget={ID} aria-current={there || undefined}>
            <Ellipsis size={18} strokeWidth={1.75} aria-hidden />
            More
          </button>
          <div ref={menu} id={ID} className="menu low" popover="auto">
            {more.map(({ to, text, icon: Icon }) => (
              <NavLink key={to} to={to} onClick={() => menu.current?.hidePopover()}>
                <Icon size={16} strokeWidth={1.75} aria-hidden />
                {text}
                <Waiting count={waiting[to]} />
              </NavLink>
            ))}
          </div>
        </>
      )}
    </nav>
  );
}
