import type { CompetitorRow } from '#shared/competitors/contract.ts';
import type { TeamView } from '#shared/teams/contract.ts';
import { count } from '#shared/kernel/format.ts';
import { editSeconds, lastArrival, teamFigures } from './team-labels.ts';

interface TeamFactsProps {
  readonly team: TeamView;
  readonly people: ReadonlyMap<string, CompetitorRow>;
  readonly moment: (iso: string) => string;
}

/** The team in figures, once everybody on it is known. */
export function TeamFacts({ team, people, moment }: TeamFactsProps) {
  const figures = teamFigures(team.members, people);
  if (figures === null) return null;
  const arrived = lastArrival(team);
  return (
    <div className="grid gap-1">
      <dl className="grid grid-cols-[repeat(3,minmax(0,auto))] justify-between gap-3">
        <div>
          <dt className="text-12 text-muted">Solved in all</dt>
          <dd className="text-20 tabular-nums">{count(figures.solved)}</dd>
        </div>
        <div>
          <dt className="text-12 text-muted">Members</dt>
          <dd className="text-20 tabular-nums">
            {count(team.members.length)}{' '}
            <small className="text-12 leading-(--lh-20) text-muted">
              {count(figures.active)} active lately
            </small>
          </dd>
        </div>
        <div>
          <dt className="text-12 text-muted">Last edit arrived</dt>
          <dd className="text-20 tabular-nums">
            {arrived === null ? (
              <small className="text-12 leading-(--lh-20) text-muted">none timed yet</small>
            ) : (
              `after ${editSeconds(arrived.seconds)}`
            )}
          </dd>
        </div>
      </dl>
      <p className="text-12 text-muted">
        {figures.asOf === null
          ? 'Not everyone has been read yet, so there may be more.'
          : `Solves as of ${moment(figures.asOf)}.`}
      </p>
    </div>
  );
}
