import { createHash } from 'node:crypto';
import type { Actor } from '#shared/audit/actor.ts';
import { actorOfJob } from '#shared/jobs/job-audit.ts';
import { rowSubject, type Job, type JobRow } from '#shared/jobs/job.ts';
import type { PayloadOf } from '#shared/jobs/task-definition.ts';
import {
  PartFailedError,
  type PartOutcome,
  type PartWorker,
  type WorkContext,
} from '#shared/jobs/work-part.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import type { CompetitorCreate, CompetitorPatch } from '../contract.ts';
import type { COMPETITOR_TASKS } from '../tasks.ts';
import type { ImportDecision } from './decide-import.ts';
import { planImport, type ImportPlan, type PlanImportDeps } from './plan-import.ts';

export interface ImportWorkerDeps extends PlanImportDeps {
  readonly confirmDigest: (importId: string, digest: string) => Promise<boolean>;
  readonly rowsOf: (jobId: string, subjects: readonly string[]) => Promise<ReadonlyMap<string, JobRow>>;
  readonly saveRow: (jobId: string, subject: string, row: JobRow) => Promise<void>;
  /** Adds somebody under this id; false when the id is taken or was erased. */
  readonly create: (id: string, coachId: string, input: CompetitorCreate, actor: Actor) => Promise<boolean>;
  /** @throws DomainError as the API's change does */
  readonly change: (id: string, coachId: string, patch: CompetitorPatch, actor: Actor) => Promise<void>;
  readonly now: Clock;
}

/** The upload's day is over, or it was removed because somebody in it was erased. */
const importGone = () => new PartFailedError('The file is kept for a day and is gone. Send it again.');
/** The records changed while the dry run looked at them. */
const changedDuringDryRun = () =>
  new PartFailedError('Competitors were changed while the file was checked. Send it again.');

/** Writes of a few milliseconds each; more at once would only queue up in the function's one connection pool. */
const AT_ONCE = 16;
const RESERVE_MS = 10_000;

/** The same id however often a row is applied, so that nobody is added twice, or again after an erasure. */
const idOf = (importId: string, row: number): string =>
  `cmp_i${createHash('sha256').update(`${importId}#${row}`).digest('hex').slice(0, 24)}`;

async function each(
  subjects: readonly string[],
  context: WorkContext,
  work: (subject: string) => Promise<string>,
): Promise<PartOutcome> {
  const counts = new Map<string, number>();
  const left = [...subjects];
  let stopped: 'time' | 'cancelled' | null = null;
  const next = async (): Promise<void> => {
    for (let subject = left.shift(); subject !== undefined; subject = left.shift()) {
      if (context.remainingMs() < RESERVE_MS) {
        stopped = 'time';
        return;
      }
      if (stopped === null && (await context.cancelled?.()) === true) stopped = 'cancelled';
      if (stopped !== null) return;
      const outcome = await work(subject);
      counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: AT_ONCE }, next));
  const broken = ends.find((end) => end.status === 'rejected');
  if (broken !== undefined) throw broken.reason;
  if (stopped === 'cancelled') {
    const done = [...counts.values()].reduce((sum, n) => sum + n, 0);
    return { kind: 'cancelled', counts: Object.fromEntries(counts), done };
  }
  return stopped === 'time'
    ? { kind: 'released', because: 'time', progressed: counts.size > 0 }
    : { kind: 'finished', counts: Object.fromEntries(counts) };
}

function rowOf(decision: ImportDecision, at: string): JobRow {
  return {
    outcome: decision.outcome,
    message: decision.outcome === 'refused' ? decision.message : null,
    at,
    line: decision.line,
    competitorId: 'competitorId' in decision ? (decision.competitorId ?? null) : null,
    fields: decision.outcome === 'changed' ? [...decision.fields] : [],
  };
}

/**
 * Parts of `competitor_import`. A dry run writes rows of the job and nothing else. An apply does what the dry run said
 * of a row, once however often the part runs; a row that would now come to something else is refused.
 */
export function createImportWorker(
  deps: ImportWorkerDeps,
): PartWorker<PayloadOf<typeof COMPETITOR_TASKS.competitor_import>> {
  async function applyOne(
    job: Pick<Job, 'id'>,
    plan: ImportPlan,
    decision: ImportDecision,
    dryRun: JobRow | undefined,
    actor: Actor,
  ): Promise<JobRow> {
    const row = rowOf(decision, deps.now().toISOString());
    const refused = (message: string): JobRow => ({ ...row, outcome: 'refused', message, fields: [] });
    const { coachId, id: importId } = plan.upload;
    if (decision.outcome === 'new') {
      if (dryRun?.outcome !== 'new')
        return refused('This changed since the dry run. Check it and import it again.');
      const id = idOf(importId, decision.row);
      const made = await deps.create(id, coachId, decision.input, { ...actor, requestId: job.id });
      return made ? { ...row, competitorId: id } : refused('This person was erased. Nobody is added again.');
    }
    const own = idOf(importId, decision.row);
    // Our own earlier try added this one.
    if (decision.outcome !== 'refused' && decision.competitorId === own)
      return { ...row, outcome: 'new', fields: [] };
    if (decision.outcome !== dryRun?.outcome) {
      // Our own earlier try changed this one.
      if (decision.outcome === 'unchanged' && dryRun?.outcome === 'changed')
        return { ...row, outcome: 'changed' };
      return refused('This changed since the dry run. Check it and import it again.');
    }
    if (decision.outcome !== 'changed') return row;
    try {
      await deps.change(decision.competitorId, coachId, decision.patch, { ...actor, requestId: job.id });
      return row;
    } catch (error) {
      if (error instanceof DomainError) return refused('Somebody changed this competitor at the same time.');
      throw error;
    }
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

    if (dryRunJobId === null) {
      if (!(await deps.confirmDigest(importId, plan.digest))) throw changedDuringDryRun();
      return each(part.subjects, context, async (subject) => {
        const row = rowOf(of(subject), deps.now().toISOString());
        await deps.saveRow(job.id, subject, row);
        return row.outcome;
      });
    }

    const [planned, done] = await Promise.all([
      deps.rowsOf(dryRunJobId, part.subjects),
      deps.rowsOf(job.id, part.subjects),
    ]);
    const actor = actorOfJob({ ...job, actingAs });
    return each(part.subjects, context, async (subject) => {
      const earlier = done.get(subject);
      if (earlier !== undefined) return earlier.outcome;
      const row = await applyOne(job, plan, of(subject), planned.get(subject), actor);
      await deps.saveRow(job.id, subject, row);
      return row.outcome;
    });
  };
}
