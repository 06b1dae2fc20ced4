import { STATUS_NAMES } from '#shared/competitors/state-names.ts';
import type { CompetitorListItem } from '#shared/competitors/contract.ts';
import { nearDay } from '#shared/kernel/format.ts';
import { useConfig } from '#web/shared/identity/config.ts';
import { ChainDots } from '#web/shared/roster/chain.tsx';
import { classNames } from '#web/shared/ui/class-names.ts';
import { ScrollRegion, SortHeader } from '#web/shared/ui/table.tsx';
import { statusNote, type StatusNote } from './competitor-labels.ts';
import type { ListColumn } from './list-columns.ts';
import { Pick, type Selection } from './selection.tsx';

interface CompetitorTableProps {
  readonly competitors: readonly CompetitorListItem[];
  readonly chosenId: string | undefined;
  readonly onChoose: (id: string) => void;
  readonly selection: Selection;
  readonly sorting: { readonly column: ListColumn; readonly direction: 'asc' | 'desc' };
  readonly onSort: (column: ListColumn) => void;
  /** Whose they are and where, in columns of their own. */
  readonly withCoach: boolean;
  readonly now: Date;
}

/** The heads in their order; the chain has no order of its own. */
const HEADS: readonly {
  readonly column: ListColumn | null;
  readonly text: string;
  readonly wideOnly: boolean;
  readonly ofCoach?: true;
}[] = [
  { column: 'name', text: 'Competitor', wideOnly: false },
  { column: 'coach', text: 'Coach', wideOnly: true, ofCoach: true },
  { column: 'school', text: 'School', wideOnly: true, ofCoach: true },
  { column: null, text: 'Chain', wideOnly: false },
  { column: 'status', text: 'Status', wideOnly: true },
  { column: 'solve', text: 'Last solve', wideOnly: true },
];

const captionOf = (column: ListColumn): string =>
  column === 'urgency'
    ? 'Competitors, those who need something first'
    : `Competitors, by ${HEADS.find((head) => head.column === column)?.text.toLowerCase() ?? 'name'}`;

export const CompetitorTable = ({
  competitors,
  chosenId,
  onChoose,
  selection,
  sorting,
  onSort,
  withCoach,
  now,
}: CompetitorTableProps) => (
  <ScrollRegion label="Competitor table">
    <table className="table tall competitors">
      <caption className="sr-only">{captionOf(sorting.column)}</caption>
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
          {HEADS.filter(({ ofCoach }) => withCoach || !ofCoach).map(({ column, text, wideOnly }) =>
            column === null ? (
              <th key={text} scope="col">
                {text}
              </th>
            ) : (
              <SortHeader
                key={text}
                sorted={sorting.column === column && sorting.direction}
                onSort={() => onSort(column)}
                wideOnly={wideOnly}
              >
                {text}
              </SortHeader>
            ),
          )}
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
            withCoach={withCoach}
            now={now}
          />
        ))}
      </tbody>
    </table>
  </ScrollRegion>
);

interface LineProps {
  readonly competitor: CompetitorListItem;
  readonly chosen: boolean;
  readonly onChoose: (id: string) => void;
  readonly ticked: boolean;
  readonly onTick: (ticked: boolean) => void;
  readonly withCoach: boolean;
  readonly now: Date;
}

function Line({ competitor, chosen, onChoose, ticked, onTick, withCoach, now }: LineProps) {
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
      {withCoach && (
        <>
          <td className="wide-only">{competitor.coach?.name ?? 'unknown'}</td>
          <td className="wide-only text-muted">{competitor.coach?.school ?? 'unknown'}</td>
        </>
      )}
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
