import { count, counted } from '#shared/kernel/format.ts';
import type { TeamView } from '#shared/teams/contract.ts';
import { useApi } from '#web/shared/api/api-context.ts';
import { Bars } from '#web/shared/charts/bars.tsx';
import { seesAllCoaches, useActingAs, useMe } from '#web/shared/identity/current-user.tsx';
import { LoadFailure } from '#web/shared/ui/note.tsx';
import { Skeleton } from '#web/shared/ui/panel.tsx';
import { useQuery } from '@tanstack/react-query';
import { teamEditsQuery, teamTileQuery } from './team-api.ts';
import { editArrival, editLabel } from './team-labels.ts';

const useSubject = (team: TeamView) => ({
  teamId: team.id,
  coachId: seesAllCoaches(useMe()) ? team.coachId : null,
});

/** The team's figures over the dashboard's period, as its tile there has them. */
export function TeamPeriod({ team }: { team: TeamView }) {
  const figures = useQuery(teamTileQuery(useApi(), useActingAs(), useSubject(team)));
  if (figures.isError)
    return (
      <LoadFailure
        what="The team’s latest figures"
        safe="The team itself is up to date."
        error={figures.error}
        retrying={figures.isFetching}
        onRetry={() => void figures.refetch()}
      />
    );
  if (figures.isPending) return <Skeleton width="100%" height={104} />;
  const tile = figures.data;
  if (tile === undefined || tile.members === 0) return null;
  return (
    <section aria-label={tile.period} className="grid gap-2">
      <h3>{tile.period}</h3>
      <dl className="grid grid-cols-[repeat(3,minmax(0,auto))] justify-between gap-3">
        {[
          ['Average score', tile.averageScore === null ? 'none' : count(tile.averageScore)],
          ['Solved', count(tile.solved)],
          ['Active', `${count(tile.active)} of ${count(tile.members)}`],
        ].map(([name, value]) => (
          <div key={name}>
            <dt className="text-12 text-muted">{name}</dt>
            <dd className="text-20 tabular-nums">{value}</dd>
          </div>
        ))}
      </dl>
      <Bars
        values={tile.bars}
        most={Math.max(1, ...tile.bars)}
        label={`Solves over the period: ${counted(tile.solved, 'challenge')}`}
      />
      {tile.late > 0 && (
        <p className="text-12 text-muted">{counted(tile.late, 'member')} read late: there may be more.</p>
      )}
    </section>
  );
}

/** Who came, went and moved lately, and how long the platform took. */
export function TeamEdits({ team, moment }: { team: TeamView; moment: (iso: string) => string }) {
  const edits = useQuery(teamEditsQuery(useApi(), useActingAs(), useSubject(team)));
  if (edits.isError)
    return (
      <LoadFailure
        what="The last edits"
        safe="The team itself is up to date."
        error={edits.error}
        retrying={edits.isFetching}
        onRetry={() => void edits.refetch()}
      />
    );
  if (edits.data === undefined || edits.data.length === 0) return null;
  const lines = edits.data;
  const isNewest = (index: number) =>
    lines.findIndex(({ competitor }) => competitor?.id === lines[index]?.competitor?.id) === index;
  return (
    <section aria-label="Last edits">
      <h3 className="pb-1">Last edits</h3>
      <ol>
        {lines.map((line, index) => {
          const arrival = editArrival(line, isNewest(index), team.members);
          return (
            <li
              key={line.id}
              className="flex flex-wrap justify-between gap-x-3 border-t border-line py-2 text-13"
            >
              <bdi className="min-w-0 wrap-anywhere">{editLabel(line, team.id)}</bdi>
              <span className="text-muted">
                <time dateTime={line.at}>{moment(line.at)}</time>
                {arrival === null ? '' : `, ${arrival}`}
              </span>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
