import { useQuery } from '@tanstack/react-query';
import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import { useApi } from '../../shared/api/api-context.ts';
import { useActingAs } from '../../shared/identity/acting-as.ts';
import { CoachFilter } from '../../shared/identity/coach-filter.tsx';
import { seesAllCoaches, useMe } from '../../shared/identity/get-me.ts';
import { teamQuery, teamsQuery } from '../../shared/roster/get-teams.ts';
import { reversed } from '../../shared/roster/membership.ts';
import { useMembershipEdits } from '../../shared/roster/use-membership.ts';
import { Button } from '../../shared/ui/button.tsx';
import { usePageTitle } from '../../shared/ui/page-title.ts';
import { showToast } from '../../shared/ui/toasts.ts';
import { EditTimes } from './edit-times.tsx';
import { MembershipNotice } from './membership-notice.tsx';
import { TeamDialog } from './team-dialog.tsx';
import { TeamDrawer } from './team-drawer.tsx';
import { TeamList } from './team-list.tsx';
import { UnknownTeam } from './unknown-team.tsx';
import { pollEvery, teamsSummary } from './team-words.ts';
import { useChanges } from './use-changes.ts';
import './teams.css';

/** A tile per team; the chosen one opens in a drawer, and has an address of its own. */
export default function TeamsPage() {
  usePageTitle('Teams');
  const api = useApi();
  const me = useMe();
  const actingAs = useActingAs();
  const { teamId } = useParams();
  const [params] = useSearchParams();
  const navigate = useNavigate();
  const [creating, setCreating] = useState(false);
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
    const filters = params.toString();
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
            showToast('ok', `${chosen.name} is deleted`, 'The platform deletes it next, by itself.');
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
          onSaved={(saved) => {
            setCreating(false);
            show(saved.id);
          }}
        />
      )}
    </>
  );
}
