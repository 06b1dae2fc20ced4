import { Button } from '#web/shared/ui/button.tsx';
import { Note } from '#web/shared/ui/note.tsx';
import { usePageTitle } from '#web/shared/ui/page.tsx';
import { Component, type ReactNode } from 'react';
import { CenteredCard } from './entry-pages.tsx';

interface CrashBoundaryProps {
  readonly children: ReactNode;
  /** What stands there instead. */
  readonly instead: ReactNode;
}

interface CrashState {
  readonly crashed: boolean;
}

/** The last net: a fault of the site itself is told, and loading the page again is offered. */
export class CrashBoundary extends Component<CrashBoundaryProps, CrashState> {
  override state: CrashState = { crashed: false };

  static getDerivedStateFromError(): CrashState {
    return { crashed: true };
  }

  override render() {
    return this.state.crashed ? this.props.instead : this.props.children;
  }
}

const TITLE = 'This page failed';

/** Where a page was, when it failed while it was drawn; the bar above still works. */
export function CrashNote() {
  usePageTitle(TITLE);
  return (
    <>
      <div className="page-head">
        <h1>{TITLE}</h1>
      </div>
      <WhatToDo />
    </>
  );
}

/** Instead of everything, when the site itself failed. */
export function CrashPage() {
  usePageTitle(TITLE);
  return (
    <CenteredCard title={TITLE}>
      <WhatToDo />
    </CenteredCard>
  );
}

const WhatToDo = () => (
  <Note tone="error" title="Something went wrong" said="at once">
    <p>
      What you saved is safe. Reload the page. If it fails twice, tell your program&rsquo;s admin which page
      it was.
    </p>
    <div className="mt-2.5 flex flex-wrap gap-2">
      <Button small onClick={() => globalThis.location.reload()}>
        Reload
      </Button>
      <a className="btn sm" href="/">
        Go to the dashboard
      </a>
    </div>
  </Note>
);

const STORED_UNDER = 'reloaded-at';
const ONCE_IN_MS = 60_000;

/**
 * After a deploy, a page that is still open asks for code that is gone: loading the page again brings the new one. Once
 * a minute at most, so that a real outage does not make it reload for ever; then the page says that it failed.
 */
export function reloadAfterDeploy(): void {
  globalThis.addEventListener('vite:preloadError', (event) => {
    const before = Number(sessionStorage.getItem(STORED_UNDER) ?? 0);
    if (Date.now() - before < ONCE_IN_MS || !navigator.onLine) return;
    sessionStorage.setItem(STORED_UNDER, String(Date.now()));
    event.preventDefault();
    globalThis.location.reload();
  });
}
