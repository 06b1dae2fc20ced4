import { useState } from 'react';
import * as z from 'zod';
import { useMe } from '../identity/current-user.tsx';

/**
 * What is typed into a form, kept in this tab until it is saved or thrown away: a session that ends takes the page
 * with it, not the text. Signing out removes it.
 */

const PREFIX = 'draft:';

/** After a deliberate sign-out nothing of the students may be left in the tab, nor when somebody else signs in. */
export function dropDrafts(exceptOf?: string): void {
  for (const key of Object.keys(sessionStorage)) {
    const own = exceptOf !== undefined && key.startsWith(`${PREFIX}${exceptOf}:`);
    if (key.startsWith(PREFIX) && !own) sessionStorage.removeItem(key);
  }
}

const storedSchema = z.object({ at: z.iso.datetime(), values: z.unknown() });

function readDraft<T>(key: string, schema: z.ZodType<T>): { at: string; values: T } | null {
  try {
    const stored = storedSchema.parse(JSON.parse(sessionStorage.getItem(key) ?? 'null'));
    return { at: stored.at, values: schema.parse(stored.values) };
  } catch {
    // None, or one of another version of the site.
    return null;
  }
}

function writeDraft(key: string, values: unknown, at: Date): void {
  try {
    sessionStorage.setItem(key, JSON.stringify({ at: at.toISOString(), values }));
  } catch {
    // Storage is full or closed to us: the text is on the page as long as that is open.
  }
}

/** A form's values, begun with what was typed before if that was never saved. `id`: of what is edited. */
export function useDraft<T>(id: string, schema: z.ZodType<T>, initial: () => T) {
  const { sub } = useMe();
  const key = `${PREFIX}${sub}:${id}`;
  const [kept, setKept] = useState(() => readDraft(key, schema));
  const [values, setValues] = useState(() => kept?.values ?? initial());
  return {
    values,
    /** When the text that is back was typed; null: nothing came back. */
    backFrom: kept?.at ?? null,
    set: (next: T) => {
      setValues(next);
      writeDraft(key, next, new Date());
    },
    /** Back to what is saved. */
    reset: () => {
      sessionStorage.removeItem(key);
      setKept(null);
      setValues(initial());
    },
    /** Saved, or thrown away. */
    drop: () => sessionStorage.removeItem(key),
  };
}
