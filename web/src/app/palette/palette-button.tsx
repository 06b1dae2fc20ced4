import { Button } from '#web/shared/ui/button.tsx';
import { isTyping } from '#web/shared/ui/filters.tsx';
import { Search } from 'lucide-react';
import { lazy, Suspense, useEffect, useState } from 'react';

const load = () => import('./palette.tsx');
const Palette = lazy(load);

/** After the page itself; what is typed right after Ctrl-K would be lost while it loads. */
const LOAD_AFTER_MS = 2_000;

/** Opens the palette, as do Ctrl-K (⌘K) anywhere and `/` on a page without a search field of its own. */
export function PaletteButton() {
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => void load().catch(() => undefined), LOAD_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.altKey || document.querySelector('dialog[open]')) return;
      const command = event.ctrlKey || event.metaKey;
      const slash =
        event.key === '/' &&
        !command &&
        !isTyping(event.target) &&
        document.querySelector('[aria-keyshortcuts="/"]') === null;
      if (!slash && !(command && event.key.toLowerCase() === 'k')) return;
      event.preventDefault();
      setOpen(true);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  return (
    <>
      <Button
        look="ghost"
        className="palette-button"
        aria-keyshortcuts="Control+K Meta+K"
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
      >
        <Search size={16} strokeWidth={1.75} aria-hidden />
        <span className="sr-only">Search or run a command</span>
        <kbd aria-hidden>Ctrl K</kbd>
      </Button>
      {open && (
        <Suspense>
          <Palette onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
