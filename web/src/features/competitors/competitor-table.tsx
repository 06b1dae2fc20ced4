import type { CompetitorView } from '#shared/competitors/contract.ts';
import { nearDay } from '../../shared/format/time.ts';
import { useConfig } from '../../shared/identity/get-config.ts';
import { ChainDots } from '../../shared/roster/chain-dots.tsx';
import { classNames } from '../../shared/ui/class-names.ts';
import { ScrollRegion } from '../../shared/ui/scroll-region.tsx';
import { Pick } from './pick.tsx';
import type { Selection } from './use-selection.ts';
import { STATUS_NAMES, statusNote, type StatusNote } from './competitor-words.ts';

interface CompetitorTableProps {
  readonly competitors: readonly CompetitorView[];
  readonly chosenId: string | undefined;
  readonly onChoose: (id: string) => void;
  readonly selection: Selection;
  readonly now: Date;
}

export const CompetitorTable = ({
  competitors,
  chosenId,
  onChoose,
  selection,
  now,
}: CompetitorTableProps) => (
  <ScrollRegion label="Competitor table">
    <table className="table tall competitors">
      <caption className="sr-only">Competitors, those who need somebody first</caption>
      <thead>
        <tr>
          <td className="pick-cell">
            <Pick
              label="Select this page"
              checked={competitors.every(({ id }) => selection.ids.has(id))}
              some={competitors.some(({ id }) => selection.ids.has(id))}
              onChange={(ticked) =>
                selection.set(
                  competitors.map(({ id }) => id),
                  ticked,
                )
              }
            />
          </td>
          <th scope="col">Competitor</th>
          <th scope="col">Chain</th>
          <th scope="col" className="wide-only">
            Status
          </th>
          <th scope="col" className="wide-only">
            Last solve
          </th>
        </tr>
      </thead>
      <tbody>
        {competitors.map((competitor) => (
          <Line
            key={competitor.id}
            competitor={competitor}
            chosen={competitor.id === chosenId}
            onChoose={onChoose}
            ticked={selection.ids.has(competitor.id)}
            onTick={(ticked) => selection.set([competitor.id], ticked)}
            now={now}
          />
        ))}
      </tbody>
    </table>
  </ScrollRegion>
);

interface LineProps {
  readonly competitor: CompetitorView;
  readonly chosen: boolean;
  readonly onChoose: (id: string) => void;
  readonly ticked: boolean;
  readonly onTick: (ticked: boolean) => void;
  readonly now: Date;
}

function Line({ competitor, chosen, onChoose, ticked, onTick, now }: LineProps) {
  const { timeZone } = useConfig();
  const note = statusNote(competitor);
  const { id, firstName, lastName, team, grade, lastSolveAt } = competitor;
  return (
    <tr className={classNames(chosen && 'selected')}>
      <td className="pick-cell">
        <Pick label={`Select ${firstName} ${lastName}`} checked={ticked} onChange={onTick} />
      </td>
      <th scope="row">
        <span className="two-lines">
          <button
            type="button"
            id={`competitor-${id}`}
            className="name"
            aria-current={chosen || undefined}
            onClick={() => onChoose(id)}
          >
            {firstName} {lastName}
          </button>
          <span className="second">
            {team?.name ?? 'No team'}
            {grade === null ? '' : `, grade ${grade}`}
          </span>
          {note && <Second note={note} narrow />}
        </span>
      </th>
      <td>
        <ChainDots chain={competitor.chain} />
      </td>
      <td className="wide-only">
        <span className="two-lines">
          <span>{STATUS_NAMES[competitor.status]}</span>
          {note && <Second note={note} />}
        </span>
      </td>
      <td className="wide-only whitespace-nowrap text-muted">
        {lastSolveAt === null ? 'none yet' : nearDay(lastSolveAt, timeZone, now)}
      </td>
    </tr>
  );
}

const Second = ({ note, narrow = false }: { note: StatusNote; narrow?: boolean }) => (
  <span className={classNames('second', note.tone !== 'neutral' && note.tone, narrow && 'narrow-only')}>
    {note.text}
  </span>
);
