import { useLayoutEffect, type RefObject } from 'react';

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
