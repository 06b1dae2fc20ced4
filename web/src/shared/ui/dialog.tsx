import {
  type ReactNode,
  type RefObject,
  useEffect,
  useEffectEvent,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { Button } from './button.tsx';

interface DialogProps {
  readonly title: string;
  /** `full`: as large as the window. */
  readonly look?: 'card' | 'full';
  /** Something is unsaved from the beginning, such as text that came back. */
  readonly unsaved?: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/**
 * A modal dialog: the browser traps the focus, makes the page behind inert and gives the focus back. Esc closes it;
 * where something was typed into its form, a question comes first.
 */
export function Dialog({ title, look = 'card', unsaved = false, onClose, children }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const heading = useId();
  const [typed, setTyped] = useState(false);
  const [asking, setAsking] = useState(false);
  useModal(element);
  const leave = () => {
    if (typed || unsaved) setAsking(true);
    else onClose();
  };
  return (
    <dialog
      ref={element}
      className={look === 'full' ? 'dialog full' : 'dialog'}
      aria-labelledby={heading}
      onInput={({ target }) => {
        if (target instanceof Element && target.closest('form') !== null) setTyped(true);
      }}
      // Not left to the browser, which lets a page hold back the first Esc only.
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented) return;
        event.preventDefault();
        event.stopPropagation();
        leave();
      }}
      // The back button of a phone.
      onCancel={(event) => {
        event.preventDefault();
        leave();
      }}
    >
      <div className="grid gap-4">
        <h2 id={heading}>{title}</h2>
        {children}
      </div>
      {asking && <KeepOrDiscard onKeep={() => setAsking(false)} onDiscard={onClose} />}
    </dialog>
  );
}

/** Before typed text is thrown away. The focus is on the safe answer, and Esc means it. */
function KeepOrDiscard({ onKeep, onDiscard }: { onKeep: () => void; onDiscard: () => void }) {
  const element = useRef<HTMLDialogElement>(null);
  const keep = useRef<HTMLButtonElement>(null);
  const heading = useId();
  useModal(element);
  useEffect(() => keep.current?.focus(), []);
  return (
    <dialog
      ref={element}
      className="dialog"
      aria-labelledby={heading}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        onKeep();
      }}
      onCancel={(event) => {
        event.preventDefault();
        event.stopPropagation();
        onKeep();
      }}
    >
      <div className="grid gap-4">
        <h2 id={heading}>Keep what you typed?</h2>
        <p className="text-13 text-text-2">It is not saved yet.</p>
        <div className="flex flex-wrap justify-end gap-2">
          <Button look="ghost" onClick={onDiscard}>
            Discard it
          </Button>
          <Button ref={keep} look="primary" onClick={onKeep}>
            Keep editing
          </Button>
        </div>
      </div>
    </dialog>
  );
}

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
            <bdi>{name}</bdi>
          </h2>
        </div>
        <div className="end">{tools}</div>
      </div>
      {children}
    </dialog>
  );
}

/**
 * Shows the dialog as a modal one for as long as it is drawn. Closed before React takes it out of the page: only then
 * does the browser give the focus back to where it was.
 */
export function useModal(dialog: RefObject<HTMLDialogElement | null>): void {
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, [dialog]);
}

/** Calls back on Esc, unless a dialog or a popover is open: those close first, by themselves. */
export function useEscape(onEscape: () => void): void {
  const escaped = useEffectEvent(onEscape);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      if (document.querySelector('dialog[open], :popover-open')) return;
      escaped();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}
