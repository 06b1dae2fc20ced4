import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { createActivityRepository } from '#shared/audit/activity-repository.ts';
import type { Activity } from '#shared/audit/activity.ts';
import { erasedMeanwhile, notErased } from '#shared/competitors/privacy/erasure-repository.ts';
import { monthOf } from '#shared/kernel/days.ts';
import {
  beginsWith,
  between,
  equals,
  exists,
  notExists,
  query,
  remove,
  set,
  setAll,
  setIfAbsent,
  update,
} from '#shared/table/expressions.ts';
import { indexKeys, keys } from '#shared/table/keys.ts';
import { parseRow } from '#shared/table/row.ts';
import { lostRace, queryAll, transactWrite, type Table, type TransactItem } from '#shared/table/table.ts';
import { monthUpdate, restatements } from './restated-months.ts';
import { dayItem, solveHistoryItem, solveItem, totalsDueItem } from './score-items.ts';
import {
  competitorStatsSchema,
  restatedMonthSchema,
  solveSchema,
  type CompetitorStats,
  type RestatedMonth,
  type Solve,
} from './score-records.ts';
import {
  auditResult,
  countAll,
  countDay,
  daysOf,
  historyOf,
  planAudit,
  type AuditPlan,
  type AuditResult,
  type Claim,
  type SolveChange,
} from './solve-audit.ts';
import { solveKey, type Subject } from './solve-mapping.ts';

/** A transaction takes 100 items; totals, the look for a tombstone and four lines of activity go with the changes. */
const ITEMS_FOR_CHANGES = 92;
/** Only a second worker on the same competitor makes a transaction refused; each round sees what it stored. */
const AUDIT_ATTEMPTS = 8;

export interface ReconcileOptions {
  /** Months before this one, `YYYY-MM`, have ended and are marked when changed; null: mark none. */
  readonly openMonth: string | null;
  /** A line for the coach's timeline, written with the changes it is about. */
  readonly activity: (kind: Activity['kind'], details: Activity['details']) => Activity;
  /** Flags the totals for one more read when withdrawals of ODL solves wait for it. */
  readonly totalsMark: string;
}

export interface SolveAudit {
  /**
   * Makes the stored solves what an answer says, with history, counters, days and months in the same transactions, all
   * on the condition that no one changed the competitor's solves since they were read. Any number of callers at once, a
   * repeated call, or a crash between two transactions comes to the same. Null when the person is erased.
   */
  reconcile(subject: Subject, claim: Claim, options: ReconcileOptions): Promise<AuditResult | null>;
  /** Months of a coach's people, `YYYY-MM` from first to last, whose numbers changed after they had ended. */
  restatedMonths(coachId: string, from: string, to: string): Promise<RestatedMonth[]>;
}

interface Stored {
  readonly stats: CompetitorStats | undefined;
  readonly solves: ReadonlyMap<string, Solve>;
}

/** Changes that fit one transaction each time, in their order. */
function inTransactions(changes: readonly SolveChange[]): SolveChange[][] {
  const chunks: SolveChange[][] = [];
  let items = new Set<string>();
  for (const change of changes) {
    const own = [
      solveKey(change.after),
      ...(change.before === null ? [] : [`history ${solveKey(change.after)}`]),
      ...daysOf(change).flatMap((day) => [day, monthOf(day)]),
    ];
    const last = chunks.at(-1);
    const together = new Set([...items, ...own]);
    const fits = last !== undefined && together.size <= ITEMS_FOR_CHANGES;
    if (fits) last.push(change);
    else chunks.push([change]);
    items = fits ? together : new Set(own);
  }
  return chunks;
}

/** The lines for a coach about changes: counts and the points that they move. */
function linesOf(changes: readonly SolveChange[], activity: ReconcileOptions['activity']): Activity[] {
  const KINDS = {
    found: 'solves_stored',
    restored: 'solves_restored',
    corrected: 'solves_corrected',
    revoked: 'solves_withdrawn',
  } as const;
  return Object.entries(KINDS).flatMap(([kind, line]) => {
    const some = changes.filter((change) => change.kind === kind);
    if (some.length === 0) return [];
    const odl = some.filter(({ after }) => after.source === 'odl').length;
    const points = some.reduce((sum, { before, after }) => {
      if (kind === 'corrected') return sum + after.points - (before?.points ?? 0);
      return sum + (kind === 'revoked' ? -after.points : after.points);
    }, 0);
    return [activity(line, { odl, ctf: some.length - odl, ...(kind === 'found' ? {} : { points }) })];
  });
}

/** Totals first: whatever changes between the two reads then fails the condition. */
async function readStored(table: Table, competitorId: string): Promise<Stored> {
  const { Item: item } = await table.client.send(
    new GetCommand({
      TableName: table.name,
      Key: keys.competitorStats(competitorId),
      ConsistentRead: true,
    }),
  );
  const solves = new Map<string, Solve>();
  const rows = queryAll(table, {
    ...query(equals('pk', keys.competitorPartition(competitorId)), beginsWith('sk', 'SOLVE#')),
    ConsistentRead: true,
  });
  for await (const row of rows) {
    const solve = parseRow(solveSchema, 'solve', row);
    solves.set(solveKey(solve), solve);
  }
  const stats = item === undefined ? undefined : parseRow(competitorStatsSchema, 'stats', item);
  return { stats, solves };
}

const statsUpdate = (
  table: Table,
  counted: CompetitorStats,
  changes: number | undefined,
  jobId: string,
): TransactItem => {
  const { competitorId, coachId, platform: _none, ...counters } = counted;
  const values = {
    ...indexKeys.statsOfCoach(coachId, competitorId),
    type: 'stats',
    competitorId,
    coachId,
    ...counters,
    changes: (changes ?? 0) + 1,
    auditedBy: jobId,
  };
  return {
    Update: {
      TableName: table.name,
      Key: keys.competitorStats(competitorId),
      ...update([setIfAbsent('platform', null), setAll(values)], {
        when: changes === undefined ? notExists('changes') : equals('changes', changes),
      }),
    },
  };
};

/** One transaction's items, and the solves as they are after it. */
async function chunkItems(
  table: Table,
  subject: Subject,
  stored: Stored,
  changes: number | undefined,
  chunk: readonly SolveChange[],
  claim: Claim,
  options: ReconcileOptions,
) {
  const { coachId } = subject;
  const solves = new Map(stored.solves);
  for (const { after } of chunk) solves.set(solveKey(after), { ...after, coachId });
  const all = [...solves.values()];
  const days = [...new Set(chunk.flatMap(daysOf))];
  const months = options.openMonth === null ? [] : [...restatements(chunk, options.openMonth)];
  const put = (Item: Record<string, unknown>): TransactItem => ({ Put: { TableName: table.name, Item } });
  const items: TransactItem[] = [
    ...chunk.map(({ after }) => put(solveItem({ ...after, coachId }))),
    ...chunk
      .map((change) => historyOf(change, claim))
      .filter((history) => history !== null)
      .map((history) => put(solveHistoryItem({ ...history, coachId }))),
    ...days.map((day) => {
      const row = countDay(subject, day, all);
      if (row !== null) return put(dayItem(row));
      return { Delete: { TableName: table.name, Key: keys.competitorDay(subject.competitorId, day) } };
    }),
    ...months.map(([month, change]) => monthUpdate(table, subject, month, change, claim.readAt)),
    statsUpdate(table, countAll(subject, all), changes, claim.jobId),
    ...(await Promise.all(
      linesOf(chunk, options.activity).map((line) =>
        createActivityRepository(table).appendTransaction({ ...line, coachId }),
      ),
    )),
    notErased(table, subject.competitorId),
  ];
  return { items, stored: { ...stored, solves } };
}

/** Notes that withdrawals wait, or that none do any more; with them the flag that brings the second read. */
async function savePending(
  table: Table,
  { competitorId, coachId }: Subject,
  plan: AuditPlan,
  before: Stored,
  claim: Claim,
  mark: string,
): Promise<void> {
  const name = claim.source === 'odl' ? 'heldOdl' : 'heldCtf';
  const known = before.stats?.[name] ?? null;
  if (!claim.complete || (plan.pending === null && known === null)) return;
  if (plan.pending !== null && plan.pending.digest === known?.digest) return;
  const note: TransactItem = {
    Update: {
      TableName: table.name,
      Key: keys.competitorStats(competitorId),
      ...update([plan.pending === null ? remove(name) : set(name, plan.pending)], { when: exists('pk') }),
    },
  };
  const again = plan.pending !== null && claim.source === 'odl';
  const flag: TransactItem = {
    Put: { TableName: table.name, Item: totalsDueItem({ competitorId, coachId, mark }) },
  };
  await transactWrite(table, [note, ...(again ? [flag] : []), notErased(table, competitorId)]);
}

export function createSolveAudit(table: Table): SolveAudit {
  return {
    async reconcile({ competitorId, coachId }, claim, options) {
      for (let attempt = 1; ; attempt += 1) {
        const before = await readStored(table, competitorId);
        // Who was moved to another coach since the read began has that coach in the totals.
        const subject = { competitorId, coachId: before.stats?.coachId ?? coachId };
        const plan = planAudit([...before.solves.values()], before.stats, claim);
        let stored = before;
        let { changes } = before.stats ?? {};
        try {
          for (const chunk of inTransactions(plan.changes)) {
            const next = await chunkItems(table, subject, stored, changes, chunk, claim, options);
            await transactWrite(table, next.items);
            ({ stored } = next);
            changes = (changes ?? 0) + 1;
          }
          await savePending(table, subject, plan, before, claim, options.totalsMark);
          return auditResult([...stored.solves.values()], plan, claim);
        } catch (error) {
          if (!lostRace(error)) throw error;
          // The last part asks whether the person was erased meanwhile.
          if (erasedMeanwhile(error)) return null;
          if (attempt >= AUDIT_ATTEMPTS) throw error;
        }
      }
    },

    async restatedMonths(coachId, from, to) {
      const months: RestatedMonth[] = [];
      const { gsi1pk, gsi1sk } = indexKeys.restatedOfCoach(coachId, from, '');
      const last = indexKeys.restatedOfCoach(coachId, to, '~').gsi1sk;
      const rows = queryAll(table, query(equals('gsi1pk', gsi1pk), between('gsi1sk', gsi1sk, last)));
      for await (const row of rows) months.push(parseRow(restatedMonthSchema, 'restated_month', row));
      return months;
    },
  };
}
