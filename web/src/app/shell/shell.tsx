import { useApi } from '#web/shared/api/api-context.ts';
import { FreshnessProvider, freshnessQuery } from '#web/shared/freshness/freshness-bar.ts';
import { useActingAs } from '#web/shared/identity/acting.ts';
import { useMe } from '#web/shared/identity/current-user.tsx';
import { Mark } from '#web/shared/ui/page.tsx';
import { SkeletonRows } from '#web/shared/ui/panel.tsx';
import { useQuery } from '@tanstack/react-query';
import { Suspense, useEffect, useRef } from 'react';
import { NavLink, Outlet, useLocation } from 'react-router';
import { CrashBoundary, CrashNote } from '../crash.tsx';
import { PaletteButton } from '../palette/palette-button.tsx';
import { destinations, TabBar, useWaiting, Waiting } from './navigation.tsx';
import { FreshnessChip, Rail } from './score-freshness.tsx';
import { ActingReason, ActingStrip } from './acting.tsx';
import { OfflineBar } from './strips.tsx';
import { ThemeButton, UserMenu } from './user-menu.tsx';
import './shell.css';

/** Top bar, page, tab bar. The rail and the chip show how old the scores are, on every page. */
export function Shell() {
  const api = useApi();
  const me = useMe();
  const { data: freshness, isError } = useQuery(freshnessQuery(api, useActingAs()));
  // A report card is a page of its own, behind the id of whom it is about.
  const [, area, , part = ''] = useLocation().pathname.split('/');
  const page = `${area}/${part}`;
  const main = useFocusOnNewPage(page);
  const links = destinations(me);
  const waiting = useWaiting();
  return (
    <FreshnessProvider value={freshness}>
      <a className="skip" href="#main">
        Skip to content
      </a>
      <header className="bar">
        <div className="bar-in">
          <NavLink className="brand" to="/" end>
            <Mark />
            <span>Coach Dashboard</span>
          </NavLink>
          <nav className="nav" aria-label="Main">
            {links.map(({ to, text }) => (
              <NavLink key={to} to={to} end={to === '/'}>
                {text}
                <Waiting count={waiting[to]} />
              </NavLink>
            ))}
          </nav>
          <div className="bar-end">
            <FreshnessChip freshness={freshness} failed={isError} />
            <PaletteButton />
            <ThemeButton />
            <UserMenu />
          </div>
        </div>
        {freshness && <Rail freshness={freshness} />}
      </header>
      <ActingStrip />
      <ActingReason />
      <OfflineBar />
      <main id="main" className="page" ref={main} tabIndex={-1}>
        <CrashBoundary key={page} instead={<CrashNote />}>
          <Suspense fallback={<PageLoading />}>
            <Outlet />
          </Suspense>
        </CrashBoundary>
      </main>
      <TabBar links={links} waiting={waiting} />
    </FreshnessProvider>
  );
}

/** A new page starts at its top and takes the focus, as a new document would; a filter or a selection does not. */
function useFocusOnNewPage(page: string) {
  const main = useRef<HTMLElement>(null);
  const before = useRef(page);
  useEffect(() => {
    if (before.current === page) return;
    before.current = page;
    globalThis.scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [page]);
  return main;
}

const PageLoading = () => (
  <div className="panel">
    <SkeletonRows label="the page" rows={8} />
  </div>
);
