// At the foot of every page while the demo is being filled; served by `demo-notice.ts`.
const EVERY_MS = 1_000;

const notice = document.createElement('div');
notice.setAttribute('role', 'status');
Object.assign(notice.style, {
  position: 'fixed',
  // Above the tab bar that the site has on phones.
  bottom: 'max(0.75rem, min(5rem, calc((981px - 100vw) * 999)))',
  width: 'max-content',
  maxWidth: 'calc(100vw - 2rem)',
  left: '50%',
  transform: 'translateX(-50%)',
  zIndex: '2147483647',
  padding: '0.5rem 1rem',
  borderRadius: '0.5rem',
  background: '#1f2937',
  color: '#ffffff',
  // The site's own font, where the page has one.
  font: '0.875rem var(--font, system-ui, sans-serif)',
  pointerEvents: 'none',
});

async function show() {
  const { coaches, of, complete } = await (await fetch('/local-stack/demo-progress.json')).json();
  notice.textContent = complete
    ? 'The demo data is complete. Reload the page to see all of it.'
    : `The demo data is being added: ${coaches} of ${of} coaches so far.`;
  if (!notice.isConnected) document.body.append(notice);
  if (complete) setTimeout(() => notice.remove(), 10 * EVERY_MS);
  else setTimeout(() => void show().catch(() => notice.remove()), EVERY_MS);
}

show().catch(() => notice.remove());
