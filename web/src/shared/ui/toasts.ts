import { useSyncExternalStore } from 'react';

interface ToastMessage {
  readonly id: number;
  readonly tone: 'ok' | 'error';
  readonly title: string;
  readonly detail: string;
}

/** More than this at once is noise; the oldest goes. */
const MOST = 3;
let messages: readonly ToastMessage[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

function replace(next: readonly ToastMessage[]) {
  messages = next;
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** Says once that something was done, with the proof. Polite for success, assertive for errors. */
export function showToast(tone: ToastMessage['tone'], title: string, detail: string): void {
  lastId += 1;
  replace([...messages, { id: lastId, tone, title, detail }].slice(-MOST));
}

export const dismissToast = (id: number): void => replace(messages.filter((message) => message.id !== id));

export const useToasts = (): readonly ToastMessage[] => useSyncExternalStore(subscribe, () => messages);
