import type { CoachView } from '#shared/coaches/contract.ts';
import { moment } from '#shared/kernel/format.ts';
import { matches } from '#web/shared/format/text.ts';
import { useNow } from '#web/shared/format/time.ts';
import { useConfig } from '#web/shared/identity/config.ts';
import { Button } from '#web/shared/ui/button.tsx';
import { CsvButton, type CsvColumn } from '#web/shared/ui/csv-button.tsx';
import { CountedFilters, SearchField, useUrlFilters } from '#web/shared/ui/filters.tsx';
import { LoadFailure } from '#web/shared/ui/note.tsx';
import { Empty, Panel, SkeletonRows } from '#web/shared/ui/panel.tsx';
import { pageOf } from '#web/shared/ui/sorted-pages.ts';
import { Pager } from '#web/shared/ui/table.tsx';
import type { UseQueryResult } from '@tanstack/react-query';
import { useState } from 'react';
import { coachFilterOf, countedCoachFilters } from './coach-labels.ts';
import { CoachTable } from './coach-table.tsx';

const PAGE_SIZE = 20;

const CSV: readonly CsvColumn<CoachView>[] = [
  { name: 'Coach', of: ({ name }) => name },
  { name: 'School', of: ({ school }) => school },
  { name: 'Email', of: ({ email }) => email },
  { name: 'Competitors', of: ({ competitors }) => competitors },
  { name: 'Onboarding', of: ({ features }) => (features.onboarding ? 'On' : 'Off') },
  { name: 'Own account', of: ({ gamePlatformId }) => (gamePlatformId === null ? 'none yet' : 'there') },
  { name: 'Sign-in', of: ({ enabled }) => (enabled ? 'On' : 'Switched off') },
];

interface CoachListProps {
  readonly list: UseQueryResult<CoachView[]>;
  readonly chosenId: string | undefined;
  readonly onChoose: (id: string) => void;
  readonly onAdd: () => void;
}

/** Filter in the address, search by name, school or email (never in the address), page. */
export function CoachList({ list, chosenId, onChoose, onAdd }: CoachListProps) {
  const { timeZone } = useConfig();
  const now = useNow();
  const [params, setFilters] = useUrlFilters();
  const [search, setSearch] = useState('');
  const [page, setPage] = useState(0);
  const filter = coachFilterOf(params.get('show'));
  const coaches = list.data;
  const found = (coaches ?? [])
    .filter((one) => filter.holds(one) && matches(search, one.name, one.school, one.email))
    .toSorted((a, b) => a.name.localeCompare(b.name));
  const shown = pageOf(found, page, PAGE_SIZE);
  return (
    <Panel label="Coaches" busy={list.isPending}>
      <div className="panel-head pb-3.5">
        <CountedFilters
          label="Show"
          options={countedCoachFilters(coaches ?? [])}
          chosenId={filter.id}
          known={coaches !== undefined}
          onChoose={(id) => {
            setPage(0);
            setFilters({ show: id === 'all' ? null : id });
          }}
        />
        <div className="end">
          {found.length > 0 && (
            <CsvButton
              caption="Coaches"
              columns={CSV}
              rows={found}
              asOf={new Date(list.dataUpdatedAt).toISOString()}
            />
          )}
          <SearchField
            label="Find a coach by name, school or email"
            placeholder="Name or school"
            value={search}
            onChange={(value) => {
              setPage(0);
              setSearch(value);
            }}
          />
        </div>
      </div>
      {list.isError && (
        <div className="px-5 pb-4">
          <LoadFailure
            what={coaches ? 'The newest state' : 'The coaches'}
            error={list.error}
            retrying={list.isFetching}
            onRetry={() => void list.refetch()}
          />
        </div>
      )}
      {list.isPending && <SkeletonRows label="coaches" rows={8} />}
      {coaches?.length === 0 && (
        <Empty
          kind="never"
          heading="h2"
          title="No coaches yet"
          action={
            <Button look="primary" onClick={onAdd}>
              Add the first coach
            </Button>
          }
        >
          Each one gets an invitation by email, signs in with it, and sees only their own competitors.
        </Empty>
      )}
      {coaches && coaches.length > 0 && found.length === 0 && (
        <Empty
          kind="filtered"
          heading="h2"
          title="No coach matches"
          action={
            <Button
              onClick={() => {
                setSearch('');
                setFilters({ show: null });
              }}
            >
              Clear filter and search
            </Button>
          }
        >
          Other coaches are hidden by the filter or search.
        </Empty>
      )}
      {shown.rows.length > 0 && <CoachTable coaches={shown.rows} chosenId={chosenId} onChoose={onChoose} />}
      {coaches && coaches.length > 0 && (
        <div className="panel-foot">
          <span>as of {moment(new Date(list.dataUpdatedAt).toISOString(), timeZone, now)}</span>
          <Pager
            from={shown.from}
            shown={shown.rows.length}
            of={found.length}
            onBack={shown.index > 0 ? () => setPage(shown.index - 1) : null}
            onNext={shown.index < shown.last ? () => setPage(shown.index + 1) : null}
            what="coaches"
          />
        </div>
      )}
    </Panel>
  );
}
