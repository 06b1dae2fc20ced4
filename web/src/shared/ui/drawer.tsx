import { useEffect, useId, useRef, type ReactNode } from 'react';
import { useModal } from './use-modal.ts';

interface DrawerProps {
  /** Above the name: what kind of thing it is. */
  readonly kind: string;
  readonly name: string;
  readonly tools: ReactNode;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/**
 * A modal panel at the right edge, the whole width on phones. As with {@link Dialog}, the browser traps the focus,
 * makes the page behind inert, closes on Esc and gives the focus back.
 */
export function Drawer({ kind, name, tools, onClose, children }: DrawerProps) {
  const element = useRef<HTMLDialogElement>(null);
  const title = useRef<HTMLHeadingElement>(null);
  const heading = useId();
  useModal(element);
  useEffect(() => title.current?.focus(), []);
  return (
    <dialog
      ref={element}
      className="drawer"
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <div className="drawer-head">
        <div>
          <p className="text-12 text-muted">{kind}</p>
          <h2 id={heading} ref={title} tabIndex={-1}>
            {name}
          </h2>
        </div>
        <div className="end">{tools}</div>
      </div>
      {children}
    </dialog>
  );
}
