import { CircleCheck, OctagonAlert, X } from 'lucide-react';
import { Toast } from 'radix-ui';
import { useSyncExternalStore } from 'react';
import { Button } from './button.tsx';

interface ToastMessage {
  readonly id: number;
  readonly tone: 'ok' | 'error';
  readonly title: string;
  readonly detail: string;
}

const SHOWN_MS = 8_000;
let messages: readonly ToastMessage[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

function replace(next: readonly ToastMessage[]) {
  messages = next;
  for (const listener of listeners) listener();
}

/** Says once that something was done, with the proof. Polite for success, assertive for errors. */
export function showToast(tone: ToastMessage['tone'], title: string, detail: string): void {
  lastId += 1;
  replace([...messages.slice(-2), { id: lastId, tone, title, detail }]);
}

export function Toasts() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => messages,
  );
  return (
    <Toast.Provider duration={SHOWN_MS} label="Message">
      {shown.map(({ id, tone, title, detail }) => (
        <Toast.Root
          key={id}
          className="toast"
          type={tone === 'error' ? 'foreground' : 'background'}
          onOpenChange={(open) => {
            if (!open) replace(messages.filter((message) => message.id !== id));
          }}
        >
          {tone === 'ok' ? (
            <CircleCheck size={16} className="text-ok" aria-hidden />
          ) : (
            <OctagonAlert size={16} className="text-error" aria-hidden />
          )}
          <div className="min-w-0">
            <Toast.Title className="font-[530]">{title}</Toast.Title>
            <Toast.Description className="text-text-2">{detail}</Toast.Description>
          </div>
          <Toast.Close asChild>
            <Button look="ghost" small iconOnly aria-label="Dismiss">
              <X size={14} aria-hidden />
            </Button>
          </Toast.Close>
        </Toast.Root>
      ))}
      <Toast.Viewport className="toasts" label="Messages ({hotkey})" />
    </Toast.Provider>
  );
}
