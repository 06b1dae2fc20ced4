import type { Competitor } from '#shared/competitors/competitor.ts';
import type { Coach } from '#shared/identity/identity.ts';
import type { Job, JobRow } from '#shared/jobs/job.ts';
import { appliedJobId, type RowPage } from '#shared/moves/start-move.ts';
import type { Team } from '#shared/teams/team.ts';
import type { RollOverRow, RollOverView } from './contract.ts';
import { rowToDecision, SEASON_SUBJECT, teamDetailOf, teamIdOf } from './decide-roll-over.ts';
import { rollOverOf } from './start-roll-over.ts';

export interface ViewRollOverDeps {
  readonly jobById: (jobId: string) => Promise<Job | undefined>;
  readonly coachById: (coachId: string) => Promise<Coach | undefined>;
  readonly byIds: (competitorIds: readonly string[]) => Promise<ReadonlyMap<string, Competitor>>;
  readonly teamsByIds: (teamIds: readonly string[]) => Promise<ReadonlyMap<string, Team>>;
  readonly seasonStart: () => Promise<string | null>;
  readonly pageOfRows: RowPage;
}

const GONE = { name: 'A coach who is gone', school: '' };
const NOBODY: Omit<RollOverRow, 'subject' | 'outcome' | 'coach'> = {
  name: null,
  reason: null,
  gradeFrom: null,
  gradeTo: null,
  divisionFrom: null,
  divisionTo: null,
  team: null,
  leavesTeam: false,
  releaseDue: false,
  members: null,
};

const ofTeam = (subject: string, row: JobRow) => {
  const { coachId, before, after } = teamDetailOf(row);
  return {
    subject,
    outcome: 'team' as const,
    coachId,
    teamId: teamIdOf(subject) ?? null,
    members: { before, after },
  };
};

/** A plan with the names of today, and what lists tell of each person anyway. */
export function createViewRollOver(
  deps: ViewRollOverDeps,
): (
  jobId: string,
  page: Parameters<RowPage>[1],
) => Promise<Omit<RollOverView, 'nextCursor'> & { readonly next: string | null }> {
  return async (jobId, page) => {
    const { job, payload } = rollOverOf(await deps.jobById(jobId));
    const { planId } = payload;
    const [{ rows, end }, applied, seasonNow] = await Promise.all([
      deps.pageOfRows(jobId, page),
      planId === null ? deps.jobById(appliedJobId(job.id)) : undefined,
      deps.seasonStart(),
    ]);
    const told = rows.map((row) => {
      const { subject } = row;
      if (subject === SEASON_SUBJECT)
        return { subject, outcome: 'season' as const, coachId: null, teamId: null };
      if (teamIdOf(subject) !== undefined) return ofTeam(subject, row);
      return { subject, ...rowToDecision(row) };
    });
    const coachIds = [
      ...new Set([...told, { coachId: payload.coachId ?? null }].flatMap(({ coachId }) => coachId ?? [])),
    ];
    const [people, teams, found] = await Promise.all([
      deps.byIds(
        told.flatMap(({ subject, outcome }) => (outcome === 'team' || outcome === 'season' ? [] : [subject])),
      ),
      deps.teamsByIds([...new Set(told.flatMap(({ teamId }) => teamId ?? []))]),
      Promise.all(coachIds.map(async (id) => [id, await deps.coachById(id)] as const)),
    ]);
    const coaches = new Map(found);
    const coachOf = (id: string | null) => {
      if (id === null) return null;
      const { name, school } = coaches.get(id) ?? GONE;
      return { id, name, school };
    };
    const items: RollOverRow[] = [];
    for (const { coachId, teamId, ...row } of told) {
      const person = people.get(row.subject);
      const name = person === undefined ? null : `${person.firstName} ${person.lastName}`;
      const team = teamId === null ? null : { id: teamId, name: teams.get(teamId)?.name ?? 'A deleted team' };
      items.push({ ...NOBODY, ...row, name, coach: coachOf(coachId), team });
    }
    return {
      coach: coachOf(payload.coachId ?? null),
      seasonStart: payload.seasonStart,
      seasonNow,
      teams: payload.teams,
      planId,
      appliedBy: applied?.id ?? null,
      items,
      next: end ? null : (rows.at(-1)?.subject ?? null),
    };
  };
}
