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
