import { useMe } from '#web/shared/identity/current-user.tsx';
import { useSignOut } from '#web/shared/identity/session.ts';
import { Button } from '#web/shared/ui/button.tsx';
import { Eye, LogOut, Mail, SunMoon } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useRef, useState } from 'react';

const ActAsDialog = lazy(async () => ({ default: (await import('./act-as-dialog.tsx')).ActAsDialog }));

const EmailsDialog = lazy(async () => ({
  default: (await import('#web/features/notices/emails-dialog.tsx')).EmailsDialog,
}));

const ID = 'account';

/** Who is signed in, and what they can do about it. The browser's popover closes it on Esc and on a click elsewhere. */
export function UserMenu() {
  const me = useMe();
  const signOut = useSignOut();
  const menu = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState<'act-as' | 'emails' | null>(null);
  const close = () => setOpen(null);
  const after = (act: () => void) => () => {
    menu.current?.hidePopover();
    act();
  };
  return (
    <>
      <button
        type="button"
        className="avatar"
        popoverTarget={ID}
        aria-label={`${initials(me.name)}, account of ${me.name}, ${me.role}`}
      >
        {initials(me.name)}
      </button>
      <div ref={menu} id={ID} className="menu" popover="auto">
        <p>
          <b>
            <bdi>{me.name}</bdi>
          </b>
          <span>
            {me.role === 'admin' ? 'Admin' : 'Coach'}
            {me.email === null ? '' : `, ${me.email}`}
          </span>
        </p>
        {me.role === 'admin' && (
          <MenuButton
            icon={<Eye size={16} strokeWidth={1.75} aria-hidden />}
            onPress={after(() => setOpen('act-as'))}
          >
            Act as a coach
          </MenuButton>
        )}
        {me.coach !== null && (
          <MenuButton
            icon={<Mail size={16} strokeWidth={1.75} aria-hidden />}
            onPress={after(() => setOpen('emails'))}
          >
            Weekly email
          </MenuButton>
        )}
        <MenuButton icon={<SunMoon size={16} strokeWidth={1.75} aria-hidden />} onPress={after(toggleTheme)}>
          Switch between dark and light
        </MenuButton>
        <MenuButton icon={<LogOut size={16} strokeWidth={1.75} aria-hidden />} onPress={after(signOut)}>
          Sign out
        </MenuButton>
      </div>
      {open === 'act-as' && (
        <Suspense>
          <ActAsDialog onClose={close} />
        </Suspense>
      )}
      {open === 'emails' && (
        <Suspense>
          <EmailsDialog onClose={close} />
        </Suspense>
      )}
    </>
  );
}

function MenuButton({
  icon,
  onPress,
  children,
}: {
  icon: ReactNode;
  onPress: () => void;
  children: ReactNode;
}) {
  return (
    <button type="button" onClick={onPress}>
      {icon}
      {children}
    </button>
  );
}

/** From the theme on screen to the other; the choice is kept in this browser and outlives the system's. */
export function toggleTheme(): void {
  const root = document.documentElement;
  const theme = root.dataset['theme'] === 'light' ? 'dark' : 'light';
  root.dataset['theme'] = theme;
  try {
    localStorage.setItem('theme', theme);
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

/** At most two letters of a name: the first of the first and of the last word. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const first = words[0] ?? '?';
  const last = words.length > 1 ? (words.at(-1) ?? '') : '';
  return (firstLetter(first) + firstLetter(last)).toUpperCase();
}

const firstLetter = (word: string): string => Array.from(word)[0] ?? '';
