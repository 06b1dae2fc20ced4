import type { Clock } from '../../runtime/clock.ts';
import type { NewId } from '../../runtime/ids.ts';
import { createAuditRepository } from '../../table/audit-repository.ts';
import { createCompetitorRepository } from '../../table/competitor-repository.ts';
import type { IdentityRepository } from '../../table/identity-repository.ts';
import { createJobRepository } from '../../table/job-repository.ts';
import { createRosterPlanRepository } from '../../table/roster-plan-repository.ts';
import { createRosterRepository } from '../../table/roster-repository.ts';
import { createSolveRepository } from '../../table/solve-repository.ts';
import type { Table } from '../../table/table.ts';
import { createTeamRepository } from '../../table/team-repository.ts';
import type { RosterPlanView } from '../roster-plan-view.ts';
import { createConfirmPlan } from './confirm-plan.ts';
import { rosterPlanToView } from './roster-plan-to-view.ts';
import type { PlanRow } from './roster-plan.ts';

/** The last plan with names, and its confirmation, on the table. */
export function planApiOnTable(options: {
  readonly table: Table;
  readonly people: Pick<IdentityRepository, 'identities'>;
  readonly now: Clock;
  readonly newId: NewId;
}) {
  const { table, people, now, newId } = options;
  const plans = createRosterPlanRepository(table);
  const entries = createRosterRepository(table);
  const competitors = createCompetitorRepository(table);
  const teams = createTeamRepository(table);
  const solves = createSolveRepository(table);
  const jobs = createJobRepository(table);
  const audit = createAuditRepository(table);

  async function latestPlan(): Promise<RosterPlanView | null> {
    const latest = await plans.latest();
    const plan = latest === undefined ? undefined : await plans.byId(latest.planId);
    if (plan === undefined) return null;
    const rows: PlanRow[] = [];
    for await (const row of plans.rowsOf(plan, plan.shownPieces)) rows.push(row);
    const ids = rows.map(({ competitorId }) => competitorId);
    const teamIds = new Set([
      ...rows.flatMap(({ fromTeamId, toTeamId }) => [fromTeamId, toTeamId]),
      ...plan.facts.tinyTeams.map(({ teamId }) => teamId),
    ]);
    const [entriesOf, persons, teamNames, stats, admin] = await Promise.all([
      entries.ofCompetitors(ids),
      competitors.byIds(ids),
      teams.namesOf([...teamIds].filter((id) => id !== null)),
      solves.statsOf(ids),
      plan.confirmed === null ? undefined : people.identities.bySub(plan.confirmed.by),
    ]);
    return rosterPlanToView(plan, rows, {
      isLatest: true,
      entries: entriesOf,
      names: new Map([...persons].map(([id, person]) => [id, `${person.firstName} ${person.lastName}`])),
      teamNames,
      points: new Map([...stats].map(([id, one]) => [id, one.storedOdlPoints + one.storedCtfPoints])),
      confirmedBy: admin?.name ?? null,
    });
  }

  return {
    latestPlan,
    confirmPlan: createConfirmPlan({
      byId: plans.byId,
      latestId: async () => (await plans.latest())?.planId,
      rowsOf: plans.rowsOf,
      entriesOf: entries.ofCompetitors,
      confirm: (planId, confirmation, records) =>
        plans.confirm(planId, confirmation, [
          jobs.createTransaction(records.job),
          audit.appendTransaction(records.audit),
        ]),
      now,
      newId,
    }),
  };
}
