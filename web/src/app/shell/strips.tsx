import { setActingAs, useMe } from '#web/shared/identity/current-user.tsx';
import { Button } from '#web/shared/ui/button.tsx';
import { Eye, WifiOff } from 'lucide-react';
import { useSyncExternalStore } from 'react';

/** Always in sight while an admin acts as a coach. */
export function ActingStrip() {
  const { actingAs } = useMe();
  if (actingAs === null) return null;
  return (
    <aside className="strip acting" aria-label="Acting as a coach">
      <div>
        <Eye size={16} strokeWidth={1.75} aria-hidden />
        <span className="min-w-0 flex-1">
          You are acting as{' '}
          <b>
            <bdi>{actingAs.name}</bdi>
          </b>
          . Everything you do is logged under both names.
        </span>
        <Button small onClick={() => setActingAs(null)}>
          Stop acting
        </Button>
      </div>
    </aside>
  );
}

const subscribe = (listener: () => void) => {
  globalThis.addEventListener('online', listener);
  globalThis.addEventListener('offline', listener);
  return () => {
    globalThis.removeEventListener('online', listener);
    globalThis.removeEventListener('offline', listener);
  };
};

/** Said once when the connection goes; what is on screen stays readable. */
export function OfflineBar() {
  const online = useSyncExternalStore(subscribe, () => navigator.onLine);
  return (
    <output>
      {!online && (
        <span className="strip offline">
          <span>
            <WifiOff size={16} strokeWidth={1.75} aria-hidden />
            <span>
              <b>You are offline.</b> This page may be out of date. You can save changes once you are back
              online.
            </span>
          </span>
        </span>
      )}
    </output>
  );
}
