import { CircleCheck, OctagonAlert, X } from 'lucide-react';
import { Toast } from 'radix-ui';
import { Button } from './button.tsx';
import { dismissToast, useToasts } from './toasts.ts';

const SHOWN_MS = 8_000;

/** Draws the messages; loaded with the first one. */
export default function Toaster() {
  return (
    <Toast.Provider duration={SHOWN_MS} label="Message">
      {useToasts().map(({ id, tone, title, detail }) => (
        <Toast.Root
          key={id}
          className="toast"
          type={tone === 'error' ? 'foreground' : 'background'}
          onOpenChange={(open) => {
            if (!open) dismissToast(id);
          }}
        >
          {tone === 'ok' ? (
            <CircleCheck size={16} className="text-ok" aria-hidden />
          ) : (
            <OctagonAlert size={16} className="text-error" aria-hidden />
          )}
          <div className="min-w-0 flex-1">
            <Toast.Title className="font-medium">{title}</Toast.Title>
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
