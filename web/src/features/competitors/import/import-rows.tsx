import type { ImportPreviewRow } from '#shared/competitors/contract.ts';
import type { JobView } from '#shared/jobs/contract.ts';
import { useApi } from '#web/shared/api/api-context.ts';
import { count } from '#shared/kernel/format.ts';
import { Badge } from '#web/shared/ui/badge.tsx';
import { Button } from '#web/shared/ui/button.tsx';
import { LoadFailure } from '#web/shared/ui/note.tsx';
import { SkeletonRows } from '#web/shared/ui/panel.tsx';
import { ScrollRegion } from '#web/shared/ui/table.tsx';
import { useInfiniteQuery } from '@tanstack/react-query';
import { ArrowLeftRight, ArrowRight, type LucideIcon, Minus, Plus, X } from 'lucide-react';
import { useState } from 'react';
import { previewQuery, rowsQuery } from './import-api.ts';
import {
  fieldName,
  missingLabel,
  OUTCOME_LABELS,
  outcomeCount,
  OUTCOMES,
  rowLabel,
} from './import-labels.ts';

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

interface Row {
  readonly subject: string;
  readonly outcome: string;
  readonly message: string | null;
  readonly line: number | null;
  readonly fields: readonly string[];
  readonly missing?: ImportPreviewRow['missing'];
  readonly changes?: ImportPreviewRow['changes'];
  readonly competitor?: ImportPreviewRow['competitor'];
}

const shown = (value: string | null): string => (value === null || value === '' ? 'nothing' : value);

/** Old and new of each change, what is still missing, or why not; where that is not known, the same in words. */
function WhatHappens({ row }: { row: Row }) {
  const { outcome, message, changes = [], missing, competitor } = row;
  if (outcome === 'refused' && competitor)
    return (
      <>
        {message} It is about {competitor.name}.
      </>
    );
  if (message !== null) return message;
  if (outcome === 'new' && missing)
    return missing.length === 0 ? (
      <span className="text-accent">Nothing missing. Ready to add.</span>
    ) : (
      <>
        Still missing: <span className="text-warning">{missingLabel(missing)}</span>
      </>
    );
  if (changes.length === 0) return rowLabel(row);
  return (
    <span className="flex flex-wrap gap-x-4 gap-y-1">
      {changes.map(({ field, from, to }) => (
        <span key={field}>
          <span className="text-muted">{fieldName(field)}</span> <s className="text-muted">{shown(from)}</s>{' '}
          <ArrowRight size={12} aria-hidden className="inline text-muted" />
          <span className="sr-only"> becomes </span> <b className="font-strong">{shown(to)}</b>
        </span>
      ))}
    </span>
  );
}

interface ImportRowsProps {
  readonly job: JobView;
  /** A check, nothing written yet: what changes and what is missing is shown as well. */
  readonly checked: boolean;
  readonly names: ReadonlyMap<number, string>;
}

/** Every row with what happens to it, filtered by outcome. */
export function ImportRows({ job, checked, names }: ImportRowsProps) {
  const [outcome, setOutcome] = useState<string | null>(null);
  const api = useApi();
  const plain = useInfiniteQuery({ ...rowsQuery(api, job.id, outcome), enabled: !checked });
  const preview = useInfiniteQuery({ ...previewQuery(api, job.id, outcome), enabled: checked });
  const list = checked ? preview : plain;
  const rows: readonly Row[] | undefined = checked
    ? preview.data?.pages.flatMap((page) => page.items)
    : plain.data?.pages.flatMap((page) => page.items);
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
                      <span className="narrow-only py-1 text-12 text-text-2">
                        <WhatHappens row={row} />
                      </span>
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
                  <td className="wide-only py-2">
                    <WhatHappens row={row} />
                  </td>
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
