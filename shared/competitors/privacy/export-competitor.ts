import { competitorStatus } from '../competitor-status.ts';
import type { Competitor } from '../competitor.ts';
import type { CompetitorExport } from '../contract.ts';
import { type PersonRepository, type StoredRow, withoutKeys } from './person-repository.ts';

export interface ExportDeps {
  readonly rows: PersonRepository;
  readonly now: () => Date;
}

const NOT_INCLUDED = [
  'What the Game Platform itself holds: ask the platform.',
  'Backups, which hold the same for up to 35 days longer.',
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
      // Beside a line about a team lies a row that counts it, with nothing more in it.
      activity: activity.filter(({ type }) => type === 'activity').map(withoutKeys),
      audit: audit.map(withoutKeys),
      notIncluded: NOT_INCLUDED,
    };
  };
}
