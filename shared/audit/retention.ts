import { TTL_ATTRIBUTE } from '#shared/table/keys.ts';

const DAY_SECONDS = 24 * 3600;
/** How long lines of the audit, of the read log and of the activity are kept: a school year, and the summer after it. */
export const KEEP_DAYS = 400;

/** When the table deletes a line of this time (ISO 8601). */
export const kept = (at: string): Readonly<Record<string, number>> => ({
  [TTL_ATTRIBUTE]: Math.ceil(Date.parse(at) / 1000) + KEEP_DAYS * DAY_SECONDS,
});
