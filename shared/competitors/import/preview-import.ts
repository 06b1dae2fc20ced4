import type { Actor } from '#shared/audit/actor.ts';
import type { Job, JobRow } from '#shared/jobs/job.ts';
import { mapAtOnce } from '#shared/kernel/at-once.ts';
import { notFound, DomainError } from '#shared/kernel/errors.ts';
import type { Competitor } from '../competitor.ts';
import type { ImportPreviewRow } from '../contract.ts';
import { COMPETITOR_TASKS } from '../tasks.ts';
import { decideImport, type ImportDecision } from './decide-import.ts';
import { teamsOfImport, tableOf, type PlanImportDeps } from './plan-import.ts';
import type { MayReadImport } from './start-import.ts';
import { newTeamsOf, type KnownTeam } from './import-teams.ts';

export interface PreviewImportDeps extends Pick<PlanImportDeps, 'upload' | 'teamsOfCoach' | 'today'> {
  readonly jobById: (jobId: string) => Promise<Job | undefined>;
  readonly pageOfRows: (
    jobId: string,
    page: { readonly limit: number; readonly after: string | null; readonly outcome?: string | undefined },
  ) => Promise<{ readonly rows: readonly (JobRow & { readonly subject: string })[]; readonly end: boolean }>;
  readonly byIds: (competitorIds: readonly string[]) => Promise<ReadonlyMap<string, Competitor>>;
  /** Notes that somebody saw personal data of this competitor. */
  readonly logRead: (action: 'competitor.read', competitor: Competitor, actor: Actor) => Promise<void>;
}

interface PreviewPage {
  readonly items: readonly ImportPreviewRow[];
  /** Of the last item; null: there are no more. */
  readonly next: string | null;
}

/** A page may be two hundred people, one write each. */
const NOTED_AT_ONCE = 8;
/** What everybody with the list of competitors sees anyway. */
const SEEN_IN_LISTS = new Set(['firstName', 'lastName', 'grade', 'division', 'team']);

const textOf = (value: unknown): string | null =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;

const valueOf = (record: object, field: string): string | null =>
  textOf(Object.entries(record).find(([name]) => name === field)?.[1]);

/**
 * Rows of a dry run with what each change overwrites. The values are read from the file and the records when they are
 * asked for; the rows themselves hold none.
 */
export function createPreviewImport(deps: PreviewImportDeps) {
  return async (
    jobId: string,
    page: Parameters<PreviewImportDeps['pageOfRows']>[1],
    by: Actor,
    mayRead: MayReadImport,
  ): Promise<PreviewPage> => {
    const job = await deps.jobById(jobId);
    if (job?.taskType !== 'competitor_import') throw notFound();
    const { coachId, importId, dryRunJobId } = COMPETITOR_TASKS.competitor_import.payload.parse(job.payload);
    if (dryRunJobId !== null || !mayRead({ startedBy: job.startedBy, coachId })) throw notFound();
    const found = await deps.upload(importId);
    if (found === undefined)
      throw new DomainError(
        'conflict',
        'IMPORT_EXPIRED',
        'The file was only kept for a day and is gone. Send it again.',
      );
    const { rows, end } = await deps.pageOfRows(jobId, page);
    const table = tableOf(found.upload, found.text);
    const [known, people] = await Promise.all([
      deps.teamsOfCoach(coachId),
      deps.byIds([...new Set(rows.flatMap(({ competitorId }) => competitorId ?? []))]),
    ]);
    const own = [...people.values()].filter((one) => one.coachId === coachId);
    const teams = teamsOfImport(found.upload, known);
    const lines = new Set(rows.flatMap(({ line }) => line ?? []));
    const decisions = decideImport(table, own, deps.today(), { teams, lines });
    const decided = new Map(decisions.map((decision) => [decision.line, decision]));
    const named = [...known, ...newTeamsOf(table, teams)];
    const shown = rows.map((row) => {
      const competitor = own.find(({ id }) => id === row.competitorId);
      const decision = row.outcome === 'changed' ? decided.get(row.line ?? 0) : undefined;
      return { row, competitor, changes: changesOf(decision, competitor, named) };
    });
    await mapAtOnce(shown, NOTED_AT_ONCE, async ({ competitor, changes }) => {
      const personal = changes.some(({ field }) => !SEEN_IN_LISTS.has(field));
      if (personal && competitor !== undefined) await deps.logRead('competitor.read', competitor, by);
    });
    return {
      items: shown.map(({ row, competitor, changes }) => ({
        subject: row.subject,
        outcome: row.outcome,
        message: row.message,
        at: row.at,
        line: row.line ?? null,
        fields: row.fields ?? [],
        missing: row.missing ?? [],
        changes,
        competitor:
          competitor === undefined
            ? null
            : { id: competitor.id, name: `${competitor.firstName} ${competitor.lastName}` },
      })),
      next: end ? null : (rows.at(-1)?.subject ?? null),
    };
  };
}

function changesOf(
  decision: ImportDecision | undefined,
  competitor: Competitor | undefined,
  teams: readonly KnownTeam[],
): ImportPreviewRow['changes'] {
  if (decision?.outcome !== 'changed' || competitor === undefined) return [];
  const { patch, teamId } = decision;
  const nameOf = (id: string | null) => teams.find((team) => team.id === id)?.name ?? null;
  const changes = Object.keys(patch).map((field) => ({
    field,
    from: valueOf(competitor, field),
    to: valueOf(patch, field),
  }));
  return teamId === null
    ? changes
    : [...changes, { field: 'team', from: nameOf(competitor.teamId), to: nameOf(teamId) }];
}
