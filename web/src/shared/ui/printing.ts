import { useSyncExternalStore } from 'react';
import { flushSync } from 'react-dom';

let isAsked = false;

function onPrinting(tell: () => void): () => void {
  const media = matchMedia('print');
  const turn = (asked: boolean) => () => {
    isAsked = asked;
    // The browser measures the page as soon as its listeners return.
    flushSync(tell);
  };
  const listeners = [
    ['beforeprint', turn(true)],
    ['afterprint', turn(false)],
  ] as const;
  for (const [event, listener] of listeners) addEventListener(event, listener);
  media.addEventListener('change', tell);
  return () => {
    for (const [event, listener] of listeners) removeEventListener(event, listener);
    media.removeEventListener('change', tell);
  };
}

/** True while the browser lays the page out for paper. */
export const usePrinting = (): boolean =>
  useSyncExternalStore(onPrinting, () => isAsked || matchMedia('print').matches);
