import { type Idle, idleAt, lastUse, leftLabel, noteUse } from '#web/shared/identity/idle.ts';
import { Button } from '#web/shared/ui/button.tsx';
import { Dialog } from '#web/shared/ui/dialog.tsx';
import { useEffect, useEffectEvent, useState } from 'react';

/** What counts as use. A page that reads its scores anew by itself is not used. */
const USES = ['pointerdown', 'keydown', 'wheel', 'touchstart'] as const;
/** Use is noted this often at most. */
const NOTE_EVERY_MS = 5_000;
const LOOK_EVERY_MS = 1_000;

const IN_USE: Idle = { kind: 'in_use' };

interface IdleSignOutProps {
  readonly minutes: number;
  readonly onLeave: () => void;
}

/** Signs out after a time without use in any tab, and asks before. While it asks, only an answer counts as use. */
export function IdleSignOut({ minutes, onLeave }: IdleSignOutProps) {
  const [idle, setIdle] = useState(IN_USE);
  const stay = () => {
    noteUse(localStorage, Date.now());
    setIdle(IN_USE);
  };
  const look = useEffectEvent(() => {
    const now = Date.now();
    const next = idleAt(lastUse(localStorage) ?? now, now, minutes * 60_000);
    if (next.kind === 'over') onLeave();
    else if (next.kind !== 'in_use' || idle.kind !== 'in_use') setIdle(next);
  });
  const used = useEffectEvent(() => {
    const now = Date.now();
    look();
    if (idle.kind === 'in_use' && now - (lastUse(localStorage) ?? 0) >= NOTE_EVERY_MS)
      noteUse(localStorage, now);
  });
  useEffect(() => {
    if (lastUse(localStorage) === null) noteUse(localStorage, Date.now());
    const onUse = () => used();
    const onLook = () => look();
    // At once: a tab that comes back after a night, or a sleeping computer, shows nothing.
    onLook();
    for (const use of USES) globalThis.addEventListener(use, onUse, { passive: true, capture: true });
    document.addEventListener('visibilitychange', onLook);
    const timer = setInterval(onLook, LOOK_EVERY_MS);
    return () => {
      for (const use of USES) globalThis.removeEventListener(use, onUse, { capture: true });
      document.removeEventListener('visibilitychange', onLook);
      clearInterval(timer);
    };
  }, []);
  if (idle.kind !== 'warning') return null;
  return (
    <Dialog title="Still there?" onClose={stay}>
      <p>
        You have not used the dashboard for a while. To protect your students&rsquo; data, you will be signed
        out in <output className="tabular-nums">{leftLabel(idle.leftMs)}</output>.
      </p>
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onLeave}>Sign out now</Button>
        <Button look="primary" onClick={stay}>
          Stay signed in
        </Button>
      </div>
    </Dialog>
  );
}
