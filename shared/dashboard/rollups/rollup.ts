import { createHash } from 'node:crypto';
import * as z from 'zod';
import { alertSumsOf, alertSumsSchema, foldAlertSums, type AlertSums } from '#shared/alerts/alert-sums.ts';
import { evaluateAlerts } from '#shared/alerts/evaluate-alerts.ts';
import { DIVISIONS } from '#shared/competitors/contract.ts';
import { addDays, monthOf } from '#shared/kernel/days.ts';
import { MOST_NAMES, needsIn } from '../brief.ts';
import { teamTileSchema } from '../contract.ts';
import { narrowToDivision, type CoachFacts, type PresentFacts } from '../facts.ts';
import {
  addFigures,
  dayFiguresSchema,
  figuresOf,
  figuresSchema,
  noFigures,
  type Figures,
} from '../figures.ts';
import { freshnessOf, storedBySlot, type FreshnessContext } from '../freshness.ts';
import { isRegistered, type DayOf } from '../metrics.ts';
import { LONGEST_PERIOD_DAYS, periodOf, type Period } from '../period.ts';
import { teamTilesOf } from '../team-tiles.ts';
import { boardOf, coachBoardSchema, foldBoards, membersOf, memberSchema, type CoachBoard } from './board.ts';

/**
 * The sums of a coach's people, kept so that the view of all coaches reads nobody's records: by division (and of all),
 * how things stand, days by month, and a board per period. Ids, times, and counts; names are looked up when shown.
 */

/** Everybody, or one division. */
export const GROUPS = ['all', ...DIVISIONS] as const;
export type Group = (typeof GROUPS)[number];

/** Days that are kept: the longest period and the one before it, with the months that charts compare. */
export const KEPT_DAYS = 2 * LONGEST_PERIOD_DAYS + 62;
export const keptFrom = (today: string): string => `${monthOf(addDays(today, -KEPT_DAYS))}-01`;

const counts = z.record(z.string(), z.int());

/** How things stand with a group. */
export const standingSchema = z.object({
  figures: figuresSchema.omit({ days: true }),
  late: z.int(),
  lateFirst: z.array(z.string()),
  needs: z.object({ people: z.int(), teams: z.int(), causes: counts, first: z.array(z.string()) }),
  /** Solves by the slot of the rail that they were stored in. */
  stored: counts,
  /** The day before which edits of teams were too many to be counted. */
  teamEditsSince: z.iso.date().nullable(),
  tiles: z.record(z.string(), teamTileSchema.pick({ late: true, asOf: true, badge: true })),
  members: z.array(memberSchema),
});
export type Standing = z.infer<typeof standingSchema>;

export const monthSchema = z.object({ days: z.record(z.string(), dayFiguresSchema) });
export const headSchema = z.object({
  /** As of when; of the program: as of when for the coach who was summed longest ago. */
  at: z.iso.datetime(),
  /** The program's day that it was made on. */
  day: z.iso.date(),
  /** Of whom it is made: the same people in the same divisions, with the same last sign-ins. */
  digest: z.string(),
  periods: z.array(z.string()),
});
export type RollupHead = z.infer<typeof headSchema>;

/** Rows of one scope by their names in the table. */
export type RollupRows = ReadonlyMap<string, unknown>;

export const rowNames = {
  head: 'HEAD',
  alerts: 'ALERTS',
  standing: (group: Group) => `STANDING#${group}`,
  month: (group: Group, month: string) => `DAYS#${group}#${month}`,
  board: (group: Group, period: string) => `BOARD#${group}#${period}`,
} as const;

export const periodName = ({ from, to }: Pick<Period, 'from' | 'to'>): string => `${from}#${to}`;

/** The periods that the site offers by name; the first is taken by itself. */
export function standardPeriods(today: string): Period[] {
  const month = `${monthOf(today)}-01`;
  const lastMonth = addDays(month, -1);
  const ranges = [
    {},
    { from: addDays(today, -6), to: today },
    { from: month, to: today },
    { from: `${monthOf(lastMonth)}-01`, to: lastMonth },
    { from: addDays(today, -89), to: today },
  ];
  return ranges.flatMap((range) => {
    const period = periodOf(range, today);
    return 'message' in period ? [] : [period];
  });
}

export interface RollupContext extends Omit<FreshnessContext, 'runs'> {
  readonly inactiveDays: number;
  readonly dayOf: DayOf;
}

/** Fingerprint of what sums over past days depend on beside the days themselves. */
export function digestOf({ competitors, teams }: PresentFacts, dayOf: DayOf): string {
  const people = competitors
    .map((one) => [
      one.id,
      one.division,
      one.teamId,
      isRegistered(one),
      one.platform.lastLoginAt === null ? null : dayOf(one.platform.lastLoginAt),
    ])
    .toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1));
  const own = teams.map(({ id, name, division }) => [id, name, division]);
  return createHash('sha256')
    .update(JSON.stringify([people, own]))
    .digest('base64url');
}

const groupsIn = ({ competitors, teams }: PresentFacts): Group[] =>
  GROUPS.filter(
    (group) => group === 'all' || [...competitors, ...teams].some(({ division }) => division === group),
  );

const narrowed = (facts: CoachFacts, group: Group): CoachFacts =>
  narrowToDivision(facts, group === 'all' ? null : group);

/** Who is late, and what follows from how things stand. */
function lookAt(facts: CoachFacts, context: RollupContext) {
  const { lateIds } = freshnessOf({ ...context, facts, runs: [] });
  return { lateIds, alerts: evaluateAlerts({ ...context, facts, lateIds }) };
}

function standingOf(
  facts: CoachFacts,
  figures: Figures,
  { lateIds, alerts: { open } }: ReturnType<typeof lookAt>,
  context: RollupContext,
): Standing {
  const { days: _, ...sums } = figures;
  const today = context.dayOf(context.now.toISOString());
  const tiles = teamTilesOf({ facts, period: { from: today, to: today }, late: lateIds }).rows;
  return {
    figures: sums,
    late: lateIds.size,
    lateFirst: [...lateIds].slice(0, MOST_NAMES),
    needs: { ...needsIn(open), first: [...needsIn(open).first] },
    stored: Object.fromEntries(storedBySlot(facts.solvesStoredAt)),
    teamEditsSince: facts.teamEditsSince === null ? null : context.dayOf(facts.teamEditsSince),
    tiles: Object.fromEntries(tiles.map(({ teamId, late, asOf, badge }) => [teamId, { late, asOf, badge }])),
    members: membersOf(facts),
  };
}

const monthsOf = (days: Figures['days']) =>
  Map.groupBy(
    Object.entries(days).toSorted(([a], [b]) => (a < b ? -1 : 1)),
    ([day]) => monthOf(day),
  );

/** All rows of one coach but the head, from the facts of all kept days. */
export function rollUp(
  facts: CoachFacts,
  periods: readonly Period[],
  context: RollupContext,
): Map<string, unknown> {
  const rows = new Map<string, unknown>();
  for (const group of groupsIn(facts)) {
    const own = narrowed(facts, group);
    const figures = figuresOf(own, context.dayOf);
    const seen = lookAt(own, context);
    rows.set(rowNames.standing(group), standingOf(own, figures, seen, context));
    if (group === 'all') rows.set(rowNames.alerts, alertSumsOf(seen.alerts, own.alertRecords, context.now));
    for (const [month, days] of monthsOf(figures.days)) {
      rows.set(rowNames.month(group, month), { days: Object.fromEntries(days) });
    }
    for (const period of periods) rows.set(rowNames.board(group, periodName(period)), boardOf(own, period));
  }
  return rows;
}

/** The rows again where only time has passed since: how far people are read, and what follows from it. */
export function standAgain(
  present: PresentFacts,
  kept: RollupRows,
  context: RollupContext,
): Map<string, unknown> {
  const facts: CoachFacts = {
    ...present,
    days: [],
    flashResults: [],
    solvesStoredAt: [],
    teamEdits: [],
    teamEditsSince: null,
  };
  const rows = new Map(kept);
  for (const group of groupsIn(present)) {
    const own = narrowed(facts, group);
    const seen = lookAt(own, context);
    if (group === 'all') rows.set(rowNames.alerts, alertSumsOf(seen.alerts, own.alertRecords, context.now));
    const before = standingSchema.safeParse(kept.get(rowNames.standing(group))).data;
    if (before === undefined) continue;
    const { players, events } = before.figures;
    const { stored, teamEditsSince } = before;
    const standing = standingOf(own, { ...figuresOf(own, context.dayOf), players, events }, seen, context);
    rows.set(rowNames.standing(group), { ...standing, stored, teamEditsSince });
  }
  rows.delete(rowNames.head);
  return rows;
}

function addStanding(sum: Standing & { figures: Figures }, more: Standing): void {
  addFigures(sum.figures, { ...more.figures, days: {} });
  sum.late += more.late;
  sum.lateFirst = [...sum.lateFirst, ...more.lateFirst].slice(0, MOST_NAMES);
  sum.needs.people += more.needs.people;
  sum.needs.teams += more.needs.teams;
  sum.needs.first = [...sum.needs.first, ...more.needs.first].slice(0, MOST_NAMES);
  for (const [cause, count] of Object.entries(more.needs.causes))
    sum.needs.causes[cause] = (sum.needs.causes[cause] ?? 0) + count;
  for (const [slot, count] of Object.entries(more.stored)) sum.stored[slot] = (sum.stored[slot] ?? 0) + count;
  const since = more.teamEditsSince;
  if (since !== null && (sum.teamEditsSince === null || since > sum.teamEditsSince))
    sum.teamEditsSince = since;
  Object.assign(sum.tiles, more.tiles);
  sum.members.push(...more.members);
}

const nothingYet = (): Standing & { figures: Figures } => ({
  figures: noFigures(),
  late: 0,
  lateFirst: [],
  needs: { people: 0, teams: 0, causes: {}, first: [] },
  stored: {},
  teamEditsSince: null,
  tiles: {},
  members: [],
});

/** Adds up the rows of one group over coaches, given one after another. */
class GroupSum {
  private readonly standing = nothingYet();
  private readonly boards = new Map<string, CoachBoard[]>();

  constructor(
    private readonly group: Group,
    private readonly periods: readonly string[],
  ) {}

  add(rows: RollupRows): void {
    const standing = rows.get(rowNames.standing(this.group));
    if (standing === undefined) return;
    addStanding(this.standing, standingSchema.parse(standing));
    const prefix = rowNames.month(this.group, '');
    for (const [name, row] of rows) {
      if (!name.startsWith(prefix)) continue;
      addFigures(this.standing.figures, { ...noFigures(), days: monthSchema.parse(row).days });
    }
    for (const period of this.periods) {
      const board = rows.get(rowNames.board(this.group, period));
      if (board === undefined) continue;
      const all = this.boards.get(period) ?? [];
      all.push(coachBoardSchema.parse(board));
      this.boards.set(period, all);
    }
  }

  rows(): [string, unknown][] {
    const { tiles, members, figures, ...standing } = this.standing;
    const { days, ...sums } = figures;
    return [
      [rowNames.standing(this.group), { ...standing, figures: sums, tiles: {}, members: [] }],
      ...[...monthsOf(days)].map(([month, own]): [string, unknown] => [
        rowNames.month(this.group, month),
        { days: Object.fromEntries(own) },
      ]),
      ...this.periods.map((period): [string, unknown] => [
        rowNames.board(this.group, period),
        foldBoards(this.boards.get(period) ?? [], members, tiles),
      ]),
    ];
  }
}

/** Adds the rows of coaches up to those of the program. */
export function createProgramSum(periods: readonly string[]) {
  const sums = GROUPS.map((group) => new GroupSum(group, periods));
  const alerts: AlertSums[] = [];
  return {
    add: (rows: RollupRows): void => {
      for (const sum of sums) sum.add(rows);
      const own = alertSumsSchema.safeParse(rows.get(rowNames.alerts)).data;
      if (own !== undefined) alerts.push(own);
    },
    rows: (): Map<string, unknown> =>
      new Map(sums.flatMap((sum) => sum.rows())).set(rowNames.alerts, foldAlertSums(alerts)),
  };
}
