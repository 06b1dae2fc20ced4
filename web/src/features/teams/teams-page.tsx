import { useApi } from '#web/shared/api/api-context.ts';
import { ApiError } from '#web/shared/api/api-error.ts';
import { CoachFilter } from '#web/shared/identity/coaches.tsx';
import { seesAllCoaches, useActingAs, useMe } from '#web/shared/identity/current-user.tsx';
import { reversed, useMembershipEdits } from '#web/shared/roster/membership.ts';
import { teamQuery, teamsQuery } from '#web/shared/roster/teams.ts';
import { Button } from '#web/shared/ui/button.tsx';
import { filtersOf, useUrlFilters } from '#web/shared/ui/filters.tsx';
import { Dialog } from '#web/shared/ui/dialog.tsx';
import { LoadFailure } from '#web/shared/ui/note.tsx';
import { usePageTitle } from '#web/shared/ui/page.tsx';
import { showToast } from '#web/shared/ui/toasts.ts';
import { useQuery } from '@tanstack/react-query';
import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { EditTimes } from './edit-times.tsx';
import { MembershipNotice, useChanges } from './membership-notice.tsx';
import { TeamDialog } from './team-dialog.tsx';
import { TeamDrawer } from './team-drawer.tsx';
import { pollEvery, teamsSummary } from './team-labels.ts';
import { TeamList } from './team-list.tsx';
import './teams.css';

/** A tile per team; the chosen one opens in a drawer, and has an address of its own. */
export default function TeamsPage() {
  usePageTitle('Teams');
  const api = useApi();
  const me = useMe();
  const actingAs = useActingAs();
  const { teamId } = useParams();
  const [params, setFilters] = useUrlFilters();
  const navigate = useNavigate();
  const creating = params.has('new');
  const setCreating = (on: boolean) => setFilters({ new: on ? '1' : null });
  const [pushedAt, setPushedAt] = useState<number | null>(null);
  const coachId = seesAllCoaches(me) ? params.get('coach') : null;
  const saving = useMembershipEdits();
  const list = useQuery({
    ...teamsQuery(api, actingAs, coachId),
    refetchInterval: (query) => !saving && pollEvery(query.state.data?.teams, pushedAt, Date.now()),
  });
  const listed = list.data?.teams.find((team) => team.id === teamId);
  const alone = useQuery({
    ...teamQuery(api, actingAs, teamId ?? ''),
    enabled: teamId !== undefined && list.data !== undefined && listed === undefined,
  });
  const chosen = listed ?? (alone.isError ? undefined : alone.data);
  const siblings =
    list.data?.teams.filter((team) => team.coachId === chosen?.coachId && team.id !== chosen.id) ?? [];
  const addressOf = (id: string | null) => {
    const filters = filtersOf(params);
    const path = id === null ? '/teams' : `/teams/${encodeURIComponent(id)}`;
    return filters === '' ? path : `${path}?${filters}`;
  };
  const show = (id: string | null) => void navigate(addressOf(id));
  const { notice, change, dismiss } = useChanges();
  return (
    <>
      <div className="page-head">
        <div>
          <h1>Teams</h1>
          <p className="sub">{list.data ? teamsSummary(list.data.teams) : 'Mirrored on the platform'}</p>
        </div>
        <div className="tools">
          <CoachFilter />
          <Button look="primary" onClick={() => setCreating(true)}>
            <Plus size={14} aria-hidden /> New team
          </Button>
        </div>
      </div>
      <TeamList
        list={list}
        addressOf={addressOf}
        onOpen={(id) => {
          dismiss();
          show(id);
        }}
        onMove={change}
        onCreate={() => setCreating(true)}
      />
      {notice && (
        <div className="page-notice">
          <MembershipNotice
            notice={notice}
            teams={list.data?.teams ?? []}
            onUndo={() => change(reversed(notice.edit))}
          />
          <Button iconOnly look="ghost" aria-label="Dismiss" onClick={dismiss}>
            <X size={16} aria-hidden />
          </Button>
        </div>
      )}
      <EditTimes />
      {teamId !== undefined && chosen && (
        <TeamDrawer
          key={chosen.id}
          team={chosen}
          siblings={siblings}
          onPushed={() => setPushedAt(Date.now())}
          onClose={() => show(null)}
          onDeleted={() => {
            show(null);
            showToast('ok', `${chosen.name} is deleted`, 'We delete it on the platform next.');
          }}
        />
      )}
      {teamId !== undefined && !chosen && alone.isError && (
        <UnknownTeam
          error={alone.error}
          retrying={alone.isFetching}
          onRetry={() => void alone.refetch()}
          onClose={() => show(null)}
        />
      )}
      {creating && (
        <TeamDialog
          team={null}
          coachId={coachId}
          onClose={() => setCreating(false)}
          onSaved={(saved) => show(saved.id)}
        />
      )}
    </>
  );
}

interface UnknownTeamProps {
  readonly error: unknown;
  readonly retrying: boolean;
  readonly onRetry: () => void;
  readonly onClose: () => void;
}

/** The address names a team that is not there, or that could not be read. */
function UnknownTeam({ error, retrying, onRetry, onClose }: UnknownTeamProps) {
  const unknown = error instanceof ApiError && error.facts.status === 404;
  return (
    <Dialog title={unknown ? 'Team not found' : 'Team'} onClose={onClose}>
      {unknown ? (
        <p className="text-13 text-text-2">
          The link may be old, or the team was deleted or belongs to another coach.
        </p>
      ) : (
        <LoadFailure what="The team" error={error} retrying={retrying} onRetry={onRetry} />
      )}
      <div className="flex justify-end">
        <Button onClick={onClose}>Show all teams</Button>
      </div>
    </Dialog>
  );
}
