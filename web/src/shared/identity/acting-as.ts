import { useSyncExternalStore } from 'react';

const STORED_UNDER = 'acting-as';
const listeners = new Set<() => void>();

/** Id of the coach that an admin acts as, kept for this tab only; null when acting as oneself. */
export const actingAs = (): string | null => sessionStorage.getItem(STORED_UNDER);

export function setActingAs(coachId: string | null): void {
  if (coachId === null) sessionStorage.removeItem(STORED_UNDER);
  else sessionStorage.setItem(STORED_UNDER, coachId);
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const useActingAs = (): string | null => useSyncExternalStore(subscribe, actingAs);
