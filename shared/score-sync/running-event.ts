import type { FlashEvent } from './score-records.ts';

/** The Flash CTF that is on at this moment; undefined when there is none. */
export const runningEvent = (
  events: readonly Pick<FlashEvent, 'name' | 'startsAt' | 'endsAt'>[],
  now: Date,
): Pick<FlashEvent, 'name' | 'startsAt' | 'endsAt'> | undefined =>
  events.find(
    ({ startsAt, endsAt }) => Date.parse(startsAt) <= now.getTime() && now.getTime() < Date.parse(endsAt),
  );
