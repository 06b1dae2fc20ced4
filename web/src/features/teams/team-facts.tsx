import type { CompetitorView } from '#shared/competitors/contract.ts';
import type { TeamView } from '#shared/teams/contract.ts';
import { count } from '../../shared/format/numbers.ts';
import { editSeconds, lastArrival, teamFigures } from './team-words.ts';

interface TeamFactsProps {
  readonly team: TeamView;
  readonly people: ReadonlyMap<string, CompetitorView>;
  readonly moment: (iso: string) => string;
}

/** The team in figures, once everybody on it is known. */
export function TeamFacts({ team, people, moment }: TeamFactsProps) {
  const figures = teamFigures(team.members, people);
  if (figures === null) return null;
  const arrived = lastArrival(team);
  return (
    <div className="grid gap-1">
      <dl className="team-facts">
        <div>
          <dt>Solved</dt>
          <dd>{count(figures.solved)}</dd>
        </div>
        <div>
          <dt>Members</dt>
          <dd>
            {count(team.members.length)} <small>{count(figures.active)} active lately</small>
          </dd>
        </div>
        <div>
          <dt>Last edit arrived</dt>
          <dd>
            {arrived === null ? <small>none timed yet</small> : `after ${editSeconds(arrived.seconds)}`}
          </dd>
        </div>
      </dl>
      <p className="text-12 text-muted">
        {figures.asOf === null
          ? 'Somebody was not read yet, so there may be more.'
          : `Solves as of ${moment(figures.asOf)}.`}
      </p>
    </div>
  );
}
