import type { CompetitorListItem, CompetitorRow } from '#shared/competitors/contract.ts';
import { useAlerts, useNeeds } from '#web/shared/alerts/alerts.ts';
import { counted, moment } from '#shared/kernel/format.ts';
import { matches } from '#web/shared/format/text.ts';
import { useNow } from '#web/shared/format/time.ts';
import { useFreshnessBar } from '#web/shared/freshness/freshness-bar.ts';
import { useConfig } from '#web/shared/identity/config.ts';
import { saveCsv } from '#web/shared/api/save-file.ts';
import { seesAllCoaches, useMe } from '#web/shared/identity/current-user.tsx';
import { ChainKey } from '#web/shared/roster/chain.tsx';
import { Button } from '#web/shared/ui/button.tsx';
import { CountedFilters, SearchField, useUrlFilters } from '#web/shared/ui/filters.tsx';
import { LoadFailure } from '#web/shared/ui/note.tsx';
import { Empty, Panel, SkeletonRows } from '#web/shared/ui/panel.tsx';
import { tableCsv } from '#web/shared/ui/csv-button.tsx';
import { useSortedPages } from '#web/shared/ui/sorted-pages.ts';
import { Pager } from '#web/shared/ui/table.tsx';
import type { UseInfiniteQueryResult } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { CompetitorTable } from './competitor-table.tsx';
import { LIST_COLUMNS } from './list-columns.ts';
import { LIST_CSV } from './list-csv.ts';
import { isFiltered, LIFTED, ListFilters, passes } from './list-filters.tsx';
import { type Selection, SelectionBar } from './selection.tsx';
import { byUrgency, countedFilters, statusFilterOf, NO_ONE } from './status-filter.ts';

const PAGE_SIZE = 20;

interface CompetitorListProps {
  readonly list: UseInfiniteQueryResult;
  /** Undefined while more of them come unasked. */
  readonly loaded: readonly CompetitorListItem[] | undefined;
  readonly chosenId: string | undefined;
  readonly onChoose: (id: string) => void;
  readonly onAdd: () => void;
  readonly selection: Selection;
  /** What can be done with those ticked. */
  readonly onAddMany: (people: readonly CompetitorRow[]) => void;
  readonly onTeam: (people: readonly CompetitorRow[]) => void;
  /** To another coach; null for whoever may not. */
  readonly onMove: ((people: readonly CompetitorRow[]) => void) | null;
  readonly onDeactivate: (people: readonly CompetitorRow[]) => void;
  readonly onRemind: (people: readonly CompetitorRow[]) => void;
}

/** Filter by status (in the address), search by name (never in the address), page. */
export function CompetitorList({
  list,
  loaded: people,
  chosenId,
  onChoose,
  onAdd,
  selection,
  onAddMany,
  onTeam,
  onMove,
  onDeactivate,
  onRemind,
}: CompetitorListProps) {
  const { timeZone } = useConfig();
  const now = useNow();
  const [params, setFilters] = useUrlFilters();
  const [search, setSearch] = useState('');
  const filter = statusFilterOf(params.get('status'));
  const allCoaches = seesAllCoaches(useMe());
  const coachId = allCoaches ? params.get('coach') : null;
  const allNeeds = useNeeds(coachId);
  const needs = allNeeds ?? NO_ONE;
  const needsKnown = !useAlerts(coachId).isPending;
  const loaded = needsKnown ? people : undefined;
  const isPending = loaded === undefined && !list.isError;
  const found = useMemo(
    () =>
      (loaded ?? [])
        .filter(
          (one) =>
            filter.holds(one, needs) &&
            passes(one, params) &&
            matches(
              search,
              one.firstName,
              one.lastName,
              one.team?.name ?? null,
              one.coach?.name ?? null,
              one.coach?.school ?? null,
            ),
        )
        .toSorted(byUrgency(needs)),
    [loaded, filter, search, needs, params],
  );
  const sorted = useSortedPages(found, LIST_COLUMNS, PAGE_SIZE);
  const shown = sorted.page;
  const ticked = (loaded ?? []).filter(({ id }) => selection.ids.has(id));
  const clear = () => {
    setSearch('');
    setFilters({ ...LIFTED, status: null, page: null });
  };
  return (
    <Panel label="Competitors" freshnessBar={useFreshnessBar()} busy={isPending}>
      <div className="panel-head pb-3.5">
        <CountedFilters
          label="Status"
          options={countedFilters(loaded ?? [], filter, allNeeds)}
          chosenId={filter.id}
          known={loaded !== undefined}
          more={list.hasNextPage}
          onChoose={(id) => {
            setFilters({ status: id === 'all' ? null : id, page: null });
          }}
        />
        <div className="end">
          <SearchField
            label="Find a competitor by name or team"
            placeholder="Name or team"
            value={search}
            onChange={(value) => {
              sorted.toFirst();
              setSearch(value);
            }}
          />
        </div>
      </div>
      {loaded && loaded.length > 0 && <ListFilters people={loaded} />}
      {list.isError && (
        <div className="px-5 pb-4">
          <LoadFailure
            what={loaded ? 'Some competitors' : 'The competitors'}
            safe="Your rosters are safe."
            error={list.error}
            retrying={list.isFetching}
            onRetry={() => void (loaded && list.isFetchNextPageError ? list.fetchNextPage() : list.refetch())}
          />
        </div>
      )}
      {isPending && <SkeletonRows label="competitors" rows={10} />}
      {loaded && loaded.length === 0 && <NoCompetitorsYet onAdd={onAdd} />}
      {loaded && loaded.length > 0 && found.length === 0 && (
        <Empty
          kind="filtered"
          heading="h2"
          title={
            filter.id === 'needs-me' && search === '' && !isFiltered(params)
              ? 'No one needs you right now'
              : 'No one matches'
          }
          action={<Button onClick={clear}>Clear filter and search</Button>}
        >
          {counted(loaded.length, 'competitor')} {loaded.length === 1 ? 'is' : 'are'} hidden by the filter or
          search.
        </Empty>
      )}
      {ticked.length > 0 && (
        <SelectionBar
          chosen={ticked}
          hidden={ticked.filter((one) => !shown.rows.includes(one)).length}
          found={found.length}
          onAll={
            found.length > shown.rows.length && found.some(({ id }) => !selection.ids.has(id))
              ? () =>
                  selection.set(
                    found.map(({ id }) => id),
                    true,
                  )
              : null
          }
          onAdd={() => onAddMany(ticked)}
          onTeam={() => onTeam(ticked)}
          onExport={() =>
            saveCsv(
              tableCsv(
                { columns: LIST_CSV, rows: ticked, asOf: new Date(list.dataUpdatedAt).toISOString() },
                timeZone,
              ),
              'competitors.csv',
            )
          }
          onDeactivate={() => onDeactivate(ticked)}
          onMove={onMove && (() => onMove(ticked))}
          onRemind={() => onRemind(ticked)}
          onClear={selection.clear}
        />
      )}
      {shown.rows.length > 0 && (
        <CompetitorTable
          competitors={shown.rows}
          chosenId={chosenId}
          onChoose={onChoose}
          selection={selection}
          sorting={sorted.sorting}
          onSort={sorted.sortBy}
          withCoach={allCoaches && coachId === null && chosenId === undefined}
          now={now}
        />
      )}
      {loaded && loaded.length > 0 && (
        <div className="panel-foot">
          <span>as of {moment(new Date(list.dataUpdatedAt).toISOString(), timeZone, now)}</span>
          <ChainKey />
          {list.hasNextPage && (
            <Button
              small
              onClick={() => void list.fetchNextPage()}
              aria-disabled={list.isFetchingNextPage || undefined}
            >
              {list.isFetchingNextPage ? 'Loading more' : 'Load more'}
            </Button>
          )}
          <Pager
            from={shown.from}
            shown={shown.rows.length}
            of={found.length}
            onBack={sorted.back}
            onNext={sorted.next}
            what="competitors"
          />
        </div>
      )}
    </Panel>
  );
}

const NoCompetitorsYet = ({ onAdd }: { onAdd: () => void }) => (
  <Empty
    kind="never"
    heading="h2"
    title="No competitors yet"
    action={
      <Button look="primary" onClick={onAdd}>
        Add your first competitor
      </Button>
    }
  >
    Add a competitor with their name, grade, division, and email. Once you have the release, one button
    creates the account.
  </Empty>
);
