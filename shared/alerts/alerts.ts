import type { Actor } from '#shared/audit/actor.ts';
import { mapAtOnce } from '#shared/kernel/at-once.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { DomainError, notFound } from '#shared/kernel/errors.ts';
import type { NewId } from '#shared/kernel/ids.ts';
import type { AlertRecord } from './alert-record.ts';
import type { AlertRepository } from './alert-repository.ts';
import { DAY_MS, LONGEST_SNOOZE_DAYS, type Alert, type AlertList } from './contract.ts';
import { evaluateAlerts, parseAlertId, type AlertInput } from './evaluate-alerts.ts';

export interface AlertsDeps {
  /** Everything alerts of a coach are evaluated from; null for an unknown coach. */
  readonly inputOf: (coachId: string) => Promise<AlertInput | null>;
  /** Of all coaches, as of the last sums; undefined while there are none. */
  readonly programList: () => Promise<AlertList | undefined>;
  readonly allCoachIds: () => Promise<readonly string[]>;
  readonly records: Pick<AlertRepository, 'put' | 'putAudited'>;
  readonly now: Clock;
  readonly newId: NewId;
}

/** Coaches evaluated at the same time for the program's view. */
const COACHES_AT_ONCE = 6;
/** Evaluations of the same coach at once may each take the other's version away. */
const ATTEMPTS = 4;

const listed = (
  items: readonly Alert[],
  snoozed: readonly Alert[],
  closed: AlertList['closed'],
): AlertList => ({
  items: [...items],
  snoozed: [...snoozed],
  counts: {
    open: items.length,
    ofCoach: items.filter(({ actor }) => actor === 'coach').length,
    closed: closed.length,
  },
  complete: true,
  asOf: null,
  closed,
  nextCursor: null,
});

function refuseFarTime(until: string, now: Date): void {
  const ahead = Date.parse(until) - now.getTime();
  if (ahead > 0 && ahead <= LONGEST_SNOOZE_DAYS * DAY_MS) return;
  const message = `Choose a time within the next ${LONGEST_SNOOZE_DAYS} days.`;
  throw new DomainError('invalid', 'VALIDATION_FAILED', message, { errors: [{ path: 'until', message }] });
}

/**
 * Alerts are evaluated when they are asked for, and what began or ended since the last time is written then: at most
 * one small row per cause, and none when nothing changed. So an alert is right whenever it is seen, with no job that
 * could be late or die; the price is that an ending is dated by the first look after it. Rows are replaced by version:
 * when two evaluations meet, one writes and the other finds the same already written.
 */
export function createAlerts(deps: AlertsDeps) {
  const write = async (changes: readonly AlertRecord[]): Promise<void> => {
    await Promise.all(changes.map((record) => deps.records.put(record)));
  };

  /** Lists one coach's alerts; for the whole program nothing is written, so that a look costs no writes per coach. */
  async function listOf(coachId: string, keep: boolean): Promise<AlertList> {
    const input = await deps.inputOf(coachId);
    if (input === null) throw notFound();
    const { open, snoozed, changes } = evaluateAlerts(input);
    if (keep) await write(changes);
    const since = new Date(input.now.getTime() - DAY_MS).toISOString();
    const changed = new Map(changes.map((record) => [record.cause, record]));
    const closed = input.facts.alertRecords
      .map((record) => changed.get(record.cause) ?? record)
      .flatMap(({ cause, closedAt }) =>
        closedAt !== null && closedAt > since ? [{ coachId, cause, closedAt }] : [],
      );
    return listed(open, snoozed, closed);
  }

  /** Until the first sums are made, the few people there are are read one by one. */
  async function listAll(): Promise<AlertList> {
    const program = await deps.programList();
    if (program !== undefined) return program;
    const ids = await deps.allCoachIds();
    const lists = await mapAtOnce(ids, COACHES_AT_ONCE, (id) => listOf(id, false));
    return listed(
      lists.flatMap(({ items }) => items),
      lists.flatMap(({ snoozed }) => snoozed),
      lists.flatMap(({ closed }) => closed),
    );
  }

  /** Changes how an alert is put away, with its audit entry or not at all. */
  async function change(
    alertId: string,
    until: string | null,
    mayTouch: (coachId: string) => boolean,
    actor: Actor,
  ): Promise<Alert> {
    const named = parseAlertId(alertId);
    if (named === null || !mayTouch(named.coachId)) throw notFound();
    if (until !== null) refuseFarTime(until, deps.now());
    const { coachId, cause } = named;
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const input = await deps.inputOf(coachId);
      if (input === null) throw notFound();
      const { open, snoozed, changes } = evaluateAlerts(input);
      const alert = [...open, ...snoozed].find(({ id }) => id === alertId);
      const known = input.facts.alertRecords.find((record) => record.cause === cause);
      const next = changes.find((record) => record.cause === cause);
      if (alert === undefined) {
        if (known === undefined) throw notFound();
        throw new DomainError('conflict', 'ALERT_CLOSED', 'This alert is closed: its cause is gone.');
      }
      const record = next ?? (known && { ...known, version: known.version + 1 });
      if (record === undefined) throw notFound();
      if (until === null && record.snooze === null) return alert;
      const at = deps.now().toISOString();
      const done = await deps.records.putAudited(
        { ...record, snooze: until === null ? null : { until, subjectIds: alert.subjectIds } },
        {
          id: deps.newId('aud'),
          at,
          actor: actor.sub,
          actingAs: actor.actingAs,
          action: until === null ? 'alert.wake' : 'alert.snooze',
          subject: alertId,
          coachId,
          requestId: actor.requestId,
          details: until === null ? { cause } : { cause, until },
        },
      );
      if (done) return { ...alert, snoozedUntil: until };
    }
    throw new DomainError('conflict', 'CONFLICT', 'Someone else is changing this alert. Try again.');
  }

  return {
    list: (coachId: string | null): Promise<AlertList> =>
      coachId === null ? listAll() : listOf(coachId, true),

    snooze: (
      alertId: string,
      until: string,
      mayTouch: (coachId: string) => boolean,
      actor: Actor,
    ): Promise<Alert> => change(alertId, new Date(until).toISOString(), mayTouch, actor),

    wake: (alertId: string, mayTouch: (coachId: string) => boolean, actor: Actor): Promise<Alert> =>
      change(alertId, null, mayTouch, actor),
  };
}
