import type { JobView } from '#shared/jobs/contract.ts';
import { useApi } from '#web/shared/api/api-context.ts';
import { count } from '#web/shared/format/text.ts';
import { Badge } from '#web/shared/ui/badge.tsx';
import { Button } from '#web/shared/ui/button.tsx';
import { LoadFailure } from '#web/shared/ui/note.tsx';
import { SkeletonRows } from '#web/shared/ui/panel.tsx';
import { ScrollRegion } from '#web/shared/ui/table.tsx';
import { useInfiniteQuery } from '@tanstack/react-query';
import { ArrowLeftRight, type LucideIcon, Minus, Plus, X } from 'lucide-react';
import { useState } from 'react';
import { rowsQuery } from './import-api.ts';
import { OUTCOME_LABELS, outcomeCount, OUTCOMES, rowLabel } from './import-labels.ts';

const ICONS: Readonly<Record<string, LucideIcon>> = {
  new: Plus,
  changed: ArrowLeftRight,
  unchanged: Minus,
  refused: X,
};

/** Without the file at hand, only the line tells the rows apart. */
function nameOf({ line }: { readonly line: number | null }, names: ReadonlyMap<number, string>): string {
  if (names.size === 0) return line === null ? 'Row of the file' : `Line ${line}`;
  return (line === null ? undefined : names.get(line)) || 'Name not given';
}

interface ImportRowsProps {
  readonly job: JobView;
  readonly names: ReadonlyMap<number, string>;
}

/** Every row with what happens to it, filtered by outcome. */
export function ImportRows({ job, names }: ImportRowsProps) {
  const [outcome, setOutcome] = useState<string | null>(null);
  const list = useInfiniteQuery(rowsQuery(useApi(), job.id, outcome));
  const rows = list.data?.pages.flatMap((page) => page.items);
  const all = OUTCOMES.reduce((sum, one) => sum + outcomeCount(job, one), 0);
  return (
    <>
      <div className="px-5 pb-3 max-sm:px-4">
        <fieldset className="segments" aria-label="Result">
          {[null, ...OUTCOMES].map((option) => (
            <button
              key={option ?? 'all'}
              type="button"
              aria-pressed={option === outcome}
              onClick={() => setOutcome(option)}
            >
              {option === null ? 'All' : OUTCOME_LABELS[option]?.text}{' '}
              <span className="text-muted">{count(option === null ? all : outcomeCount(job, option))}</span>
            </button>
          ))}
        </fieldset>
      </div>
      {list.isError && (
        <div className="px-5 pb-4">
          <LoadFailure
            what={rows ? 'Some rows' : 'The rows'}
            error={list.error}
            retrying={list.isFetching}
            onRetry={() => void (rows ? list.fetchNextPage() : list.refetch())}
          />
        </div>
      )}
      {list.isPending && <SkeletonRows label="rows" rows={6} />}
      {rows?.length === 0 && <p className="px-5 pb-5 text-13 text-text-2">No row has this result.</p>}
      {rows && rows.length > 0 && (
        <ScrollRegion label="Rows of the file">
          <table className="table">
            <caption className="sr-only">What happens with each row of the file</caption>
            <thead>
              <tr>
                <th scope="col" className="num">
                  Line
                </th>
                <th scope="col">Competitor</th>
                <th scope="col">Result</th>
                <th scope="col" className="wide-only">
                  What happens
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.subject}>
                  <td className="num text-muted">{row.line}</td>
                  <td className="py-2">
                    <span className="grid min-w-0">
                      <span>{nameOf(row, names)}</span>
                      <span className="narrow-only text-12 text-muted">{rowLabel(row)}</span>
                    </span>
                  </td>
                  <td>
                    <Badge
                      tone={OUTCOME_LABELS[row.outcome]?.tone ?? 'neutral'}
                      icon={ICONS[row.outcome] ?? Minus}
                    >
                      {OUTCOME_LABELS[row.outcome]?.text ?? row.outcome}
                    </Badge>
                  </td>
                  <td className="wide-only">{rowLabel(row)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      )}
      {list.hasNextPage && (
        <div className="px-5 py-3">
          <Button
            small
            aria-disabled={list.isFetchingNextPage || undefined}
            onClick={() => void list.fetchNextPage()}
          >
            {list.isFetchingNextPage ? 'Loading more' : 'Load more rows'}
          </Button>
        </div>
      )}
    </>
  );
}
