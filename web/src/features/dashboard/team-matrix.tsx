import type { DashboardView, TeamTile } from '#shared/dashboard/contract.ts';
import { count, counted, divisionName, moment } from '#shared/kernel/format.ts';
import { Bars } from '#web/shared/charts/bars.tsx';
import { useConfig } from '#web/shared/identity/config.ts';
import { SYNC_LOOKS, SyncBadge } from '#web/shared/roster/sync-badge.tsx';
import { Button, ButtonLink } from '#web/shared/ui/button.tsx';
import { useUrlFilters } from '#web/shared/ui/filters.tsx';
import { Empty } from '#web/shared/ui/panel.tsx';
import { DataTable } from '#web/shared/ui/table.tsx';
import { useState } from 'react';
import { Link } from 'react-router';
import { DownloadButton } from './download-button.tsx';

const FIRST = 9;

const address = ({ teamId }: TeamTile): string => `/teams/${encodeURIComponent(teamId)}`;
const average = ({ averageScore }: TeamTile): string =>
  averageScore === null ? 'none' : count(averageScore);

/** A tile per team, the best average first; its name opens the team. All bars are on one scale. */
export default function TeamMatrix({ data, now }: { data: DashboardView; now: Date }) {
  const { timeZone } = useConfig();
  const [, setFilters] = useUrlFilters();
  const [all, setAll] = useState(false);
  const { rows, total } = data.teams;
  const shown = all ? rows : rows.slice(0, FIRST);
  const most = Math.max(1, ...rows.flatMap((tile) => tile.bars));
  const read = ({ asOf, members }: TeamTile): string =>
    members === 0
      ? 'no members'
      : asOf === null
        ? 'not everyone read yet'
        : `synced ${moment(asOf, timeZone, now)}`;
  return (
    <>
      <div className="panel-head">
        <h2>Teams</h2>
        <span className="as-of">{counted(total, 'team')}, bars on one scale</span>
        <div className="end">
          <DownloadButton file="roster" />
        </div>
      </div>
      {rows.length === 0 ? (
        <Empty
          kind={data.scope.division === null ? 'never' : 'filtered'}
          title={data.scope.division === null ? 'No teams yet' : 'No team in this division'}
          action={
            data.scope.division === null ? (
              <ButtonLink to="/teams">Go to the teams</ButtonLink>
            ) : (
              <Button onClick={() => setFilters({ division: null })}>Show all divisions</Button>
            )
          }
        >
          {data.scope.division === null
            ? 'Create a team and add competitors. Its score shows up here.'
            : 'The division filter hides the others.'}
        </Empty>
      ) : (
        <>
          <ul className="matrix">
            {shown.map((tile) => (
              <li key={tile.teamId}>
                <div className="flex items-start gap-3">
                  <div className="min-w-0 flex-1">
                    <h3 className="text-14 font-strong wrap-anywhere">
                      <Link to={address(tile)}>
                        <bdi>{tile.name}</bdi>
                      </Link>
                    </h3>
                    <p className="text-12 text-muted">
                      {divisionName(tile.division)}, {read(tile)}
                    </p>
                  </div>
                  <SyncBadge state={tile.badge.state} />
                </div>
                <dl>
                  <div>
                    <dt>Average score</dt>
                    <dd>{average(tile)}</dd>
                  </div>
                  <div>
                    <dt>Solved</dt>
                    <dd>{count(tile.solved)}</dd>
                  </div>
                  <div>
                    <dt>Members</dt>
                    <dd>
                      {tile.members} <small>{tile.active} active</small>
                    </dd>
                  </div>
                </dl>
                <Bars
                  values={tile.bars}
                  most={most}
                  label={`Solves of ${tile.name} over the period: ${counted(tile.solved, 'challenge')}`}
                />
                <p className="text-12 text-text-2">
                  {tile.badge.state === 'synced'
                    ? tile.late > 0
                      ? `${counted(tile.late, 'member')} read late: there may be more.`
                      : 'Matches the platform.'
                    : (tile.badge.reason ?? 'On its way to the platform.')}
                </p>
              </li>
            ))}
          </ul>
          <div className="panel-foot">
            {rows.length > FIRST && !all && (
              <Button small onClick={() => setAll(true)}>
                Show all {count(rows.length)} teams
              </Button>
            )}
            {rows.length < total && <span>The first {count(rows.length)} are listed.</span>}
            <DataTable
              caption="Teams"
              asOf={data.freshness.asOf}
              columns={[
                'Team',
                'Average score',
                'Points',
                'Solved',
                'Members',
                'Active',
                'Scores',
                'Platform',
              ]}
              rows={rows.map((tile) => ({
                key: tile.teamId,
                cells: [
                  tile.name,
                  average(tile),
                  count(tile.points),
                  count(tile.solved),
                  tile.members,
                  tile.active,
                  { at: tile.asOf, words: read(tile) },
                  SYNC_LOOKS[tile.badge.state].word,
                ],
              }))}
            />
          </div>
        </>
      )}
    </>
  );
}
