import type { CompetitorView } from '#shared/competitors/competitor-view.ts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import { useApi } from '../../shared/api/api-context.ts';
import { counted } from '../../shared/format/numbers.ts';
import { useActingAs } from '../../shared/identity/acting-as.ts';
import { CoachFilter } from '../../shared/identity/coach-filter.tsx';
import { seesAllCoaches, useMe } from '../../shared/identity/get-me.ts';
import { Button } from '../../shared/ui/button.tsx';
import { usePageTitle } from '../../shared/ui/page-title.ts';
import { competitorsQuery } from './api/list-competitors.ts';
import { CompetitorDialog } from './competitor-dialog.tsx';
import { CompetitorList } from './competitor-list.tsx';
import { CompetitorPanel } from './competitor-panel.tsx';
import './competitors.css';

/** So many pages are fetched without asking, for counts and search over everybody; 1,000 competitors. */
const PAGES_UNASKED = 5;

/** The list on the left, the chosen competitor beside it; on narrow screens one at a time. */
export default function CompetitorsPage() {
  usePageTitle('Competitors');
  const me = useMe();
  const actingAs = useActingAs();
  const { competitorId } = useParams();
  const [params] = useSearchParams();
  const navigate = useNavigate();
  const [adding, setAdding] = useState(false);
  const coachId = seesAllCoaches(me) ? params.get('coach') : null;
  const list = useInfiniteQuery(competitorsQuery(useApi(), actingAs, coachId));
  const loaded = useMemo(() => list.data?.pages.flatMap((page) => page.items), [list.data]);
  useUnaskedPages(list);

  const show = (id: string | null) => {
    const filters = params.toString();
    const path = id === null ? '/competitors' : `/competitors/${encodeURIComponent(id)}`;
    void navigate(filters === '' ? path : `${path}?${filters}`);
  };
  const close = () => {
    show(null);
    requestAnimationFrame(() => document.getElementById(`competitor-${competitorId ?? ''}`)?.focus());
  };
  return (
    <>
      <div className="page-head">
        <div>
          <h1>Competitors</h1>
          <p className="sub">{loaded ? summary(loaded, list.hasNextPage) : 'Everyone on your rosters'}</p>
        </div>
        <div className="tools">
          <CoachFilter />
          <Button
            look={competitorId === undefined ? 'primary' : 'plain'}
            className={competitorId === undefined ? undefined : 'max-lg:hidden'}
            onClick={() => setAdding(true)}
          >
            <Plus size={14} aria-hidden /> Add competitor
          </Button>
        </div>
      </div>
      <div className="split">
        <CompetitorList
          list={list}
          loaded={loaded}
          chosenId={competitorId}
          onChoose={show}
          onAdd={() => setAdding(true)}
        />
        {competitorId !== undefined && (
          <CompetitorPanel
            key={competitorId}
            id={competitorId}
            known={loaded?.find((competitor) => competitor.id === competitorId)}
            onClose={close}
          />
        )}
      </div>
      {adding && (
        <CompetitorDialog
          competitor={null}
          coachId={coachId}
          onClose={() => setAdding(false)}
          onSaved={(saved) => {
            setAdding(false);
            show(saved.id);
          }}
        />
      )}
    </>
  );
}

function useUnaskedPages(list: {
  readonly data: { readonly pages: readonly unknown[] } | undefined;
  readonly hasNextPage: boolean;
  readonly isFetching: boolean;
  readonly isError: boolean;
  readonly fetchNextPage: () => Promise<unknown>;
}) {
  const { data, hasNextPage, isFetching, isError, fetchNextPage } = list;
  const pages = data?.pages.length ?? 0;
  useEffect(() => {
    if (hasNextPage && !isFetching && !isError && pages < PAGES_UNASKED) void fetchNextPage();
  }, [hasNextPage, isFetching, isError, pages, fetchNextPage]);
}

function summary(competitors: readonly CompetitorView[], more: boolean): string {
  const active = competitors.filter((competitor) => competitor.active);
  const count = (status: CompetitorView['status']) =>
    active.filter((competitor) => competitor.status === status).length;
  const complete = count('complete');
  const ready = count('compliance');
  const unfinished = count('pending') + count('profile');
  const all = more ? `${counted(active.length, 'competitor')} loaded so far` : `${active.length} in all`;
  return `${all}: ${complete} on the platform, ${ready} ready to add, ${unfinished} to complete`;
}
