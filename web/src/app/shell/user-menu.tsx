import { Eye, LogOut, SunMoon } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useState } from 'react';
import { useMe } from '../../shared/identity/get-me.ts';
import { useSignOut } from '../sign-out.ts';
import { ActAsDialog } from './act-as-dialog.tsx';
import { initials } from './initials.ts';
import { toggleTheme } from './theme-button.tsx';

/** Who is signed in, and what they can do about it. */
export function UserMenu() {
  const me = useMe();
  const signOut = useSignOut();
  const [choosing, setChoosing] = useState(false);
  return (
    <>
      <DropdownMenu.Root modal={false}>
        <DropdownMenu.Trigger className="avatar" aria-label={`Account: ${me.name}, ${me.role}`}>
          {initials(me.name)}
        </DropdownMenu.Trigger>
        <DropdownMenu.Portal>
          <DropdownMenu.Content className="menu" align="end" sideOffset={8} collisionPadding={12}>
            <span className="who">
              <b className="block">{me.name}</b>
              <span className="text-12 text-text-2">
                {me.role === 'admin' ? 'Admin' : 'Coach'}
                {me.email === null ? '' : `, ${me.email}`}
              </span>
            </span>
            {me.role === 'admin' && (
              <DropdownMenu.Item onSelect={() => setChoosing(true)}>
                <Eye size={16} strokeWidth={1.75} aria-hidden /> Act as a coach
              </DropdownMenu.Item>
            )}
            <DropdownMenu.Item onSelect={toggleTheme}>
              <SunMoon size={16} strokeWidth={1.75} aria-hidden /> Switch between dark and light
            </DropdownMenu.Item>
            <DropdownMenu.Item onSelect={signOut}>
              <LogOut size={16} strokeWidth={1.75} aria-hidden /> Sign out
            </DropdownMenu.Item>
          </DropdownMenu.Content>
        </DropdownMenu.Portal>
      </DropdownMenu.Root>
      {choosing && <ActAsDialog onClose={() => setChoosing(false)} />}
    </>
  );
}
