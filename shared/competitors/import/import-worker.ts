import type { Actor } from '#shared/audit/actor.ts';
import { actorOfJob } from '#shared/jobs/job-audit.ts';
import { rowSubject, type JobRow } from '#shared/jobs/job.ts';
import type { PayloadOf } from '#shared/jobs/task-definition.ts';
import {
  PartFailedError,
  type PartOutcome,
  type PartWorker,
  type WorkContext,
} from '#shared/jobs/work-part.ts';
import { chunks, mapAtOnce } from '#shared/kernel/at-once.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import type { CompetitorCreate, CompetitorPatch } from '../contract.ts';
import type { COMPETITOR_TASKS } from '../tasks.ts';
import type { ImportDecision } from './decide-import.ts';
import type { NewTeam } from './import-teams.ts';
import { competitorIdOf, planImport, type ImportPlan, type PlanImportDeps } from './plan-import.ts';

export interface NewCompetitor {
  readonly id: string;
  readonly input: CompetitorCreate;
}

export interface ImportWorkerDeps extends PlanImportDeps {
  readonly confirmDigest: (importId: string, digest: string) => Promise<boolean>;
  readonly rowsOf: (jobId: string, subjects: readonly string[]) => Promise<ReadonlyMap<string, JobRow>>;
  readonly saveRows: (jobId: string, rows: ReadonlyMap<string, JobRow>) => Promise<void>;
  /** Adds people under these ids, at most {@link MOST_CREATED_AT_ONCE}; answers the ids that were erased. */
  readonly create: (
    people: readonly NewCompetitor[],
    coachId: string,
    actor: Actor,
  ) => Promise<ReadonlySet<string>>;
  /** @throws DomainError as the API's change does */
  readonly change: (id: string, coachId: string, patch: CompetitorPatch, actor: Actor) => Promise<void>;
  /** Makes a team under its id; nothing when it was made before. */
  readonly createTeam: (team: NewTeam, coachId: string, actor: Actor) => Promise<void>;
  /**
   * Puts people on a team; answers who is not on it afterwards.
   * @throws DomainError not_found for the team
   */
  readonly addToTeam: (
    teamId: string,
    competitorIds: readonly string[],
    coachId: string,
    actor: Actor,
  ) => Promise<ReadonlySet<string>>;
  readonly now: Clock;
}

/** The upload's day is over, or it was removed because somebody in it was erased. */
const importGone = () => new PartFailedError('The file was only kept for a day and is gone. Send it again.');
/** The records changed while the dry run looked at them. */
const changedDuringDryRun = () =>
  new PartFailedError('Competitors were changed while the file was checked. Send it again.');

const CHANGED_SINCE = 'This changed since the check. Check it and import it again.';
const TEAM_CHANGED =
  'The team was changed at the same time, so they were not put on it. Put them on a team by hand.';

/** Six writes each, of a transaction of at most a hundred. */
export const MOST_CREATED_AT_ONCE = 16;
/** As many as the table takes in one request. */
const SAVED_AT_ONCE = 25;
/** Rows between two looks at the time and at whether the job was canceled. */
const ROWS_AT_ONCE = 250;
/** Writes at once; more would only queue up in the function's one connection pool. */
const AT_ONCE = 8;
const RESERVE_MS = 15_000;

const forEach = <T>(items: Iterable<T>, work: (item: T) => Promise<void>): Promise<unknown> =>
  mapAtOnce(items, AT_ONCE, work);

/** Works through a part until its time is over or the job is canceled. `work` answers how each row ended. */
async function eachBatch(
  subjects: readonly string[],
  context: WorkContext,
  work: (subjects: readonly string[]) => Promise<Iterable<JobRow>>,
): Promise<PartOutcome> {
  const counts: Record<string, number> = {};
  let done = 0;
  for (const batch of chunks(subjects, ROWS_AT_ONCE)) {
    if ((await context.cancelled?.()) === true) return { kind: 'cancelled', counts, done };
    if (context.remainingMs() < RESERVE_MS)
      return { kind: 'released', because: 'time', progressed: done > 0 };
    for (const { outcome } of await work(batch)) counts[outcome] = (counts[outcome] ?? 0) + 1;
    done += batch.length;
  }
  return { kind: 'finished', counts };
}

function rowOf(decision: ImportDecision, at: string): JobRow {
  return {
    outcome: decision.outcome,
    message: decision.outcome === 'refused' ? decision.message : null,
    at,
    line: decision.line,
    competitorId: 'competitorId' in decision ? (decision.competitorId ?? null) : null,
    fields: decision.outcome === 'changed' ? [...decision.fields] : [],
    ...(decision.outcome === 'new' ? { missing: [...decision.missing] } : {}),
  };
}

/** What a row of an apply still needs, its record first, then its team. */
interface RowWork {
  readonly subject: string;
  row: JobRow;
  readonly create?: NewCompetitor;
  readonly change?: { readonly competitorId: string; readonly patch: CompetitorPatch };
  readonly join?: { readonly competitorId: string; readonly teamId: string };
}

const refuse = (work: RowWork, message: string): void => {
  work.row = { ...work.row, outcome: 'refused', message, fields: [] };
};

const joinOf = (competitorId: string, teamId: string | null) =>
  teamId === null ? {} : { join: { competitorId, teamId } };

/** What to do for a row that the dry run foretold as `planned`, also after an earlier try of ours. */
function workOf(
  decision: ImportDecision,
  planned: JobRow | undefined,
  importId: string,
  at: string,
): RowWork {
  const subject = rowSubject(decision.row);
  const row = rowOf(decision, at);
  const own = competitorIdOf(importId, decision.row);
  const refused = { subject, row: { ...row, outcome: 'refused', message: CHANGED_SINCE, fields: [] } };
  if (decision.outcome === 'new') {
    if (planned?.outcome !== 'new') return refused;
    return {
      subject,
      row: { ...row, competitorId: own },
      create: { id: own, input: decision.input },
      ...joinOf(own, decision.teamId),
    };
  }
  const teamId = decision.outcome === 'changed' ? decision.teamId : null;
  // Our own earlier try added this one; the team may be left to do.
  if (decision.outcome !== 'refused' && decision.competitorId === own)
    return { subject, row: { ...row, outcome: 'new', fields: [] }, ...joinOf(own, teamId) };
  if (decision.outcome !== planned?.outcome) {
    // Our own earlier try changed this one.
    if (decision.outcome === 'unchanged' && planned?.outcome === 'changed')
      return { subject, row: { ...row, outcome: 'changed', fields: planned.fields ?? [] } };
    return refused;
  }
  if (decision.outcome !== 'changed') return { subject, row };
  const { competitorId, patch } = decision;
  return {
    subject,
    row: { ...row, fields: planned.fields ?? row.fields },
    ...(Object.keys(patch).length === 0 ? {} : { change: { competitorId, patch } }),
    ...joinOf(competitorId, teamId),
  };
}

/**
 * Parts of `competitor_import`. A dry run writes rows of the job and nothing else. An apply does what the dry run said
 * of a row, once however often the part runs; a row that would now come to something else is refused.
 */
export function createImportWorker(
  deps: ImportWorkerDeps,
): PartWorker<PayloadOf<typeof COMPETITOR_TASKS.competitor_import>> {
  /** Adds the new ones of a batch; those who were erased are refused. */
  async function create(works: readonly RowWork[], coachId: string, actor: Actor): Promise<void> {
    const creating = works.filter((work) => work.create !== undefined);
    await forEach(chunks(creating, MOST_CREATED_AT_ONCE), async (some) => {
      const people = some.flatMap((work) => work.create ?? []);
      const erased = await deps.create(people, coachId, actor);
      for (const work of some)
        if (work.create !== undefined && erased.has(work.create.id)) {
          refuse(work, 'This person was erased and cannot be added again.');
          work.row = { ...work.row, competitorId: null };
        }
    });
  }

  const change = (works: readonly RowWork[], coachId: string, actor: Actor): Promise<unknown> =>
    forEach(works, async (work) => {
      if (work.change === undefined) return;
      try {
        await deps.change(work.change.competitorId, coachId, work.change.patch, actor);
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        refuse(work, 'Someone changed this competitor at the same time.');
      }
    });

  async function join(works: readonly RowWork[], plan: ImportPlan, actor: Actor): Promise<void> {
    const { coachId } = plan.upload;
    const joining = works.filter(
      ({ row, join: wanted }) => wanted !== undefined && row.outcome !== 'refused',
    );
    const byTeam = Map.groupBy(joining, (work) => work.join?.teamId ?? '');
    await forEach(byTeam, async ([teamId, members]) => {
      const made = plan.newTeams.find(({ id }) => id === teamId);
      if (made !== undefined) await deps.createTeam(made, coachId, actor);
      const ids = members.flatMap((work) => work.join?.competitorId ?? []);
      let left: ReadonlySet<string>;
      try {
        left = await deps.addToTeam(teamId, ids, coachId, actor);
      } catch (error) {
        if (!(error instanceof DomainError) || error.kind === 'unavailable') throw error;
        left = new Set(ids);
      }
      for (const work of members) {
        if (!left.has(work.join?.competitorId ?? '')) continue;
        const fields = work.row.fields?.filter((field) => field !== 'team') ?? [];
        work.row = { ...work.row, message: TEAM_CHANGED, fields };
      }
    });
  }

  return async (job, part, context) => {
    const { importId, dryRunJobId, actingAs } = job.payload;
    const plan = await planImport(deps, importId);
    if (plan === undefined) throw importGone();
    const byRow = new Map(plan.decisions.map((decision) => [rowSubject(decision.row), decision]));
    const of = (subject: string): ImportDecision => {
      const decision = byRow.get(subject);
      if (decision === undefined) throw importGone();
      return decision;
    };
    const save = async (jobId: string, rows: ReadonlyMap<string, JobRow>) =>
      forEach(chunks([...rows], SAVED_AT_ONCE), (some) => deps.saveRows(jobId, new Map(some)));

    if (dryRunJobId === null) {
      if (!(await deps.confirmDigest(importId, plan.digest))) throw changedDuringDryRun();
      return eachBatch(part.subjects, context, async (subjects) => {
        const at = deps.now().toISOString();
        const rows = new Map(subjects.map((subject) => [subject, rowOf(of(subject), at)]));
        await save(job.id, rows);
        return rows.values();
      });
    }

    const { coachId } = plan.upload;
    const actor = { ...actorOfJob({ ...job, actingAs }), requestId: job.id };
    return eachBatch(part.subjects, context, async (subjects) => {
      const [planned, done] = await Promise.all([
        deps.rowsOf(dryRunJobId, subjects),
        deps.rowsOf(job.id, subjects),
      ]);
      const at = deps.now().toISOString();
      const works = subjects
        .filter((subject) => !done.has(subject))
        .map((subject) => workOf(of(subject), planned.get(subject), importId, at));
      await create(works, coachId, actor);
      await change(works, coachId, actor);
      await join(works, plan, actor);
      const rows = new Map(works.map(({ subject, row }) => [subject, row]));
      await save(job.id, rows);
      return [...done.values(), ...rows.values()];
    });
  };
}
