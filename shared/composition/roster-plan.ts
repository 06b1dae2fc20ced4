import { createAuditRepository } from '#shared/audit/audit-repository.ts';
import { createCompetitorRepository } from '#shared/competitors/competitor-repository.ts';
import type { IdentityRepository } from '#shared/identity/identity-repository.ts';
import { createJobRepository } from '#shared/jobs/job-repository.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { NewId } from '#shared/kernel/ids.ts';
import { createSolveRepository } from '#shared/score-sync/solve-repository.ts';
import type { Table } from '#shared/table/table.ts';
import type { RosterPlanView } from '#shared/teams/contract.ts';
import { createConfirmPlan } from '#shared/teams/reconcile/confirm-plan.ts';
import { rosterPlanToView } from '#shared/teams/reconcile/roster-plan-to-view.ts';
import type { PlanRow } from '#shared/teams/reconcile/roster-plan.ts';
import { createRosterPlanRepository } from '#shared/teams/rosters/roster-plan-repository.ts';
import { createRosterRepository } from '#shared/teams/rosters/roster-repository.ts';
import { createTeamRepository } from '#shared/teams/team-repository.ts';

/** The last plan with names, and its confirmation, on the table. */
export function createDynamoPlanApi(options: {
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
      confirm: async (planId, confirmation, records) =>
        plans.confirm(planId, confirmation, [
          jobs.createTransaction(records.job),
          await audit.appendTransaction(records.audit),
        ]),
      now,
      newId,
    }),
  };
}
