import { Eye, LogOut, SunMoon } from 'lucide-react';
import { useRef, useState, type ReactNode } from 'react';
import { useMe } from '../../shared/identity/get-me.ts';
import { useSignOut } from '../sign-out.ts';
import { ActAsDialog } from './act-as-dialog.tsx';
import { initials } from './initials.ts';
import { toggleTheme } from './theme-button.tsx';

const ID = 'account';

/** Who is signed in, and what they can do about it. The browser's popover closes it on Esc and on a click elsewhere. */
export function UserMenu() {
  const me = useMe();
  const signOut = useSignOut();
  const menu = useRef<HTMLDivElement>(null);
  const [choosing, setChoosing] = useState(false);
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
          <b>{me.name}</b>
          <span>
            {me.role === 'admin' ? 'Admin' : 'Coach'}
            {me.email === null ? '' : `, ${me.email}`}
          </span>
        </p>
        {me.role === 'admin' && (
          <MenuButton
            icon={<Eye size={16} strokeWidth={1.75} aria-hidden />}
            onPress={after(() => setChoosing(true))}
          >
            Act as a coach
          </MenuButton>
        )}
        <MenuButton icon={<SunMoon size={16} strokeWidth={1.75} aria-hidden />} onPress={after(toggleTheme)}>
          Switch between dark and light
        </MenuButton>
        <MenuButton icon={<LogOut size={16} strokeWidth={1.75} aria-hidden />} onPress={after(signOut)}>
          Sign out
        </MenuButton>
      </div>
      {choosing && <ActAsDialog onClose={() => setChoosing(false)} />}
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
