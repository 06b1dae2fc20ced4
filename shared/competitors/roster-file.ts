import * as z from 'zod';
import type { ListPage } from '#shared/identity/list-by-coach.ts';
import type { CsvSource } from '#shared/kernel/csv/csv-source.ts';
import { rosterHeader, rosterLine } from './competitor-csv.ts';
import type { Competitor } from './competitor.ts';
import type { CompetitorQuery, createListCompetitors } from './list-competitors.ts';
import { createRowsOf, type RowDeps } from './privacy/open-record.ts';

export interface RosterFileDeps extends RowDeps {
  readonly list: ReturnType<typeof createListCompetitors>;
  readonly timeZone: string;
}

const PAGE = 200;

const cursorSchema = z.object({
  /** When the file was begun: what its rows are as of. */
  asOf: z.iso.datetime(),
  from: z.object({ coachId: z.string(), afterId: z.string().nullable() }).nullable(),
});

/** Competitors as a file for spreadsheets, under the filters of the list. */
export function createRosterFile(
  deps: RosterFileDeps,
  query: Pick<CompetitorQuery, 'scope' | 'status' | 'teamId' | 'division' | 'grade'>,
): CsvSource {
  const rowsOf = createRowsOf(deps);
  return async (cursor) => {
    const { asOf, from } =
      cursor === null ? { asOf: deps.now().toISOString(), from: null } : cursorSchema.parse(cursor);
    const page: ListPage<Competitor> = await deps.list({ ...query, limit: PAGE, from });
    // As on screen, where the deactivated are in no status.
    const wanted = page.items.filter(({ active }) => active || query.status === undefined);
    const rows = await rowsOf(wanted);
    const lines = wanted.flatMap((competitor, index) => {
      const row = rows[index];
      return row === undefined ? [] : [rosterLine({ competitor, row }, asOf, deps.timeZone)];
    });
    return {
      lines: cursor === null ? [rosterHeader(deps.timeZone), ...lines] : lines,
      rows: lines.length,
      next: page.next === null ? null : { asOf, from: page.next },
    };
  };
}
