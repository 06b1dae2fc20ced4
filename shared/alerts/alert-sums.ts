import * as z from 'zod';
import type { AlertRecord } from './alert-record.ts';
import { alertCauseSchema, ALERT_CAUSES, DAY_MS, type Alert } from './contract.ts';
import { actorOf, type AlertEvaluation } from './evaluate-alerts.ts';

/**
 * Alerts as the view of all coaches keeps them: ids, times, and counts, so that it reads nobody's records. Words and
 * names are made when they are shown.
 */

/** Alerts that are kept over all coaches, and ids of whom they are about. */
const MOST_ALERTS = 100;
const MOST_IDS = 2_000;

const alertSumSchema = z.object({
  coachId: z.string(),
  cause: alertCauseSchema,
  since: z.iso.datetime(),
  snoozed: z.boolean(),
  /** How many people or teams it is about. */
  about: z.int(),
  /** Of them, at most 2,000. */
  ids: z.array(z.string()),
});
export type AlertSum = z.infer<typeof alertSumSchema>;

export const alertSumsSchema = z.object({
  /** Open ones by cause. */
  open: z.record(z.string(), z.int()),
  /** Closed within the last day. */
  closed: z.int(),
  alerts: z.array(alertSumSchema),
  /** False when alerts or ids were left out. */
  complete: z.boolean(),
});
export type AlertSums = z.infer<typeof alertSumsSchema>;

const sumOf = ({ coachId, cause, since, snoozedUntil, subjectIds }: Alert): AlertSum => ({
  coachId,
  cause,
  since,
  snoozed: snoozedUntil !== null,
  about: subjectIds.length,
  ids: subjectIds.slice(0, MOST_IDS),
});

/** One coach's. */
export function alertSumsOf(
  { open, snoozed }: Pick<AlertEvaluation, 'open' | 'snoozed'>,
  records: readonly AlertRecord[],
  now: Date,
): AlertSums {
  const since = new Date(now.getTime() - DAY_MS).toISOString();
  const alerts = [...open, ...snoozed].map(sumOf);
  return {
    open: Object.fromEntries(open.map(({ cause }) => [cause, 1])),
    closed: records.filter(({ closedAt }) => closedAt !== null && closedAt > since).length,
    alerts,
    complete: alerts.every(({ about, ids }) => about === ids.length),
  };
}

const placeOf = ({ snoozed, cause }: AlertSum): readonly number[] => [
  Number(snoozed),
  Number(actorOf(cause) !== 'coach'),
];

/** Open ones first, of those what a coach can act on, then who has waited longest. */
function byUrgency(a: AlertSum, b: AlertSum): number {
  const [snoozedA = 0, actorA = 0] = placeOf(a);
  const [snoozedB = 0, actorB = 0] = placeOf(b);
  return (
    snoozedA - snoozedB ||
    actorA - actorB ||
    (a.since < b.since ? -1 : a.since > b.since ? 1 : 0) ||
    ALERT_CAUSES.indexOf(a.cause) - ALERT_CAUSES.indexOf(b.cause)
  );
}

/** Of all coaches: everything counted, the first hundred kept, and each with as many ids as there is room for. */
export function foldAlertSums(all: readonly AlertSums[]): AlertSums {
  const open: Record<string, number> = {};
  let closed = 0;
  let complete = true;
  for (const one of all) {
    for (const [cause, count] of Object.entries(one.open)) open[cause] = (open[cause] ?? 0) + count;
    closed += one.closed;
    complete &&= one.complete;
  }
  const ranked = all.flatMap(({ alerts }) => alerts).toSorted(byUrgency);
  let room = MOST_IDS;
  const alerts: AlertSum[] = [];
  for (const alert of ranked.slice(0, MOST_ALERTS)) {
    const ids = alert.ids.slice(0, room);
    room -= ids.length;
    complete &&= ids.length === alert.ids.length;
    alerts.push({ ...alert, ids });
  }
  return { open, closed, alerts, complete: complete && alerts.length === ranked.length };
}
