import { coachRoutes, type ACT_ENDS, type ActingView } from '#shared/coaches/contract.ts';
import { useSyncExternalStore } from 'react';
import * as z from 'zod';
import { writeRoute } from '../api/call-route.ts';
import type { ApiClient } from '../api/client.ts';

/**
 * An admin acting as a coach, for this tab only: from a reason given to the end of its time. The server knows the end
 * as well and refuses what comes later, whatever this browser's clock says.
 */
const actSchema = z.object({
  id: z.string(),
  coachId: z.string(),
  /** Of the admin who started it: of no use to whoever signs in next. */
  sub: z.string(),
  /** By this browser's clock. */
  endsAtMs: z.number(),
});
export type Act = z.infer<typeof actSchema>;

const STORED_UNDER = 'acting-as';
const listeners = new Set<() => void>();
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};
const tell = () => {
  for (const listener of listeners) listener();
};

let read: { readonly text: string; readonly act: Act | null } = { text: '', act: null };

/** What is under way, also when its time is over and nobody has ended it yet; the same object while it is the same. */
function stored(): Act | null {
  const text = sessionStorage.getItem(STORED_UNDER) ?? '';
  if (text !== read.text) read = { text, act: parsed(text) };
  return read.act;
}

function parsed(text: string): Act | null {
  try {
    const found = actSchema.safeParse(JSON.parse(text));
    return found.success ? found.data : null;
  } catch {
    return null;
  }
}

const current = (): Act | null => {
  const act = stored();
  return act !== null && act.endsAtMs > Date.now() ? act : null;
};

export const useAct = (): Act | null => useSyncExternalStore(subscribe, stored);

/** Id of the coach that an admin acts as; null when acting as oneself. */
export const actingAs = (): string | null => current()?.coachId ?? null;
export const actingId = (): string | null => current()?.id ?? null;
export const useActingAs = (): string | null => useSyncExternalStore(subscribe, actingAs);

/** Ends it in this tab, without telling the server. */
export function forgetAct(): void {
  sessionStorage.removeItem(STORED_UNDER);
  tell();
}

/** Whoever signed in now did not start it: it was left behind. */
export function forgetActOfOthers(sub: string): void {
  const act = stored();
  if (act !== null && act.sub !== sub) forgetAct();
}

export interface ActStart {
  readonly coachId: string;
  readonly reason: string;
  readonly continues: boolean;
}

/** `POST /api/admin/coaches/{id}/act`: from now on exactly that coach's rights, logged under both names. */
export async function startAct(api: ApiClient, sub: string, { coachId, reason, continues }: ActStart) {
  const { id, secondsLeft }: ActingView = await writeRoute(api, coachRoutes.actAsCoach, {
    params: { id: coachId },
    body: { reason, continues },
    asOneself: true,
  });
  const act: Act = { id, coachId, sub, endsAtMs: Date.now() + secondsLeft * 1000 };
  sessionStorage.setItem(STORED_UNDER, JSON.stringify(act));
  tell();
}

/** Ends it here at once, and in the audit log when the server hears of it; it ends there by itself otherwise. */
export async function endAct(api: ApiClient, how: (typeof ACT_ENDS)[number]): Promise<void> {
  const act = stored();
  if (act === null) return;
  forgetAct();
  await writeRoute(api, coachRoutes.endActing, {
    params: { id: act.coachId, actingId: act.id },
    body: { how },
    asOneself: true,
  }).catch(() => undefined);
}

/** Whom an admin wants to act as: the shell asks for the reason, wherever it was pressed. */
export interface Wanted {
  readonly coachId: string;
  readonly name: string;
  readonly continues: boolean;
}

let wanted: Wanted | null = null;

export function askToAct(next: Wanted | null): void {
  wanted = next;
  tell();
}

export const useWanted = (): Wanted | null => useSyncExternalStore(subscribe, () => wanted);

/** The banner warns so long before the end. */
const WARNING_MS = 5 * 60_000;
/** What is said to screen readers: these minutes before the end, no more. */
const SAID_MINUTES = [15, 5, 2, 1] as const;

/** How an act stands. `said` changes only a few times, so that nobody is told of every minute. */
export function actStanding(act: Pick<Act, 'endsAtMs'>, nowMs: number) {
  const leftMs = act.endsAtMs - nowMs;
  const minutes = SAID_MINUTES.findLast((some) => leftMs <= some * 60_000);
  return {
    leftMs,
    over: leftMs <= 0,
    warns: leftMs <= WARNING_MS,
    said:
      minutes === undefined || leftMs <= 0
        ? ''
        : `Acting as this coach ends in ${minutes === 1 ? '1 minute' : `${minutes} minutes`}.`,
  };
}
