import { SunMoon } from 'lucide-react';
import { Button } from '../../shared/ui/button.tsx';

/** Dark is the default; the choice is kept in this browser. */
export function toggleTheme(): void {
  const root = document.documentElement;
  const light = root.dataset['theme'] !== 'light';
  if (light) root.dataset['theme'] = 'light';
  else delete root.dataset['theme'];
  try {
    localStorage.setItem('theme', light ? 'light' : 'dark');
  } catch {
    // Storage is closed to us: the choice lasts as long as the page.
  }
}

export const ThemeButton = () => (
  <Button
    look="ghost"
    iconOnly
    className="wide-only"
    aria-label="Switch between dark and light"
    onClick={toggleTheme}
  >
    <SunMoon size={16} strokeWidth={1.75} aria-hidden />
  </Button>
);
