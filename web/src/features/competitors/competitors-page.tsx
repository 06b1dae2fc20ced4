import { exportRoute } from '#web/shared/api/call-route.ts';
import { competitorRoutes, type CompetitorRow } from '#shared/competitors/contract.ts';
import { useApi } from '#web/shared/api/api-context.ts';
import { messageOf } from '#web/shared/api/api-error.ts';
import { useExport } from '#web/shared/exports/use-export.ts';
import { counted, listed } from '#shared/kernel/format.ts';
import { CoachFilter } from '#web/shared/identity/coaches.tsx';
import { seesAllCoaches, useMe } from '#web/shared/identity/current-user.tsx';
import { JobResult } from '#web/shared/jobs/job-result.tsx';
import { useAllCompetitors, useKeepCompetitor } from '#web/shared/roster/competitors.ts';
import { Button, ButtonLink } from '#web/shared/ui/button.tsx';
import { filtersOf, useUrlFilters } from '#web/shared/ui/filters.tsx';
import { usePageTitle } from '#web/shared/ui/page.tsx';
import { showToast } from '#web/shared/ui/toasts.ts';
import { Download, ListPlus, Plus, Upload } from 'lucide-react';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { BulkAddDialog } from './bulk-add-dialog.tsx';
import { isReadyRow } from './bulk-labels.ts';
import { CompetitorDialog } from './competitor-dialog.tsx';
import { CompetitorList } from './competitor-list.tsx';
import { CompetitorPanel } from './competitor-panel.tsx';
import { DeactivateDialog } from './deactivate-dialog.tsx';
import { PutOnTeamDialog } from './put-on-team-dialog.tsx';
import { ReminderDialog } from './reminder-dialog.tsx';
import { rosterFilters } from './list-csv.ts';
import { useSelection } from './selection.tsx';
import './competitors.css';

/** The list on the left, the chosen competitor beside it; on narrow screens one at a time. */
export default function CompetitorsPage() {
  usePageTitle('Competitors');
  const me = useMe();
  const { competitorId } = useParams();
  const [params, setFilters] = useUrlFilters();
  const navigate = useNavigate();
  const adding = params.has('new');
  const setAdding = (on: boolean) => setFilters({ new: on ? '1' : null });
  const coachId = seesAllCoaches(me) ? params.get('coach') : null;
  const { list, loaded, settled } = useAllCompetitors(coachId);
  const selection = useSelection();
  const keep = useKeepCompetitor();
  const [bulk, setBulk] = useState<Bulk | null>(null);
  const [teaming, setTeaming] = useState<readonly CompetitorRow[] | null>(null);
  const [deactivating, setDeactivating] = useState<readonly CompetitorRow[] | null>(null);
  const [reminding, setReminding] = useState<number | null>(null);
  const jobId = params.get('job');
  const owner = seesAllCoaches(me) ? coachId : (me.coach?.id ?? null);
  const ready = loaded?.filter(isReadyRow).length ?? 0;

  const show = (id: string | null) => {
    const filters = filtersOf(params);
    const path = id === null ? '/competitors' : `/competitors/${encodeURIComponent(id)}`;
    void navigate(filters === '' ? path : `${path}?${filters}`);
  };
  const close = () => {
    show(null);
    requestAnimationFrame(() => document.getElementById(`competitor-${competitorId ?? ''}`)?.focus());
  };
  // One thing at a time where there is no room for two.
  const besideClass = competitorId === undefined ? '' : 'max-lg:hidden';
  return (
    <>
      <div className="page-head">
        <div>
          <h1>Competitors</h1>
          <p className="sub">{loaded ? summary(loaded, list.hasNextPage) : 'Everyone on your rosters'}</p>
        </div>
        <div className="tools">
          <CoachFilter />
          {owner !== null && ready > 0 && (
            <Button
              className={besideClass}
              onClick={() => setBulk({ people: (loaded ?? []).filter(isReadyRow), everyoneOf: owner })}
            >
              <ListPlus size={14} aria-hidden /> Add all ready <span className="text-muted">{ready}</span>
            </Button>
          )}
          <ExportRoster coachId={coachId} className={besideClass} />
          <ButtonLink to="/import" className={besideClass}>
            <Upload size={14} aria-hidden /> Import
          </ButtonLink>
          <Button
            look={competitorId === undefined ? 'primary' : 'plain'}
            className={besideClass}
            onClick={() => setAdding(true)}
          >
            <Plus size={14} aria-hidden /> Add competitor
          </Button>
        </div>
      </div>
      {jobId !== null && (
        <JobResult
          key={jobId}
          jobId={jobId}
          taskType="onboard_competitors"
          who="Competitor"
          title={{ during: 'Adding to the Game Platform', after: 'Added to the Game Platform' }}
          names={new Map(loaded?.map(({ id, firstName, lastName }) => [id, `${firstName} ${lastName}`]))}
          className={besideClass}
          onOver={keep.all}
          onShow={show}
          onClose={() => setFilters({ job: null })}
        />
      )}
      <div className="split">
        <CompetitorList
          list={list}
          // Sorted by what needs the coach: each further page would move rows from under the pointer.
          loaded={settled ? loaded : undefined}
          chosenId={competitorId}
          onChoose={show}
          onAdd={() => setAdding(true)}
          selection={selection}
          onAddMany={(people) => setBulk({ people, everyoneOf: null })}
          onTeam={setTeaming}
          onMove={
            seesAllCoaches(me)
              ? (people) => void navigate('/move', { state: { competitorIds: people.map(({ id }) => id) } })
              : null
          }
          onDeactivate={setDeactivating}
          onRemind={(people) => setReminding(people.filter(({ status }) => status === 'profile').length)}
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
      {bulk && (
        <BulkAddDialog
          {...bulk}
          more={bulk.everyoneOf !== null && list.hasNextPage}
          onClose={() => setBulk(null)}
          onStarted={(started) => {
            setBulk(null);
            selection.clear();
            setFilters({ job: started });
          }}
        />
      )}
      {deactivating && (
        <DeactivateDialog
          people={deactivating}
          onClose={() => {
            setDeactivating(null);
            selection.clear();
          }}
        />
      )}
      {reminding !== null && (
        <ReminderDialog count={reminding} coach={me.coach} onClose={() => setReminding(null)} />
      )}
      {teaming && <PutOnTeamDialog people={teaming} onClose={() => setTeaming(null)} />}
      {adding && (
        <CompetitorDialog
          competitor={null}
          coachId={coachId}
          onClose={() => setAdding(false)}
          onSaved={(saved) => show(saved.id)}
        />
      )}
    </>
  );
}

/** Who is to be added: those ticked, or everybody of a coach. */
interface Bulk {
  readonly people: readonly CompetitorRow[];
  readonly everyoneOf: string | null;
}

function summary(competitors: readonly CompetitorRow[], more: boolean): string {
  const active = competitors.filter((competitor) => competitor.active);
  const count = (status: CompetitorRow['status']) =>
    active.filter((competitor) => competitor.status === status).length;
  const held = active.filter(({ onHold }) => onHold !== null).length;
  const complete = count('complete') - held;
  const ready = competitors.filter(isReadyRow).length;
  const refused = count('compliance') - ready;
  const unfinished = count('pending') + count('profile');
  const all = more ? `${counted(active.length, 'competitor')} loaded so far` : `${active.length} in all`;
  const onHold = `${refused === 0 ? '' : `, ${refused} refused`}${held === 0 ? '' : `, ${held} on hold`}`;
  return `${all}: ${complete} on the platform, ${ready} ready to add, ${unfinished} not ready yet${onHold}`;
}

/** `GET /api/game-platform/exports/roster.csv`: everybody listed, as a file for spreadsheets, under the page's filters. */
function ExportRoster({ coachId, className }: { coachId: string | null; className?: string }) {
  const api = useApi();
  const [params] = useUrlFilters();
  const { query, aside } = rosterFilters(params);
  const { busy, start } = useExport({
    what: 'the roster',
    fileName: 'roster.csv',
    ask: () => exportRoute(api, competitorRoutes.exportRoster, { query: { coachId, ...query } }),
    onAnswered: () => {
      if (aside.length > 0)
        showToast(
          'ok',
          `The file does not follow ${listed(aside.map((filter) => `“${filter}”`))}`,
          'For exactly those people, select them in the list and export the selection.',
        );
    },
    onError: (error) => showToast('error', 'The file could not be created', messageOf(error)),
  });
  return (
    <Button className={className} aria-disabled={busy || undefined} onClick={start}>
      <Download size={14} aria-hidden /> {busy ? 'Preparing the file…' : 'Export CSV'}
    </Button>
  );
}
