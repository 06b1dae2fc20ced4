import type { MeView } from '#shared/identity/contract.ts';
import { rosterPlanQuery, waitsForAdmin } from '#web/features/teams/roster-plan/roster-plan-query.ts';
import { useApi } from '#web/shared/api/api-context.ts';
import { seesAllCoaches, useMe } from '#web/shared/identity/current-user.tsx';
import { useQuery } from '@tanstack/react-query';
import {
  CalendarClock,
  CalendarSync,
  Ellipsis,
  HeartPulse,
  Inbox,
  LayoutGrid,
  ListChecks,
  type LucideIcon,
  Network,
  ScrollText,
  SlidersHorizontal,
  SquarePlay,
  UserCog,
  UsersRound,
} from 'lucide-react';
import { useRef } from 'react';
import { NavLink, useLocation } from 'react-router';

interface Destination {
  readonly to: string;
  readonly text: string;
  readonly icon: LucideIcon;
}

const COACH: readonly Destination[] = [
  { to: '/', text: 'Dashboard', icon: LayoutGrid },
  { to: '/competitors', text: 'Competitors', icon: UsersRound },
  { to: '/teams', text: 'Teams', icon: Network },
];
const ADMIN: readonly Destination[] = [
  { to: '/sync-health', text: 'Sync health', icon: HeartPulse },
  { to: '/roster-plan', text: 'Roster plan', icon: ListChecks },
  { to: '/coaches', text: 'Coaches', icon: UserCog },
  { to: '/jobs', text: 'Jobs', icon: SquarePlay },
  { to: '/queues', text: 'Queues', icon: Inbox },
  { to: '/schedules', text: 'Schedules', icon: CalendarClock },
  { to: '/settings', text: 'Settings', icon: SlidersHorizontal },
  { to: '/season', text: 'Season', icon: CalendarSync },
  { to: '/audit', text: 'Audit log', icon: ScrollText },
];

/** Where one can go. An admin acting as a coach sees what that coach sees. */
export const destinations = (me: MeView): readonly Destination[] =>
  me.role === 'admin' && me.actingAs === null ? [...COACH, ...ADMIN] : COACH;

const WAITING_EVERY_MS = 5 * 60_000;

/** How much waits for an admin, by page. */
export function useWaiting(): Readonly<Record<string, number>> {
  const plan = useQuery({
    ...rosterPlanQuery(useApi()),
    enabled: seesAllCoaches(useMe()),
    refetchInterval: WAITING_EVERY_MS,
  });
  return { '/roster-plan': waitsForAdmin(plan.data) };
}

/** The number beside a page's name. */
export const Waiting = ({ count }: { count: number | undefined }) =>
  count !== undefined &&
  count > 0 && (
    <span className="nav-count">
      <span className="sr-only">, </span>
      {count}
      <span className="sr-only"> {count === 1 ? 'waits' : 'wait'} for you</span>
    </span>
  );

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
