import { WifiOff } from 'lucide-react';
import { useSyncExternalStore } from 'react';

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
