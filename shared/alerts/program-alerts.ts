import type { Clock } from '#shared/kernel/clock.ts';
import type { AlertRecord } from './alert-record.ts';
import type { AlertSum, AlertSums } from './alert-sums.ts';
import { MOST_NAMES } from './alert-words.ts';
import { ALERT_CAUSES, type Alert, type AlertCause, type AlertList } from './contract.ts';
import { actorOf, createAlert, isSnoozed, subjectKindOf, type AlertInput } from './evaluate-alerts.ts';

export interface ProgramAlertsDeps {
  /** Undefined while there are none yet. */
  readonly sums: () => Promise<{ readonly at: string; readonly sums: AlertSums } | undefined>;
  readonly recordsOf: (
    alerts: readonly { readonly coachId: string; readonly cause: AlertCause }[],
  ) => Promise<readonly AlertRecord[]>;
  /** First names of competitors and names of teams. */
  readonly namesOf: (ids: {
    readonly competitors: readonly string[];
    readonly teams: readonly string[];
  }) => Promise<ReadonlyMap<string, string>>;
  /** Scope of an alert that is about the whole program; no coach has this id. */
  readonly everybody: string;
  readonly suspension: () => Promise<AlertInput['suspension']>;
  readonly inactiveDays: () => Promise<number>;
  readonly now: Clock;
}

/** Of an alert about nobody in particular. */
const NOBODY = { about: 0, subjectIds: [], names: [] };

const sumOf = (causes: readonly AlertCause[], counts: ReadonlyMap<string, number>): number =>
  causes.reduce((sum, cause) => sum + (counts.get(cause) ?? 0), 0);

const nameOf = ({ coachId, cause }: Pick<AlertSum, 'coachId' | 'cause'>): string => `${coachId}.${cause}`;

/**
 * The alerts of all coaches from the sums that are kept of them: what is shown is read, however many coaches there
 * are. What is put away or brought back is so at once; whom an alert is about is as of the last sums.
 *
 * @returns undefined while there are no sums yet
 */
export async function readProgramAlerts(deps: ProgramAlertsDeps): Promise<AlertList | undefined> {
  const [kept, suspension, inactiveDays] = await Promise.all([
    deps.sums(),
    deps.suspension(),
    deps.inactiveDays(),
  ]);
  if (kept === undefined) return undefined;
  const { sums, at } = kept;
  const now = deps.now();
  // While reads are suspended, that is the alert; everybody's being late follows from it.
  const shown = sums.alerts.filter(({ cause }) => suspension === null || cause !== 'stale_sync');
  const few = shown.filter(({ about }) => about <= MOST_NAMES);
  /** Each once, though two alerts may be about the same person. */
  const idsOf = (kind: Alert['subjectKind']) => [
    ...new Set(few.filter(({ cause }) => subjectKindOf(cause) === kind).flatMap(({ ids }) => ids)),
  ];
  const [records, names] = await Promise.all([
    deps.recordsOf(shown),
    deps.namesOf({ competitors: idsOf('competitor'), teams: idsOf('team') }),
  ]);
  const recordOf = new Map(records.map((record) => [nameOf(record), record]));

  const open = new Map(Object.entries(sums.open));
  const count = (cause: AlertCause, more: number) => open.set(cause, (open.get(cause) ?? 0) + more);
  const items: Alert[] = [];
  const snoozed: Alert[] = [];
  if (suspension !== null) {
    open.delete('stale_sync');
    const cause = suspension === 'off' ? 'sync_paused' : 'access_refused';
    items.push(createAlert({ ...NOBODY, cause, coachId: deps.everybody, since: at, inactiveDays }));
    count(cause, 1);
  }
  for (const sum of shown) {
    const record = recordOf.get(nameOf(sum));
    const away = isSnoozed(record, sum.ids, now);
    count(sum.cause, Number(sum.snoozed) - Number(away));
    // Whoever was erased since is nobody's alert any more.
    const ids = sum.about <= MOST_NAMES ? sum.ids.filter((id) => names.has(id)) : sum.ids;
    if (ids.length === 0) continue;
    const alert = createAlert({
      ...sum,
      about: sum.about <= MOST_NAMES ? ids.length : sum.about,
      subjectIds: ids,
      names: ids.flatMap((id) => names.get(id) ?? []),
      inactiveDays,
    });
    if (away) snoozed.push({ ...alert, snoozedUntil: record?.snooze?.until ?? null });
    else items.push(alert);
  }
  return {
    items,
    snoozed,
    counts: {
      open: sumOf(ALERT_CAUSES, open),
      ofCoach: sumOf(
        ALERT_CAUSES.filter((cause) => actorOf(cause) === 'coach'),
        open,
      ),
      closed: sums.closed,
    },
    complete: sums.complete,
    asOf: at,
    closed: [],
    nextCursor: null,
  };
}
