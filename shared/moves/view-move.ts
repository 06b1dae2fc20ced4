import type { Coach } from '#shared/identity/identity.ts';
import type { Job } from '#shared/jobs/job.ts';
import { notFound } from '#shared/kernel/errors.ts';
import type { CompetitorStats } from '#shared/score-sync/score-records.ts';
import type { MoveRow, MoveView } from './contract.ts';
import { rowToDecision } from './decide-move.ts';
import { appliedJobId, moveOf, type MovePeople, type RowPage } from './start-move.ts';

export interface ViewMoveDeps extends MovePeople {
  readonly jobById: (jobId: string) => Promise<Job | undefined>;
  readonly coachById: (coachId: string) => Promise<Coach | undefined>;
  readonly statsOf: (competitorIds: readonly string[]) => Promise<ReadonlyMap<string, CompetitorStats>>;
  readonly pageOfRows: RowPage;
}

const GONE = { name: 'A coach who is gone', school: '' };

/** A plan with the names of today, and what lists tell of each person anyway. */
export function createViewMove(
  deps: ViewMoveDeps,
): (
  jobId: string,
  page: Parameters<RowPage>[1],
) => Promise<Omit<MoveView, 'nextCursor'> & { readonly next: string | null }> {
  return async (jobId, page) => {
    const { job, payload } = moveOf(await deps.jobById(jobId));
    const { planId, toCoachId } = payload;
    const [{ rows, end }, applied] = await Promise.all([
      deps.pageOfRows(jobId, page),
      planId === null ? deps.jobById(appliedJobId(job.id)) : undefined,
    ]);
    const decided = rows.map((row) => ({ id: row.subject, ...rowToDecision(row) }));
    const ids = decided.map(({ id }) => id);
    const coachIds = [...new Set([toCoachId, ...decided.flatMap((one) => one.fromCoachId ?? [])])];
    const [people, teams, stats, coaches] = await Promise.all([
      deps.byIds(ids),
      deps.teamsByIds([...new Set(decided.flatMap(({ teamId }) => teamId ?? []))]),
      deps.statsOf(ids),
      Promise.all(coachIds.map(async (id) => [id, await deps.coachById(id)] as const)),
    ]);
    const coachOf = (id: string) => {
      const { name, school } = new Map(coaches).get(id) ?? GONE;
      return { id, name, school };
    };
    if (new Map(coaches).get(toCoachId) === undefined) throw notFound();
    const items = decided.map(({ id, outcome, refusal, fromCoachId, teamId, team }): MoveRow => {
      const person = people.get(id);
      const sums = stats.get(id);
      return {
        competitorId: id,
        name: person === undefined ? null : `${person.firstName} ${person.lastName}`,
        grade: person?.grade ?? null,
        // On the way there: what is left follows by itself.
        outcome: outcome === 'moving' ? 'moved' : outcome,
        refusal,
        from: fromCoachId === null ? null : coachOf(fromCoachId),
        team: teamId === null ? null : { id: teamId, name: teams.get(teamId)?.name ?? 'A deleted team' },
        teamEffect: team,
        onPlatform: (person?.gamePlatformId ?? null) !== null,
        challenges: (sums?.storedOdl ?? 0) + (sums?.storedCtf ?? 0),
      };
    });
    return {
      to: coachOf(toCoachId),
      planId,
      appliedBy: applied?.id ?? null,
      items,
      next: end ? null : (rows.at(-1)?.subject ?? null),
    };
  };
}
