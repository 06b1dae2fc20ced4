import type { CompetitorRow } from '#shared/competitors/contract.ts';
import { nearDay } from '#shared/kernel/format.ts';
import { useConfig } from '#web/shared/identity/config.ts';
import { ChainDots } from '#web/shared/roster/chain.tsx';
import { classNames } from '#web/shared/ui/class-names.ts';
import { ScrollRegion } from '#web/shared/ui/table.tsx';
import { STATUS_NAMES, statusNote, type StatusNote } from './competitor-labels.ts';
import { Pick, type Selection } from './selection.tsx';

interface CompetitorTableProps {
  readonly competitors: readonly CompetitorRow[];
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
      <caption className="sr-only">Competitors, those who need something first</caption>
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
  readonly competitor: CompetitorRow;
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
        <span className="grid min-w-0">
          <button
            type="button"
            id={`competitor-${id}`}
            className="name"
            aria-current={chosen || undefined}
            onClick={() => onChoose(id)}
          >
            <bdi>
              {firstName} {lastName}
            </bdi>
          </button>
          <span className="text-12 text-muted">
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
        <span className="grid min-w-0">
          <span>{STATUS_NAMES[competitor.status]}</span>
          {note && note.text !== STATUS_NAMES[competitor.status] && <Second note={note} />}
        </span>
      </td>
      <td className="wide-only whitespace-nowrap text-muted">
        {lastSolveAt === null ? 'none yet' : nearDay(lastSolveAt, timeZone, now)}
      </td>
    </tr>
  );
}

const TONES: Readonly<Record<StatusNote['tone'], string>> = {
  error: 'text-error',
  warning: 'text-warning',
  pending: 'text-pending',
  accent: 'text-accent-text',
  neutral: 'text-muted',
};

const Second = ({ note, narrow = false }: { note: StatusNote; narrow?: boolean }) => (
  <span className={classNames('text-12', TONES[note.tone], narrow && 'narrow-only')}>{note.text}</span>
);
