import * as z from 'zod';
import type { PersonRepository, StoredRow } from './person-repository.ts';
import { withoutKeys } from './person-repository.ts';
import { competitorStatus } from '../competitor-status.ts';
import { competitorStatusSchema } from '../competitor-view.ts';
import { competitorSchema, type Competitor } from '../competitor.ts';

const record = z.record(z.string(), z.unknown());

/** `GET /api/competitors/{id}/export`: everything held about one person. */
export const competitorExportSchema = z.object({
  exportedAt: z.iso.datetime(),
  profile: competitorSchema,
  /** Computed, not stored. */
  status: competitorStatusSchema,
  stats: record.nullable(),
  days: z.array(record),
  solves: z.array(record),
  flashResults: z.array(record),
  /** How far the scores were read. */
  syncState: record.nullable(),
  /** What else lies there, by kind: flags, roster entries. */
  other: z.array(z.object({ kind: z.string(), record })),
  activity: z.array(record),
  /** Who did or looked at what. */
  audit: z.array(record),
  /** What is not in this file, in words. */
  notIncluded: z.array(z.string()),
});
export type CompetitorExport = z.infer<typeof competitorExportSchema>;

export interface ExportDeps {
  readonly rows: PersonRepository;
  readonly now: () => Date;
}

const NOT_INCLUDED = [
  'What the Game Platform itself holds: ask the platform.',
  'Backups, which hold the same for up to 35 days longer.',
  'Answers to earlier requests of a coach or an admin, which are kept for up to 24 hours.',
];

/** Rows of the profile are told as the record, and search rows say nothing that the names do not. */
const TOLD_ELSEWHERE = new Set(['competitor', 'name']);

async function all(rows: AsyncIterable<StoredRow>): Promise<StoredRow[]> {
  const found: StoredRow[] = [];
  for await (const row of rows) found.push(row);
  return found;
}

/** Reads every row about a person to the last page, and tells it without the table's own attributes. */
export function createExportCompetitor(
  deps: ExportDeps,
): (competitor: Competitor) => Promise<CompetitorExport> {
  return async (competitor) => {
    const [own, single, lastReads, activity, audit] = await Promise.all([
      all(deps.rows.ownRows(competitor.id)),
      deps.rows.singleRows(competitor.id),
      deps.rows.lastReads(competitor.id),
      all(deps.rows.activityAbout(competitor.id)),
      all(deps.rows.auditAbout(competitor.id)),
    ]);
    const byKind = Map.groupBy([...own, ...single], (row) => String(row['type']));
    const take = (kind: string): StoredRow[] => {
      const rows = byKind.get(kind) ?? [];
      byKind.delete(kind);
      return rows.map(withoutKeys);
    };
    const [syncState] = take('sync_state');
    for (const kind of TOLD_ELSEWHERE) byKind.delete(kind);
    return {
      exportedAt: deps.now().toISOString(),
      profile: competitor,
      status: competitorStatus(competitor),
      stats: take('stats')[0] ?? null,
      days: take('day'),
      solves: take('solve'),
      flashResults: take('flash_result'),
      syncState: syncState === undefined ? null : { ...syncState, ...lastReads },
      other: [...byKind].flatMap(([kind, rows]) => rows.map((row) => ({ kind, record: withoutKeys(row) }))),
      activity: activity.map(withoutKeys),
      audit: audit.map(withoutKeys),
      notIncluded: NOT_INCLUDED,
    };
  };
}
